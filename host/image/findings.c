/* SPDX-License-Identifier: MIT */
/* findings.c - see findings.h */
#include "host/image/findings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_SIZE 1024 /* bytes */

void findings_end(struct findings *findings)
{
	char text[32];

	for (size_t i = 0; i < RULE_COUNT && findings->shown > 0; i++) {
		if (findings->counts[i] <= findings->shown)
			continue;
		(void)snprintf(text, sizeof(text), "%" PRIu64 " more",
			       findings->counts[i] - findings->shown);
		findings->report(findings->context, findings->place, &rules[i],
				 text);
	}
	memset(findings->counts, 0, sizeof(findings->counts));
}

void findings_at(struct findings *findings, const char *fmt, ...)
{
	va_list args;

	findings_end(findings);
	va_start(args, fmt);
	(void)vsnprintf(findings->place, sizeof(findings->place), fmt, args);
	va_end(args);
}

void findings_add(struct findings *findings, enum rule_number number,
		  const char *fmt, ...)
{
	const struct rule *rule = &rules[number];
	char text[MESSAGE_SIZE];
	va_list args;

	if (rule->severity == SEVERITY_ERROR)
		findings->errors++;
	else
		findings->warnings++;
	if (++findings->counts[number] > findings->shown && findings->shown > 0)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	findings->report(findings->context, findings->place, rule, text);
}
