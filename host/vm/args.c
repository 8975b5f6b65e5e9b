/* SPDX-License-Identifier: MIT */
/* args.c - see args.h */
#include "host/vm/args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes the word over, NULL being one that could not be made. */
static void add_owned(struct args *args, char *word)
{
	char **words = NULL;

	if (word)
		words = reallocarray(args->words, args->count + 2,
				     sizeof(*words));
	if (!words) {
		free(word);
		args->out_of_memory = true;
		return;
	}
	words[args->count++] = word;
	words[args->count] = NULL;
	args->words = words;
}

void args_add(struct args *args, const char *word)
{
	add_owned(args, strdup(word));
}

void args_add_pair(struct args *args, const char *flag, const char *fmt, ...)
{
	char *word = NULL;
	va_list list;

	va_start(list, fmt);
	if (vasprintf(&word, fmt, list) < 0)
		word = NULL;
	va_end(list);
	args_add(args, flag);
	add_owned(args, word);
}

int args_finish(struct args *args, struct error *err)
{
	if (args->out_of_memory)
		return error_set(err, ENOMEM,
				 "build a command line: out of memory");
	return 0;
}

void args_release(struct args *args)
{
	for (size_t i = 0; i < args->count; i++)
		free(args->words[i]);
	free(args->words);
	*args = (struct args){ 0 };
}
