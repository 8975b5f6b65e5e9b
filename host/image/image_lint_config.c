/* SPDX-License-Identifier: MIT */
/* image_lint_config.c - the config of an image, see image_lint_state.h */
#include "host/image/image_lint_state.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* What the image-spec says of the fields of "config". */
enum shape { SHAPE_STRING, SHAPE_STRINGS, SHAPE_SET, SHAPE_PAIRS };

static const struct {
	const char *key;
	enum shape shape;
} fields[] = {
	{ "User", SHAPE_STRING },	{ "WorkingDir", SHAPE_STRING },
	{ "StopSignal", SHAPE_STRING }, { "Env", SHAPE_STRINGS },
	{ "Cmd", SHAPE_STRINGS },	{ "Entrypoint", SHAPE_STRINGS },
	{ "Shell", SHAPE_STRINGS },	{ "OnBuild", SHAPE_STRINGS },
	{ "ExposedPorts", SHAPE_SET },	{ "Volumes", SHAPE_SET },
	{ "Labels", SHAPE_PAIRS },
};

static bool are_strings(struct json_object *array)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (!json_object_is_type(json_object_array_get_idx(array, i),
					 json_type_string))
			return false;
	return true;
}

static bool are_all(struct json_object *object, json_type type)
{
	json_object_object_foreach(object, key, value)
	{
		(void)key;
		if (!json_object_is_type(value, type))
			return false;
	}
	return true;
}

static bool has_shape(struct json_object *value, enum shape shape)
{
	switch (shape) {
	case SHAPE_STRING:
		return json_object_is_type(value, json_type_string);
	case SHAPE_STRINGS:
		return json_object_is_type(value, json_type_array) &&
		       are_strings(value);
	case SHAPE_SET:
		return json_object_is_type(value, json_type_object) &&
		       are_all(value, json_type_object);
	default:
		return json_object_is_type(value, json_type_object) &&
		       are_all(value, json_type_string);
	}
}

static const char *shape_name(enum shape shape)
{
	static const char *const names[] = {
		[SHAPE_STRING] = "a string",
		[SHAPE_STRINGS] = "an array of strings",
		[SHAPE_SET] = "an object of empty objects",
		[SHAPE_PAIRS] = "an object of strings",
	};

	return names[shape];
}

static void check_env(struct image_lint *lint, struct json_object *env)
{
	for (size_t i = 0; i < json_object_array_length(env); i++) {
		const char *item = json_object_get_string(
			json_object_array_get_idx(env, i));

		if (*item == '=' || !strchr(item, '='))
			findings_add(lint->findings, RULE_CONFIG_TYPE,
				     "'%.200s' in 'Env' is not NAME=VALUE",
				     item);
	}
}

static void check_execution(struct image_lint *lint,
			    struct json_object *document)
{
	struct json_object *config =
		image_lint_field(lint, document, "config", json_type_object,
				 RULE_CONFIG_TYPE);

	for (size_t i = 0; config && i < COUNT_OF(fields); i++) {
		struct json_object *value =
			json_object_object_get(config, fields[i].key);

		if (value && !has_shape(value, fields[i].shape))
			findings_add(lint->findings, RULE_CONFIG_TYPE,
				     "'%s' is not %s", fields[i].key,
				     shape_name(fields[i].shape));
		else if (value && strcmp(fields[i].key, "Env") == 0)
			check_env(lint, value);
	}
}

/* "9" is a digit, everything else itself. The end of the pattern is where the
 * fraction and the zone begin. */
static const char *match(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++)
		if (*pattern == '9' ? !isdigit((unsigned char)*text)
				    : *text != *pattern)
			return NULL;
	return text;
}

static bool is_rfc3339(const char *text)
{
	const char *rest = match(text, "9999-99-99T99:99:99");

	if (rest && *rest == '.') {
		rest++;
		if (!isdigit((unsigned char)*rest))
			return false;
		while (isdigit((unsigned char)*rest))
			rest++;
	}
	if (rest && (*rest == '+' || *rest == '-'))
		rest = match(rest + 1, "99:99");
	else if (rest)
		rest = match(rest, "Z");
	return rest && *rest == '\0';
}

static void check_time(struct image_lint *lint, struct json_object *object,
		       const char *of)
{
	const char *text =
		image_lint_string(lint, object, "created", RULE_CREATED);

	if (text && !is_rfc3339(text))
		findings_add(lint->findings, RULE_CREATED,
			     "'created'%s is '%.100s'", of, text);
}

