#!/bin/bash
# SPDX-License-Identifier: MIT
# Help, manuals, schema and completions name the same commands and options.
. "$(dirname "$0")/lib.sh"

top=$here/../..

for shell in bash zsh fish; do
	as_nobody "$OVERLAYVM" completion $shell >completion.$shell
done

commands_of() {
	as_nobody "$OVERLAYVM" "$@" --help | sed -n 's/^  \([a-z]\+\)  .*/\1/p'
}
options_of() {
	as_nobody "$OVERLAYVM" "$@" --help |
		grep -oE '^  (-[a-z], )?--[a-z-]+' | grep -o -- '--.*' | sort
}

# The commands that have options, by what the help of each says.
list=(run hash show 'rescue tar' 'rescue diff' 'image inspect' 'image check' 'image convert'
	'image flatten' 'guest build' 'cache prune')

claim=options-agree/every-command-completes-in-bash
# shellcheck source=/dev/null
. ./completion.bash
complete_words() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_overlayvm
}
# completes WANT WORD...: the last word is completed to these, in any order.
completes() {
	local want=$1 got

	shift
	complete_words "$@"
	got=$(printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ')
	[ "${got% }" = "$want" ] || problem "$*: '$got' instead of '$want'"
}
complete_words overlayvm ''
diff <(commands_of; echo --help; echo --version) \
	<(printf '%s\n' "${COMPREPLY[@]}") >&2 || problem 'other commands'
complete_words overlayvm image ''
diff <(commands_of image; echo --help) \
	<(printf '%s\n' "${COMPREPLY[@]}") >&2 || problem 'other image commands'
for command in "${list[@]}"; do
	read -ra words <<<"$command"
	complete_words overlayvm "${words[@]}" --
	options_of "${words[@]}" >help.options
	[ "$(wc -l <help.options)" -ge 1 ] || problem "$command: no options"
	printf '%s\n' "${COMPREPLY[@]}" | sort | diff help.options - >&2 ||
		problem "$command: bash has other options"
done
verdict

claim=options-agree/bash-completes-values
mkdir -p files/dir
touch files/one files/two
completes 'auto kvm tcg' overlayvm run --accel ''
completes 'tcg' overlayvm run --accel = t
completes 'always auto never' overlayvm show --color ''
completes 'files/dir files/one files/two' overlayvm run --report files/
completes 'files/one' overlayvm run --report = files/o
completes 'files/dir' overlayvm guest build --output files/
completes 'files/two' overlayvm run --post-mount @ files/t
completes 'docker-archive:' overlayvm run --from-image d
completes 'files/one' overlayvm run --from-image oci : files/o
completes 'files/one' overlayvm show --lines files/o
completes '--help bash fish zsh' overlayvm completion ''
completes 'files/one' overlayvm rescue files/o
completes '--help cat diff ls shell tar' overlayvm rescue files/one ''
completes 'diff' overlayvm rescue files/one d
completes 'files/two' overlayvm rescue files/one tar --output files/t
completes '' overlayvm run --name ''
verdict

claim=options-agree/bash-runs-it
# As a shell that is being typed into does: through complete -F.
[ "$(complete -p overlayvm)" = 'complete -F _overlayvm overlayvm' ] ||
	problem "$(complete -p overlayvm)"
shellcheck completion.bash >&2 || problem 'shellcheck complains'
verdict

claim=options-agree/fish-completes-the-same
fish --no-execute completion.fish >&2 || problem 'it is not fish'
fish_completes() {
	HOME=$WORK XDG_CONFIG_HOME=$WORK/fish fish --no-config \
		-c 'source completion.fish; complete -C "$argv"' "$1" | cut -f 1
}
for command in "${list[@]}"; do
	read -ra words <<<"$command"
	options_of "${words[@]}" >help.options
	fish_completes "overlayvm $command --" | sort | diff help.options - >&2 ||
		problem "$command: fish has other options"
done
fish_completes 'overlayvm image ' | sort | diff <(commands_of image | sort) - >&2 ||
	problem 'other image commands'
[ "$(fish_completes 'overlayvm run --accel ' | tr '\n' ' ')" = 'auto kvm tcg ' ] ||
	problem "--accel: $(fish_completes 'overlayvm run --accel ')"
fish_completes 'overlayvm rescue files/one ' | sort | comm -12 - <(commands_of rescue | sort) |
	diff <(commands_of rescue | sort) - >&2 || problem 'other rescue commands'
fish_completes 'overlayvm rescue files/o' | grep -qx files/one || problem 'rescue: no disk'
verdict

claim=options-agree/zsh-has-the-same
zsh -n completion.zsh >&2 || problem 'it is not zsh'
mkdir -p zsh
cp completion.zsh zsh/_overlayvm
# compinit finds it by its first line, and its functions can be loaded.
# shellcheck disable=SC2016
loaded=$(zsh -f -c 'fpath=($PWD/zsh $fpath); autoload -Uz compinit &&
	compinit -u -d $PWD/zsh/dump && print -r -- $_comps[overlayvm]')
[ "$loaded" = _overlayvm ] || problem "compinit says '$loaded'"
for command in "${list[@]}"; do
	read -ra words <<<"$command"
	options_of "${words[@]}" >help.options
	sed -n "/^_overlayvm_${command/ /_}() {\$/,/^}\$/p" completion.zsh |
		grep -oE "^		'\*?--[a-z-]+" | grep -o -- '--.*' | sort |
		diff help.options - >&2 || problem "$command: zsh has other options"
done
verdict

claim=options-agree/the-manual-has-the-same
# section NAME: the options that begin a paragraph of it.
section() {
	sed 's/\\-/-/g' "$top/host/overlayvm.1" |
		awk -v name="$1" '
			/^\.S[HS] / {
				in_it = 0
				title = substr($0, 5)
				if (title == name || index(title, name " ") == 1)
					in_it = 1
			}
			in_it && tag { print }
			{ tag = ($0 == ".TP") }' |
		grep -oE -- '--[a-z][a-z-]*' | sort
}
without_help() {
	grep -vx -- --help
}
for command in "${list[@]}"; do
	read -ra words <<<"$command"
	case $command in
	'rescue '*) name="overlayvm rescue DISK ${command#* }" ;;
	*' '*) name="overlayvm $command" ;;
	*) name="OPTIONS OF ${command^^}" ;;
	esac
	options_of "${words[@]}" >help.options
	[ "$command" != hash ] ||
		options_of run | sed '/^--help$/d' |
		comm -13 - help.options >own.options
	[ "$command" != hash ] || mv own.options help.options
	section "$name" | without_help | diff <(without_help <help.options) - >&2 ||
		problem "$command: the manual has other options"
