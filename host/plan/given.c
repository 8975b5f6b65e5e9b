/* SPDX-License-Identifier: MIT */
/* given.c - see given.h */
#include "host/plan/given.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/message.h"

#define TAR "tar:"
#define NAME_CHARACTERS                                                        \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static int check_name(const char *name, size_t length, const char *option,
		      const char *text, struct error *err)
{
	if (length > 0 && length <= MESSAGE_GIVEN_NAME_MAX && name[0] != '.' &&
	    strspn(name, NAME_CHARACTERS) == length)
		return 0;
	return error_set(err, EINVAL,
			 "%s '%s': a name has up to %d letters, digits, '.', "
			 "'_' or '-', and no '.' in front",
			 option, text, MESSAGE_GIVEN_NAME_MAX);
}

static int check_other(const char *name, const char *option,
		       const struct given *others, size_t count,
		       struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(others[i].name, name) == 0)
			return error_set(err, EINVAL,
					 "%s: two have the name '%s'", option,
					 name);
	return 0;
}

int given_parse(struct given *given, const char *text, const char *option,
		bool tars, const struct given *others, size_t count,
		struct error *err)
{
	const char *equals = strchr(text, '=');
	struct given made = { 0 };
	const char *path;

	if (!equals || !equals[1])
		return error_set(err, EINVAL, "%s '%s' is not NAME=PATH",
				 option, text);
	if (check_name(text, (size_t)(equals - text), option, text, err) < 0)
		return -1;
	path = equals + 1;
	made.tar = tars && strncmp(path, TAR, strlen(TAR)) == 0;
	made.path = strdup(made.tar ? path + strlen(TAR) : path);
	made.name = strndup(text, (size_t)(equals - text));
	*given = made;
	if (!made.path || !made.name)
		(void)error_set(err, ENOMEM, "out of memory");
	else if (check_other(made.name, option, others, count, err) == 0)
		return 0;
	given_release(given);
	return -1;
}

char *given_text(const struct given *given)
{
	char *text = NULL;

	if (asprintf(&text, "%s=%s%s", given->name, given->tar ? TAR : "",
		     given->path) < 0)
		return NULL;
	return text;
}

void given_release(struct given *given)
{
	free(given->name);
	free(given->path);
	*given = (struct given){ 0 };
}
