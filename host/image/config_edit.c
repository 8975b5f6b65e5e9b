/* SPDX-License-Identifier: MIT */
/* config_edit.c - see config_edit.h */
#include "host/image/config_edit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host/image/config_apply.h"
#include "host/image/document.h"
#include "host/image/history.h"
#include "guest/shared/json_make.h"

#define TIME_SIZE sizeof("9999-12-31T23:59:59Z")
#define TIME_MAX  INT64_C(253402300799) /* seconds: that one */

static int write_time(int64_t seconds, char text[TIME_SIZE], struct error *err)
{
	time_t time = (time_t)seconds;
	struct tm tm;

	if (seconds < 0 || seconds > TIME_MAX || !gmtime_r(&time, &tm))
		return error_set(err, EINVAL,
				 "an image cannot be of the time %" PRId64
				 " (SOURCE_DATE_EPOCH), after the year 9999",
				 seconds);
	(void)strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return 0;
}

static struct json_object *nothing(void)
{
	struct json_object *document = json_make_object();

	json_add(document, "architecture",
		 json_make_string(image_config_architecture()));
	json_add(document, "os", json_make_string("linux"));
	json_add(document, "config", json_make_object());
	return document;
}

static int start(const struct image_config *base, struct json_object **document,
		 struct error *err)
{
	if (base)
		return document_parse(document, base->bytes, base->size, err);
	*document = nothing();
	return 0;
}

/* Both are required; a base without them was taken to be for this machine. */
static void fill_in(struct json_object *document, const char *key,
		    const char *value)
{
	const char *old =
		json_object_get_string(json_object_object_get(document, key));

	if (!old || !*old)
		json_add(document, key, json_make_string(value));
}

static void add_diff_id(struct json_object *diff_ids,
			const struct digest *digest)
{
	char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	(void)snprintf(text, sizeof(text), "sha256:%s", digest->hex);
	json_append(diff_ids, json_make_string(text));
}

/* Whatever else is in there stays. */
static void write_rootfs(struct json_object *document,
			 const struct image_config *base,
			 const struct config_edit *edit)
{
	struct json_object *rootfs = json_object_object_get(document, "rootfs");
	struct json_object *diff_ids = json_make_array();

	if (!rootfs)
		rootfs = json_add_object(document, "rootfs");
	for (size_t i = 0; base && i < base->diff_id_count && !edit->flattened;
	     i++)
		add_diff_id(diff_ids, &base->diff_ids[i]);
	for (size_t i = 0; i < edit->addition_count; i++)
		add_diff_id(diff_ids, &edit->additions[i].diff_id);
	json_add(rootfs, "type", json_make_string("layers"));
	json_add(rootfs, "diff_ids", diff_ids);
}

static int write_history(struct json_object *document,
			 const struct image_config *base,
			 const struct config_edit *edit, const char *created,
			 struct error *err)
{
	size_t layers = base && !edit->flattened ? base->diff_id_count : 0;

	if (edit->flattened)
		json_add(document, "history", json_make_array());
	if (history_mend(document, layers, err) < 0)
		return -1;
	for (size_t i = 0; i < edit->addition_count; i++)
		history_append(document, &edit->additions[i], created);
	return 0;
}

static int edit_document(struct json_object *document,
			 const struct image_config *base,
			 const struct config_edit *edit, struct error *err)
{
	char created[TIME_SIZE];

	if (write_time(edit->created, created, err) < 0)
		return -1;
	json_add(document, "created", json_make_string(created));
	fill_in(document, "architecture", image_config_architecture());
	fill_in(document, "os", "linux");
	if (config_apply(document, edit->changes, edit->change_count, err) < 0)
		return -1;
	write_rootfs(document, base, edit);
	return write_history(document, base, edit, created, err);
}

int config_edit(const struct image_config *base, const struct config_edit *edit,
		char **bytes, size_t *size, struct error *err)
{
	autodocument struct json_object *document = NULL;

	if (start(base, &document, err) < 0 ||
	    edit_document(document, base, edit, err) < 0)
		return -1;
	return document_write(document, bytes, size, err);
}