done
for name in $(commands_of); do
	grep -qE "^\.(B|BR) \"?overlayvm $name" \
		<(sed 's/\\-/-/g' "$top/host/overlayvm.1") ||
		problem "the manual says nothing of '$name'"
done
verdict

claim=options-agree/the-spec-has-the-same
python3 - "$top" <(options_of run) <<'END' >&2 || problem 'see above'
import json, re, sys
schema = json.load(open(sys.argv[1] + "/host/overlayvm-spec.schema.json"))
keys = set(schema["properties"])
own = {"spec", "dry-run", "print-spec", "print-schema", "help"}
options = {line.strip()[2:] for line in open(sys.argv[2])} - own
camel = {re.sub("-(.)", lambda m: m[1].upper(), o) for o in options}
camel = {"buildVMMemorySize" if k == "memory" else k for k in camel}
assert camel | {"version"} == keys, camel ^ keys
page = open(sys.argv[1] + "/host/overlayvm-spec.5").read()
page = page[page.index(".SH KEYS"):page.index(".SH EXAMPLES")]
tags = re.findall(r"^\.TP\n\.BR? (.*)$", page, re.M)
told = {w for tag in tags for w in re.findall(r"[A-Za-z]+", re.sub(r'" \([^)]*\)"', "", tag))}
assert told == keys, told ^ keys
END
verdict

claim=options-agree/what-is-mistyped-is-answered
says() {
	local line=$1

	shift
	overlayvm "$@"
	[ "$status" -eq 125 ] || problem "$*: exit status $status"
	[ "$(cat err)" = "overlayvm: $line" ] || problem "$*: says '$(cat err)'"
}
says "unknown command 'rnu' (did you mean 'run'? try 'overlayvm --help')" rnu
says "image: no command 'covnert' (did you mean 'convert'? try 'overlayvm image --help')" \
	image covnert
says "cache: no command 'lits' (did you mean 'list'? try 'overlayvm cache --help')" \
	cache lits
says "guest: no command 'biuld' (did you mean 'build'? try 'overlayvm guest --help')" \
	guest biuld
says "completion: no shell 'fisch' (did you mean 'fish'? try 'overlayvm completion --help')" \
	completion fisch
says "rescue: no command 'lss' (did you mean 'ls'? try 'overlayvm rescue --help')" \
	rescue none lss
says "rescue tar: unknown option '--outptu' (did you mean '--output'? try 'overlayvm rescue tar --help')" \
	rescue none tar --outptu
says "completion: bash, zsh or fish? (try 'overlayvm completion --help')" completion
says "unknown option '--lnog' (did you mean '--long'? try 'overlayvm show --help')" \
	show --lnog
says "image check: unknown option '--rulse' (did you mean '--rules'? try 'overlayvm image check --help')" \
	image check --rulse
says "guest build: unknown option '--kernal' (did you mean '--kernel'? try 'overlayvm guest --help')" \
	guest build --kernal
says "cache prune: unknown option '--sise=1' (did you mean '--size'? try 'overlayvm cache --help')" \
	cache prune --sise=1
verdict
