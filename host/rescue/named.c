/* SPDX-License-Identifier: MIT */
/* named.c - see named.h */
#include "host/rescue/named.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"

int named_find(char **path, struct directory_file *file,
	       const struct appliance *appliance, const char *text,
	       struct error *err)
{
	autofree char *absolute = NULL;

	if (asprintf(&absolute, "/%s", text + strspn(text, "/")) < 0) {
		absolute = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	if (directory_stat(file, appliance, absolute, err) < 0)
		return error_prefix(err, "'%s'", text);
	*path = take_pointer(&absolute);
	return 0;
}
