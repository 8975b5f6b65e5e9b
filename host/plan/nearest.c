/* SPDX-License-Identifier: MIT */
/* nearest.c - see nearest.h */
#include "host/plan/nearest.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROW (NEAREST_WORD_MAX + 1)

static int letter(const char *word, size_t i)
{
	return tolower((unsigned char)word[i - 1]);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One row of the table; `one` and `two` are those before it. */
static void fill_row(const char *a, size_t i, const char *b, size_t length,
		     const size_t *two, const size_t *one, size_t *row)
{
	row[0] = i;
	for (size_t j = 1; j <= length; j++) {
		bool same = letter(a, i) == letter(b, j);

		row[j] = least(one[j - 1] + !same,
			       least(one[j], row[j - 1]) + 1);
		if (i > 1 && j > 1 && letter(a, i) == letter(b, j - 1) &&
		    letter(a, i - 1) == letter(b, j))
			row[j] = least(row[j], two[j - 2] + 1);
	}
}

size_t nearest_distance(const char *a, const char *b)
{
	size_t rows[3][ROW] = { 0 };
	size_t height = strlen(a), width = strlen(b);

	if (height > NEAREST_WORD_MAX || width > NEAREST_WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= width; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= height; i++)
		fill_row(a, i, b, width, rows[(i + 1) % 3], rows[(i - 1) % 3],
			 rows[i % 3]);
	return rows[height % 3][width];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	size_t distance = nearest_distance(nearest->word, candidate);
	size_t limit = strlen(nearest->word) / 3;

	if (distance > (limit ? limit : 1) ||
	    (nearest->found && distance >= nearest->distance))
		return;
	nearest->found = candidate;
	nearest->distance = distance;
}

int nearest_refuse(const struct nearest *nearest, const char *what,
		   const char *said, const char *dashes, const char *cure,
		   struct error *err)
{
	if (nearest->found)
		return error_set(err, EINVAL,
				 "%s '%s' (did you mean '%s%s'?%s%s)", what,
				 said, dashes, nearest->found, cure ? " " : "",
				 cure ? cure : "");
	if (cure)
		return error_set(err, EINVAL, "%s '%s' (%s)", what, said, cure);
	return error_set(err, EINVAL, "%s '%s'", what, said);
}
