/* SPDX-License-Identifier: MIT */
/* package_control.c - what a .deb says of itself, see package.h */
#include "images/package.h"

#include <string.h>

#include "guest/shared/cleanup.h"
#include "images/package_read.h"

#define CONTROL_MAX 65536 /* bytes of it that are looked at */

/* deb-control(5), ended by a NUL. */
struct control {
	char text[CONTROL_MAX + 1];
};

static int take_control(void *context, struct archive *a,
			struct archive_entry *entry, struct error *err)
{
	struct control *control = context;
	const char *name = archive_entry_pathname(entry);
	la_ssize_t got;

	if (strcmp(name, "./control") != 0 && strcmp(name, "control") != 0)
		return 0;
	got = archive_read_data(a, control->text, CONTROL_MAX);
	if (got < 0)
		return package_failed(a, err);
	control->text[got] = '\0';
	return 0;
}

/* What follows "FIELD:" at the start of a line; NULL if no line does. */
static const char *find_field(const char *text, const char *field)
{
	size_t length = strlen(field);

	while (*text) {
		if (strncmp(text, field, length) == 0 && text[length] == ':')
			return text + length + 1;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return NULL;
}

/* Names of packages: deb-src-control(5). */
static char *first_image(const char *depends)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz0123456789+-.";
	static const char prefix[] = "linux-image-";
	const char *end = depends + strcspn(depends, "\n");

	while (depends < end) {
		size_t length;

		depends += strspn(depends, " ,|");
		length = strspn(depends, name);
		if (length >= sizeof(prefix) &&
		    strncmp(depends, prefix, sizeof(prefix) - 1) == 0)
			return strndup(depends, length);
		depends += strcspn(depends, ",|\n");
		if (*depends == '\n')
			break;
	}
	return NULL;
}

char *package_depends(const char *path)
{
	autofree struct control *control = calloc(1, sizeof(*control));
	const struct package_walk walk = {
		.package = path,
		.member = "control.tar",
		.take = take_control,
		.context = control,
	};
	struct error ignored = { 0 };
	const char *depends;

	if (!control || !package_is_deb(path) ||
	    package_walk(&walk, &ignored) < 0)
		return NULL;
	depends = find_field(control->text, "Depends");
	return depends ? first_image(depends) : NULL;
}
