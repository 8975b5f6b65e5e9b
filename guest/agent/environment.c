/* SPDX-License-Identifier: MIT */
/* environment.c - see environment.h */
#include "guest/agent/environment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/agent/agent.h"

static const char *const defaults[] = {
	"HOME=/root",
	"LC_ALL=C",
	"PATH=/usr/bin:/usr/sbin",
	"TMPDIR=/tmp",
	"out=" AGENT_DISK "/" AGENT_OUT,
};

static size_t name_length(const char *variable)
{
	return strcspn(variable, "=");
}

static int set(struct environment *environment, const char *variable,
	       struct error *err)
{
	size_t length = name_length(variable);
	char *copy = strdup(variable);
	size_t i = 0;

	if (!copy)
		return error_set(err, ENOMEM, "environment: out of memory");
	while (i < environment->count &&
	       (name_length(environment->values[i]) != length ||
		strncmp(environment->values[i], variable, length) != 0))
		i++;
	free(environment->values[i]);
	environment->values[i] = copy;
	if (i == environment->count)
		environment->count++;
	return 0;
}

int environment_make(struct environment *environment, char *const *given,
		     struct error *err)
{
	AUTO(environment) made = { 0 };
	size_t most = COUNT_OF(defaults) + 1;

	for (size_t i = 0; given && given[i]; i++)
		most++;
	made.values = calloc(most, sizeof(*made.values));
	if (!made.values)
		return error_set(err, ENOMEM, "environment: out of memory");
	for (size_t i = 0; i < COUNT_OF(defaults); i++)
		if (set(&made, defaults[i], err) < 0)
			return -1;
	for (size_t i = 0; given && given[i]; i++)
		if (set(&made, given[i], err) < 0)
			return -1;

	*environment = made;
	made = (struct environment){ 0 };
	return 0;
}

void environment_release(struct environment *environment)
{
	for (size_t i = 0; i < environment->count; i++)
		free(environment->values[i]);
	free(environment->values);
	*environment = (struct environment){ 0 };
}
