/* SPDX-License-Identifier: MIT */
/* environment.c - see environment.h */
#include "guest/agent/environment.h"

#include <ctype.h>
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

/* moby, oci/defaults.go */
#define COMMAND_PATH                                                           \
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

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

static int make(struct environment *environment, const char *const *first,
		size_t count, char *const *given, struct error *err)
{
	AUTO(environment) made = { 0 };
	size_t most = count + 1;

	for (size_t i = 0; given && given[i]; i++)
		most++;
	made.values = calloc(most, sizeof(*made.values));
	if (!made.values)
		return error_set(err, ENOMEM, "environment: out of memory");
	for (size_t i = 0; i < count; i++)
		if (set(&made, first[i], err) < 0)
			return -1;
	for (size_t i = 0; given && given[i]; i++)
		if (set(&made, given[i], err) < 0)
			return -1;

	*environment = made;
	made = (struct environment){ 0 };
	return 0;
}

int environment_make(struct environment *environment, char *const *given,
		     struct error *err)
{
	return make(environment, defaults, COUNT_OF(defaults), given, err);
}

int environment_make_command(struct environment *environment, const char *home,
			     char *const *given, struct error *err)
{
	autofree char *variable = NULL;
	const char *first[] = { COMMAND_PATH, NULL };

	if (asprintf(&variable, "HOME=%s", home) < 0) {
		variable = NULL;
		return error_set(err, ENOMEM, "environment: out of memory");
	}
	first[1] = variable;
	return make(environment, first, COUNT_OF(first), given, err);
}

/* Those that begin with BASH and COMP are all its own. */
static const char *const of_bash[] = {
	"COPROC",     "DIRSTACK",	 "EPOCHREALTIME", "EPOCHSECONDS",
	"EUID",	      "FUNCNAME",	 "FUNCNEST",	  "GROUPS",
	"HISTCMD",    "HOSTNAME",	 "HOSTTYPE",	  "IFS",
	"LINENO",     "MACHTYPE",	 "MAPFILE",	  "OLDPWD",
	"OPTARG",     "OPTERR",		 "OPTIND",	  "OSTYPE",
	"PIPESTATUS", "POSIXLY_CORRECT", "PPID",	  "PWD",
	"RANDOM",     "READLINE_LINE",	 "REPLY",	  "SECONDS",
	"SHELLOPTS",  "SHLVL",		 "SRANDOM",	  "UID",
	"_",
};

static bool is_identifier(const char *name, size_t length)
{
	if (length == 0 || isdigit((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	return true;
}

static bool is_of_bash(const char *name, size_t length)
{
	if (strncmp(name, "BASH", 4) == 0 || strncmp(name, "COMP", 4) == 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(of_bash); i++)
		if (strlen(of_bash[i]) == length &&
		    strncmp(of_bash[i], name, length) == 0)
			return true;
	return false;
}

bool environment_is_plain(const struct environment *environment)
{
	for (size_t i = 0; i < environment->count; i++) {
		const char *name = environment->values[i];
		size_t length = name_length(name);

		if (!is_identifier(name, length) || is_of_bash(name, length))
			return false;
	}
	return true;
}

void environment_print(const struct environment *environment, FILE *out)
{
	for (size_t i = 0; i < environment->count; i++) {
		const char *variable = environment->values[i];
		size_t length = name_length(variable);

		fprintf(out, "builtin export %.*s='", (int)length, variable);
		for (const char *c = variable + length + 1; *c; c++)
			if (*c == '\'')
				fputs("'\\''", out);
			else
				fputc(*c, out);
		fputs("'\n", out);
	}
}

void environment_release(struct environment *environment)
{
	for (size_t i = 0; i < environment->count; i++)
		free(environment->values[i]);
	free(environment->values);
	*environment = (struct environment){ 0 };
}
