/* SPDX-License-Identifier: MIT */
/* args.h - the words of a command line */
#ifndef HOST_VM_ARGS_H
#define HOST_VM_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * A failed allocation is remembered and reported once, by args_finish(), so
 * that building a command line reads as a list and not as error handling.
 */
struct args {
	char **words; /* owned, as is each; NULL-terminated */
	size_t count;
	bool out_of_memory;
};

void args_add(struct args *args, const char *word);

/* `flag` and a second word that is made as printf(3) makes it. */
void args_add_pair(struct args *args, const char *flag, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

int args_finish(struct args *args, struct error *err); /* ENOMEM */

void args_release(struct args *args);

DEFINE_AUTO(args, args_release)

#endif
