/* SPDX-License-Identifier: MIT */
/* choice.c - see choice.h */
#include "host/image/choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No archive holds so many; and it fits wherever a number goes. */
#define PLACE_DIGITS 6

#define PREFIX "sha256:"

int choice_make(struct choice *choice, const char *wanted, struct error *err)
{
	*choice = (struct choice){ .text = wanted };
	if (!wanted)
		return 0;
	choice->kind = CHOICE_NAME;
	if (*wanted != '@')
		return 0;

	choice->kind = CHOICE_PLACE;
	choice->place = strtoul(wanted + 1, NULL, 10);
	if (!wanted[1] || strlen(wanted + 1) > PLACE_DIGITS ||
	    wanted[1 + strspn(wanted + 1, "0123456789")])
		return error_set(err, EINVAL,
				 "'%.300s' is not '@' and a number, from 0",
				 wanted);
	return 0;
}

static const char *digits(const struct choice *choice)
{
	const char *text = choice->text;
	size_t length = strlen(PREFIX);

	return strncmp(text, PREFIX, length) == 0 ? text + length : text;
}

bool choice_may_be_id(const struct choice *choice)
{
	const char *hex = choice->text ? digits(choice) : "";
	size_t length = strlen(hex);

	return length >= CHOICE_ID_MIN && length <= DIGEST_HEX_LENGTH &&
	       strspn(hex, "0123456789abcdef") == length;
}

bool choice_is_id(const struct choice *choice, const struct digest *id)
{
	const char *hex = digits(choice);

	return choice_may_be_id(choice) &&
	       strncmp(id->hex, hex, strlen(hex)) == 0;
}

/* Append "sep" and "text" to a message that may be full. */
static void append(struct error *err, const char *sep, const char *text)
{
	size_t used = strlen(err->msg);
	struct error part;

	error_set(&part, 0, "%s%s", sep, text);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, "%s",
		       part.msg);
}

int choice_say_missing(const struct choice *choice, const char *const *names,
		       size_t name_count, struct error *err)
{
	error_set(err, ENOENT, "holds no image '%.300s'", choice->text);
	for (size_t i = 0; i < name_count; i++) {
		if (i == CHOICE_LISTED_MAX) {
			append(err, ", ", "...");
			return -1;
		}
		append(err, i ? ", " : "; there is ", names[i]);
	}
	if (name_count == 0)
		append(err, "; ", "its images have no names");
	return -1;
}

int choice_say_too_far(const struct choice *choice, size_t count,
		       struct error *err)
{
	return error_set(err, ENOENT,
			 "holds no image '%s'; it has %zu, the first is '@0'",
			 choice->text, count);
}

int choice_say_ambiguous(const struct choice *choice, struct error *err)
{
	return error_set(err, EINVAL, "holds two images '%.300s'",
			 choice->text);
}
