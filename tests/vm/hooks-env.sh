#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook's environment is made of nothing but what is documented and --env.
. "$(dirname "$0")/lib.sh"

claim=hooks-env/env-reaches-the-hooks-to-the-byte
value=$' a "quoted" \\ $(false) `false` \'value\'\n\tof two lines \xff=\xc3\xa4'
SECRET='of the host' SOURCE_DATE_EPOCH=86400 run_ok --name 'a name' \
	--env "VALUE=$value" --env EMPTY= --env TWICE=1 --env TWICE=2 \
	--env HOME=/elsewhere --post-mount '
	printf "%s" "$VALUE" | base64 -w 0
	echo
	env -u VALUE | sort
' --post-umount $'echo "of the script: \xff\xc3\xa4"'
said "$(printf '%s' "$value" | base64 -w 0)"
said $'of the script: \xff\xc3\xa4'
verdict

claim=hooks-env/nothing-of-the-host
said_nothing_of 'of the host'
printf '%s\n' EMPTY= HOME=/elsewhere LC_ALL=C OLDPWD=/disk \
	PATH=/usr/bin:/usr/sbin PWD=/disk SHLVL=1 SOURCE_DATE_EPOCH=86400 \
	TMPDIR=/tmp TWICE=2 _=/usr/bin/env name='a name' out=/disk/out >want
sed -n '/^EMPTY=/,/^out=/p' err | diff want - >&2 || problem 'it has others'
verdict

# A shell that waits already cannot be given this one.
claim=hooks-env/names-that-bash-has
run_ok --env 'IFS=x' --env UID=7 --env A=b --post-mount 'echo "is $UID, $A"' \
	--post-umount 'printf "%q\n" "$IFS"'
said 'is 7, b'
said "$(printf '%q' $' \t\n')"
verdict
