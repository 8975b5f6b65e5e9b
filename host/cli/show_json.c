/* SPDX-License-Identifier: MIT */
/* show_json.c - a listing as JSON, see show_forms.h */
#include "host/cli/show_forms.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/text/escape.h"

static const char *const types[] = {
	[LISTING_NOTHING] = NULL,
	[LISTING_FILE] = "file",
	[LISTING_DIRECTORY] = "directory",
	[LISTING_SYMLINK] = "symlink",
	[LISTING_HARD_LINK] = "hardlink",
	[LISTING_CHARACTER_DEVICE] = "character-device",
	[LISTING_BLOCK_DEVICE] = "block-device",
	[LISTING_FIFO] = "fifo",
	[LISTING_OTHER] = "other",
};

static const char *change_of(const struct listing_line *line)
{
	if (line->mark == LISTING_ADDED)
		return "added";
	return line->mark == LISTING_CHANGED ? "changed" : "deleted";
}

static bool is_text(const char *name)
{
	while (*name) {
		size_t length = escape_character(name);

		if (length == 0)
			return false;
		name += length;
	}
	return true;
}

/* "\ooo" for a stray byte, "\\" for a backslash. NULL: no memory. */
static char *escape(const char *name)
{
	char *text = malloc(4 * strlen(name) + 1);
	char *to = text;

	while (text && *name) {
		size_t length = escape_character(name);

		if (length == 0)
			to += sprintf(to, "\\%03o", (unsigned char)*name++);
		else if (*name == '\\')
			to += sprintf(to, "\\%c", *name++);
		else
			while (length-- > 0)
				*to++ = *name++;
	}
	if (text)
		*to = '\0';
	return text;
}

static void add_name(struct json_object *object, const char *field,
		     const char *name, struct json_object **escaped)
{
	autofree char *text = NULL;

	if (!is_text(name)) {
		text = escape(name);
		if (!*escaped)
			*escaped = json_make_array();
		json_append(*escaped, json_make_string(field));
	}
	json_add(object, field, json_make_string(text ? text : name));
}

static void add_number(struct json_object *object, const char *field,
		       int64_t number)
{
	json_add(object, field, json_make_int(number));
}

/* What the entry says. */
static void add_attributes(struct json_object *object,
			   const struct listing_line *line)
{
	char mode[8];

	(void)snprintf(mode, sizeof(mode), "%04o", (unsigned int)line->mode);
	json_add(object, "type", json_make_string(types[line->type]));
	if (line->type == LISTING_FILE)
		json_add(object, "size", json_make_uint(line->size));
	json_add(object, "mode", json_make_string(mode));
	add_number(object, "uid", line->uid);
	add_number(object, "gid", line->gid);
	add_number(object, "mtime", line->mtime);
	if (line->type == LISTING_CHARACTER_DEVICE ||
	    line->type == LISTING_BLOCK_DEVICE) {
		add_number(object, "major", line->major);
		add_number(object, "minor", line->minor);
	}
}

static struct json_object *line_json(const struct listing_line *line)
{
	struct json_object *object = json_make_object();
	struct json_object *escaped = NULL;

	add_name(object, "path", *line->path ? line->path : ".", &escaped);
	json_add(object, "change", json_make_string(change_of(line)));
	if (line->type != LISTING_NOTHING)
		add_attributes(object, line);
	if (line->target)
		add_name(object, "target", line->target, &escaped);
	if (line->is_opaque)
		json_add(object, "opaque", json_make_bool(true));
	if (escaped)
		json_add(object, "escaped", escaped);
	return object;
}

/* One at a time: all of a layer would be many times its listing. */
int show_print_json(const struct listing *listing, FILE *out, struct error *err)
{
	(void)fputc('[', out);
	for (size_t i = 0; i < listing->count; i++) {
		autojson struct json_object *object =
			line_json(&listing->lines[i]);
		const char *text =
			json_write(object, JSON_C_TO_STRING_NOSLASHESCAPE,
				   NULL);

		if (!text)
			return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
		(void)fprintf(out, "%s\n%s", i > 0 ? "," : "", text);
		if (ferror(out))
			return error_errno(err, "write the listing");
	}
	(void)fputs("\n]\n", out);
	if (fflush(out) != 0)
		return error_errno(err, "write the listing");
	return 0;
}
