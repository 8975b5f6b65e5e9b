/* SPDX-License-Identifier: MIT */
/* pax.c - see pax.h */
#include "host/layer/pax.h"

#include <string.h>

#define DIGITS_MAX 8 /* of a length; no header is so long */

/* The decimal number at `at`, which ends in a space: its digits and that
 * space are counted in *digits. 0 if it is none. */
static size_t record_length(const char *at, size_t left, size_t *digits)
{
	size_t length = 0, i = 0;

	while (i < left && i < DIGITS_MAX && at[i] >= '0' && at[i] <= '9')
		length = length * 10 + (size_t)(at[i++] - '0');
	*digits = i + 1;
	return i < left && at[0] != '0' && at[i] == ' ' ? length : 0;
}

int pax_next(const char **at, size_t *size, struct pax_record *record)
{
	size_t digits, length;
	const char *key, *end, *equals;

	if (*size == 0)
		return 0;
	length = record_length(*at, *size, &digits);
	if (length <= digits || length > *size)
		return -1;
	key = *at + digits;
	end = *at + length - 1;
	equals = memchr(key, '=', length - digits);
	if (!equals || *end != '\n')
		return -1;
	*record = (struct pax_record){ key, (size_t)(equals - key), equals + 1,
				       (size_t)(end - equals - 1) };
	*at += length;
	*size -= length;
	return 1;
}
