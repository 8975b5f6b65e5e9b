/* SPDX-License-Identifier: MIT */
/* json_text.c - see json_text.h */
#include "host/text/json_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "guest/shared/json_make.h"
#include "host/text/escape.h"

char *json_text(struct json_object *json, int flags)
{
	const char *from = json_write(json, flags, NULL);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	while (from && out && *from) {
		size_t length = escape_character(from);

		if (length > 0)
			fwrite(from, 1, length, out);
		else
			fputs("\xef\xbf\xbd", out);
		from += length > 0 ? length : 1;
	}
	if (out)
		(void)fputc('\n', out);
	if (!out || fclose(out) != 0 || !from) {
		free(text);
		return NULL;
	}
	return text;
}
