#!/bin/bash
# SPDX-License-Identifier: MIT
# A spec: what is printed is read back, and the schema says what is refused.
. "$(dirname "$0")/lib.sh"

base_image base.tar
schema=$here/../../host/overlayvm-spec.schema.json
manual=$here/../../host/overlayvm-spec.5

print_spec() {
	as_nobody "$OVERLAYVM" run --print-spec "$@" 2>err ||
		problem "$*: $(cat err)"
}

# valid FILE: by an implementation of JSON Schema that is not ours.
valid() {
	python3 -W ignore -c 'import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(json.load(open(sys.argv[2])))' \
		"$schema" "$1" >&2
}

claim=user-specs/what-is-printed-is-read-back
options=(--name 'a name' --from-image base.tar --from-image-name base
	--from-image-tag 1 --disk-size 2G --memory 600M --cpus 2
	--pre-mount 'echo pre' --post-mount $'echo "post"\n\té €'
	--env A=1 --env 'B=two words' --env A=3 --accel tcg --timeout 60
	--progress plain --layers unpack --compress zstd --no-template
	--output-image oci:nobody/oci --config 'cmd=["a","b"]' --config user=
	--output nobody/layer.tar --report nobody/report.json)
for some in "${#options[@]}" 0; do
	print_spec "${options[@]:0:some}" >first.json
	print_spec --spec first.json >second.json
	[ -s first.json ] && cmp first.json second.json >&2 ||
		problem 'it is another one'
	valid first.json || problem 'it is not as the schema says'
done
[ -z "$(ls -A nobody)" ] || problem "it leaves $(ls -A nobody)"
verdict

claim=user-specs/what-is-no-text-cannot-be-printed
overlayvm run --print-spec --env $'A=\xff'
[ "$(cat err)" = "overlayvm: --print-spec: 'env' is not UTF-8 text, which a spec must be" ] ||
	problem "says $(cat err)"
verdict

claim=user-specs/the-manuals-example-is-one
sed -n '/^\.EX$/,/^\.EE$/{/^\./d;p}' "$manual" |
	sed 's/\\-/-/g; s/\\e/\\/g' >example.json
valid example.json || problem 'it is not as the schema says'
print_spec --spec example.json >example-printed.json
grep -qF '"diskSize": 2048' example-printed.json ||
	problem 'it is read as something else'
verdict

claim=user-specs/the-program-and-the-schema-refuse-the-same
refused=0
while read -r text; do
	printf '%s' "$text" >spec.json
	! valid spec.json 2>/dev/null || problem "the schema takes $text"
	overlayvm run --print-spec --spec spec.json >/dev/null
	[ "$status" -eq 125 ] || problem "the program takes $text"
	refused=$((refused + 1))
done <<'END'
{"version": 2}
{"version": "1"}
{"diskSise": 1}
{"diskSize": true}
{"diskSize": -1}
{"name": 1}
{"noTemplate": "true"}
{"noTemplate": 1}
{"env": "A=1"}
{"env": {"A": 1}}
{"env": [1]}
{"accel": "hvf"}
{"layers": "none"}
{"compress": "xz"}
{"outputImage": "oci:x", "config": {"usr": "a"}}
{"outputImage": "oci:x", "config": {"user": 1}}
{"preMount": ["true"]}
[]
END
[ "$refused" -eq 18 ] || problem "only $refused were tried"
while read -r text; do
	printf '%s' "$text" >spec.json
	valid spec.json || problem "the schema refuses $text"
	overlayvm run --print-spec --spec spec.json >/dev/null
	[ "$status" -eq 0 ] || problem "the program refuses $text: $(cat err)"
done <<'END'
{}
{"version": 1}
{"version": null, "name": null, "accel": null, "noTemplate": null, "env": null}
{"diskSize": "1G", "buildVMMemorySize": 256, "cpus": "1", "noTemplate": false}
{"env": {"A": "1"}, "accel": "kvm"}
{"env": ["A=1"], "outputImage": "oci:x", "config": ["user=a"]}
{"outputImage": "oci:x", "config": {"user": "a", "expose": ["80"], "env": {"A": "1"}}}
END
verdict

claim=user-specs/another-version-is-refused-first
printf '{"new": 1, "version": 2}' >spec.json
overlayvm run --spec spec.json
[ "$(cat err)" = "overlayvm: spec 'spec.json': version 2, and this program reads version 1" ] ||
	problem "says $(cat err)"
verdict
