# SPDX-License-Identifier: MIT
# results.jq - medians, spread, steps, ratios and goals, of all that was recorded
#
# $machine, $contenders, $samples and $goals are arrays of what measure.sh wrote.

def median:
	sort | if length == 0 then null
	elif length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;

def figures:
	{ median: (map(.value) | median), least: (map(.value) | min),
	  most: (map(.value) | max), samples: map(.value),
	  user: (map(.user) | median), system: (map(.system) | median),
	  unit: .[0].unit };

# Each step's median, in the order in which they began.
def steps:
	map(.steps // empty | .[]) | group_by(.name)
	| map({ name: .[0].name, start: (map(.start) | median),
		seconds: (map(.seconds) | median) })
	| sort_by(.start);

# What was said of a contender, with what was measured of it.
def contender($samples):
	add as $said
	| $samples | map(select(.case == $said.case
		and .contender == $said.contender)) as $mine
	| ($mine | map(select(has("point") | not))) as $whole
	| $said
	+ if ($whole | length) > 0 then ($whole | figures)
		+ { steps: ($whole | steps) } else {} end
	+ if $mine != $whole then
		{ points: [$mine - $whole | group_by(.point)[]
			| { point: .[0].point } + figures] } else {} end;

def goal($contenders):
	. as $goal
	| def of($name): $contenders | map(select(.case == $goal.case
		and .contender == $name)) | .[0];
	of(.a) as $a | (if has("b") then of(.b) else null end) as $b
	| .value = if $a.median == null or (has("b") and $b.median == null)
		then null
		elif has("b") then $a.median / $b.median else $a.median end
	| .met = if .value == null or .goal == "-" then null
		elif .bound == "at-most" then .value <= (.goal | tonumber)
		else .value >= (.goal | tonumber) end;

# In the order in which they were declared, which group_by() does not keep.
reduce $contenders[] as $said ([];
	(map(.[0] | [.case, .contender])
		| index([[$said.case, $said.contender]])) as $at
	| if $at == null then . + [[$said]] else .[$at] += [$said] end)
| map(contender($samples)) as $all
| { machine: $machine[0], contenders: $all,
    goals: [$goals[] | select(.kind != "plot") | goal($all)],
    plots: [$goals[] | select(.kind == "plot")] }
