/* SPDX-License-Identifier: MIT */
/* findings.h - which rules were found broken, and where */
#ifndef HOST_IMAGE_FINDINGS_H
#define HOST_IMAGE_FINDINGS_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/rules.h"

#define FINDINGS_PLACE_SIZE 256 /* bytes */
#define FINDINGS_SHOWN	    4	/* of one rule in one place */

/* Usable from { .report = ... }. Owns nothing. */
struct findings {
	/* Gets each finding; what may have bytes of the image in it, which
	 * may be any but NUL. */
	void (*report)(void *context, const char *place,
		       const struct rule *rule, const char *what);
	void *context;
	unsigned int shown; /* of one rule in one place; 0: all there are */

	uint64_t errors;
	uint64_t warnings;
	char place[FINDINGS_PLACE_SIZE]; /* "layer 2"; cut to fit */
	uint64_t counts[RULE_COUNT];	 /* in this place */
};

/*
 * What follows is of another place. Of rules that the place before broke more
 * often than is shown, the rest is reported in one: "12 more".
 */
void findings_at(struct findings *findings, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* The rule is broken. The message is cut to some 1,000 bytes. */
void findings_add(struct findings *findings, enum rule_number rule,
		  const char *fmt, ...) PRINTF_LIKE(3, 4);

/* There are no more. */
void findings_end(struct findings *findings);

#endif