static bool is_empty(struct image_lint *lint, struct json_object *entry)
{
	struct json_object *field =
		image_lint_field(lint, entry, "empty_layer", json_type_boolean,
				 RULE_CONFIG_TYPE);

	return field && json_object_get_boolean(field);
}

/* It may be missing. */
static void check_history(struct image_lint *lint, struct json_object *document,
			  ssize_t layers)
{
	struct json_object *history =
		image_lint_field(lint, document, "history", json_type_array,
				 RULE_CONFIG_TYPE);
	ssize_t made = 0;

	if (!history)
		return;
	for (size_t i = 0; i < json_object_array_length(history); i++) {
		struct json_object *entry =
			json_object_array_get_idx(history, i);

		check_time(lint, entry, " of the history");
		made += !is_empty(lint, entry);
	}
	if (layers >= 0 && made != layers)
		findings_add(lint->findings, RULE_HISTORY,
			     "%zd entries of the history have a layer, and "
			     "there are %zd diff_ids",
			     made, layers);
}

static void check_required(struct image_lint *lint,
			   struct json_object *document)
{
	static const char *const required[] = { "architecture", "os" };

	for (size_t i = 0; i < COUNT_OF(required); i++) {
		const char *value =
			image_lint_string(lint, document, required[i],
					  RULE_CONFIG_TYPE);
		bool is_there = json_object_object_get(document, required[i]);

		if (!is_there || (value && !*value))
			findings_add(lint->findings, RULE_CONFIG_REQUIRED,
				     "it has no '%s'", required[i]);
	}
}

static struct json_object *find_diff_ids(struct image_lint *lint,
					 struct json_object *document)
{
	struct json_object *rootfs =
		image_lint_field(lint, document, "rootfs", json_type_object,
				 RULE_CONFIG_TYPE);
	struct json_object *diff_ids;
	const char *type;

	if (!json_object_object_get(document, "rootfs"))
		findings_add(lint->findings, RULE_CONFIG_REQUIRED,
			     "it has no 'rootfs'");
	if (!rootfs)
		return NULL;
	type = image_lint_string(lint, rootfs, "type", RULE_CONFIG_TYPE);
	if (!type || strcmp(type, "layers") != 0)
		findings_add(lint->findings, RULE_CONFIG_REQUIRED,
			     "its rootfs is not of type 'layers'");
	diff_ids = image_lint_field(lint, rootfs, "diff_ids", json_type_array,
				    RULE_CONFIG_TYPE);
	/* An image without layers may say null. */
	if (!diff_ids && !json_object_object_get_ex(rootfs, "diff_ids", NULL))
		findings_add(lint->findings, RULE_CONFIG_REQUIRED,
			     "it has no 'diff_ids'");
	return diff_ids;
}

static int read_diff_ids(struct image_lint *lint, struct json_object *array,
			 struct digest **diff_ids, ssize_t *count,
			 struct error *err)
{
	size_t length = array ? json_object_array_length(array) : 0;
	struct error why;

	*count = array ? (ssize_t)length : -1;
	*diff_ids = calloc(length + 1, sizeof(**diff_ids));
	if (!*diff_ids)
		return error_errno(err, "list the diff_ids");
	for (size_t i = 0; i < length; i++) {
		struct json_object *item = json_object_array_get_idx(array, i);
		const char *text = json_object_is_type(item, json_type_string)
					   ? json_object_get_string(item)
					   : "";

		if (digest_parse(&(*diff_ids)[i], text, &why) < 0)
			findings_add(lint->findings, RULE_DIFF_ID,
				     "diff_id %zu: %s", i + 1, why.msg);
	}
	return 0;
}

int image_lint_config(struct image_lint *lint, const char *bytes, size_t size,
		      struct digest **diff_ids, ssize_t *count,
		      struct error *err)
{
	autodocument struct json_object *document =
		image_lint_parse(lint, bytes, size, json_type_object);

	*diff_ids = NULL;
	*count = -1;
	if (!document)
		return 0;
	check_required(lint, document);
	check_time(lint, document, "");
	check_execution(lint, document);
	if (read_diff_ids(lint, find_diff_ids(lint, document), diff_ids, count,
			  err) < 0)
		return -1;
	check_history(lint, document, *count);
	return 0;
}
