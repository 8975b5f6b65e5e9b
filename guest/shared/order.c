/* SPDX-License-Identifier: MIT */
/* order.c - see order.h */
#include "guest/shared/order.h"

#include <string.h>

#include "guest/shared/whiteout.h"

static int rank(const char *name)
{
	if (strncmp(name, WHITEOUT_PREFIX, strlen(WHITEOUT_PREFIX)) != 0)
		return 2;
	return strcmp(name, WHITEOUT_OPAQUE_NAME) == 0 ? 0 : 1;
}

int order_compare(const char *a, const char *b)
{
	int difference = rank(a) - rank(b);

	return difference ? difference : strcmp(a, b);
}
