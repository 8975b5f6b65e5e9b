/* SPDX-License-Identifier: MIT */
/* amount.c - see amount.h */
#include "host/cli/amount.h"

#include <inttypes.h>
#include <stdio.h>

const char *amount(char text[AMOUNT_SIZE], uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	unsigned int unit = 0;
	uint64_t tenths;

	if (bytes < 1024) {
		(void)snprintf(text, AMOUNT_SIZE, "%" PRIu64 " B", bytes);
		return text;
	}
	for (; bytes >= UINT64_C(1024) * 1024; bytes >>= 10)
		unit++;
	tenths = bytes * 10 / 1024;
	if (tenths < 1000)
		(void)snprintf(text, AMOUNT_SIZE,
			       "%" PRIu64 ".%" PRIu64 " %ciB", tenths / 10,
			       tenths % 10, units[unit]);
	else
		(void)snprintf(text, AMOUNT_SIZE, "%" PRIu64 " %ciB",
			       tenths / 10, units[unit]);
	return text;
}
