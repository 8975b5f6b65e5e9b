/* SPDX-License-Identifier: MIT */
/* size.c - see size.h */
#include "host/plan/size.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define MIB_MAX (UINT64_C(1) << 40)

/* Decimal digits up to `*end`; false if there are none or too many. */
static bool parse_digits(const char *text, uint64_t *number, const char **end)
{
	uint64_t value = 0;

	for (*end = text; **end >= '0' && **end <= '9'; (*end)++) {
		if (value > (UINT64_MAX - 9) / 10)
			return false;
		value = value * 10 + (uint64_t)(**end - '0');
	}
	*number = value;
	return *end != text;
}

/* How often to double, for what follows the digits; -1 for no suffix known. */
static int suffix_shift(const char *suffix)
{
	static const struct {
		const char *suffix;
		int shift;
	} known[] = { { "", 0 }, { "M", 0 }, { "G", 10 }, { "T", 20 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(suffix, known[i].suffix) == 0)
			return known[i].shift;
	return -1;
}

int size_parse(const char *text, const char *what, uint64_t *mib,
	       struct error *err)
{
	const char *end;
	uint64_t number;
	int shift;

	if (!parse_digits(text, &number, &end) ||
	    (shift = suffix_shift(end)) < 0)
		return error_set(err, EINVAL,
				 "%s '%s' is not a size in MiB (digits, then "
				 "M, G or T if wanted)",
				 what, text);
	if (number == 0)
		return error_set(err, EINVAL, "%s '%s' is not above 0", what,
				 text);
	if (number > MIB_MAX >> shift)
		return error_set(err, EINVAL, "%s '%s' is too large", what,
				 text);
	*mib = number << shift;
	return 0;
}

int number_parse(const char *text, const char *what, uint64_t min, uint64_t max,
		 uint64_t *number, struct error *err)
{
	const char *end;
	uint64_t value;

	if (!parse_digits(text, &value, &end) || *end != '\0' || value < min ||
	    value > max)
		return error_set(err, EINVAL,
				 "%s '%s' is not a number from %" PRIu64
				 " to %" PRIu64,
				 what, text, min, max);
	*number = value;
	return 0;
}
