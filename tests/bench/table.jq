# SPDX-License-Identifier: MIT
# table.jq - the results as a table (in Markdown), and where the time goes

def fixed($digits):
	pow(10; $digits) as $scale
	| (. * $scale | round) as $number
	| if $digits == 0 then ($number | tostring)
	else ($number / $scale | floor | tostring) + "."
		+ (($number % $scale) + $scale | tostring | .[1:]) end;

def significant:
	if . < 0.1 then fixed(3) elif . < 10 then fixed(2)
	elif . < 100 then fixed(1) else fixed(0) end;

def figure:
	if .missing then "not measured: " + .missing
	elif .failed then "failed: " + .failed
	elif .median == null then "not measured"
	else "\(.median | significant) \(.unit) (\(.least | significant)"
		+ "-\(.most | significant))" end;

def padded($width): . + (" " * ($width - length) // "");

def table:
	(transpose | map(map(length) | max)) as $widths
	| .[0:1] + [$widths | map("-" * .)] + .[1:]
	| .[] | [., $widths] | transpose
	| "| " + (map(.[1] as $width | .[0] | padded($width)) | join(" | ")) + " |";

def goal_text:
	if .goal == "-" then ""
	else (.bound | sub("-"; " ")) + " " + .goal end;

def verdict:
	if .goal == "-" then "" elif .met == null then "not measured"
	elif .met then "met" else "missed" end;

def of($goal; $name):
	map(select(.case == $goal.case and .contender == $name)) | .[0];

def machine:
	"\(.cpus) processors (\(.cpu)), \(.memory / 1e9 | fixed(0)) GB, "
	+ "Linux \(.kernel), QEMU \(.qemu), emulated (--accel tcg), \(.date)"
	+ ", load \(.load | fixed(2)) at the start"
	+ if .layers == "mount" then ""
	else "; this program has no prepared layers" end;

def goals:
	.contenders as $all
	| [["case", "overlayvm", "against", "", "ratio", "goal", ""]]
	+ [.goals[] | . as $goal
		| ($all | of($goal; $goal.a)) as $a
		| (if .b then ($all | of($goal; $goal.b)) else null end) as $b
		| [.title, ($a | figure),
		   ($b | if . then .about else "" end),
		   ($b | if . then figure else "" end),
		   (if .kind == "ratio" and .value then .value | significant
		    else "" end), goal_text, verdict]];

# A table for each plot: a line for each point, a column for each contender.
def points:
	.contenders as $all | .plots[] | . as $plot
	| [$all[] | select(.case == $plot.case)] as $lines
	| [$lines[].points // [] | .[].point] | unique
	| select(length > 0)
	| "", "\($plot.title):", "",
	([[$plot.x] + [$lines[].about]]
	+ map(. as $point | [tostring] + [$lines[] | if .missing or .failed
		then figure else (.points[]? | select(.point == $point)
			| figure) // "" end])
	| table);

# What a missed goal spends its time on; what is between the steps and around
# them is the rest.
def profiles:
	.contenders as $all
	| [.goals[] | select(.met == false) | [.case, .a]] | unique[]
	| . as [$case, $name]
	| $all[] | select(.case == $case and .contender == $name)
	| select((.steps // []) | length > 0)
	| "\n\(.case), \(.contender): \(figure); its steps, in milliseconds:",
	(.steps[] | "    \(.seconds * 1000 | fixed(0))  \(.name)"),
	if .unit == "s" then "    \((.median - ([.steps[].seconds] | add))
		* 1000 | fabs | fixed(0))  outside of them" else empty end;

(.machine | machine),
if (.goals | length) > 0 then "", (goals | table) else empty end,
points, profiles
