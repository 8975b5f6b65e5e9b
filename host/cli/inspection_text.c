/* SPDX-License-Identifier: MIT */
/* inspection_text.c - an inspected image for people, see inspection.h */
#include "host/cli/inspection.h"

#include <string.h>

#include <json-c/json.h>

#include "host/cli/amount.h"
#include "host/text/escape.h"

#define LABEL_WIDTH 14 /* columns */

/* What is in a config, and what people call it. */
static const struct {
	const char *key;
	const char *label;
} known[] = {
	{ "Env", "Env" },
	{ "Entrypoint", "Entrypoint" },
	{ "Cmd", "Cmd" },
	{ "Shell", "Shell" },
	{ "User", "User" },
	{ "WorkingDir", "Directory" },
	{ "ExposedPorts", "Ports" },
	{ "Volumes", "Volumes" },
	{ "StopSignal", "Stop signal" },
	{ "Healthcheck", "Health check" },
	{ "Labels", "Labels" },
	{ "OnBuild", "On build" },
};

/* A label once, before the first of its lines. */
struct lines {
	const char *label;
	FILE *out;
};

static void print_label(struct lines *lines)
{
	char text[LABEL_WIDTH + 1];

	(void)snprintf(text, sizeof(text), "%s%s", lines->label,
		       *lines->label ? ":" : "");
	fprintf(lines->out, "%-*s ", LABEL_WIDTH, text);
	lines->label = "";
}

static void print_line(struct lines *lines, const char *text)
{
	print_label(lines);
	escape_print_line(text, lines->out);
}

static void print_pair(struct lines *lines, const char *key, const char *value)
{
	autofree char *pair = NULL;

	if (asprintf(&pair, "%s=%s", key, value) < 0)
		pair = NULL;
	print_line(lines, pair ? pair : key);
}

static const char *text_of(struct json_object *value)
{
	if (json_object_is_type(value, json_type_string))
		return json_object_get_string(value);
	return json_object_to_json_string_ext(value,
					      JSON_C_TO_STRING_NOSLASHESCAPE);
}

static bool is_object_of_strings(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object))
		return false;
	json_object_object_foreach(value, key, item)
	{
		(void)key;
		if (!json_object_is_type(item, json_type_string))
			return false;
	}
	return true;
}

/* {"80/tcp":{}} is a set. */
static bool is_set(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_object))
		return false;
	json_object_object_foreach(value, key, item)
	{
		(void)key;
		if (!json_object_is_type(item, json_type_object) ||
		    json_object_object_length(item) != 0)
			return false;
	}
	return true;
}

/* Those of which each item is a line of its own; others are told from their
 * parts by being JSON: ["sh","-c","a b"]. */
static bool is_list(const char *key)
{
	return strcmp(key, "Env") == 0 || strcmp(key, "OnBuild") == 0;
}

static void print_array(struct lines *lines, struct json_object *array)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		print_line(lines, text_of(json_object_array_get_idx(array, i)));
}

static void print_value(const char *label, const char *key,
			struct json_object *value, FILE *out)
{
	struct lines lines = { label, out };

	if (is_list(key) && json_object_is_type(value, json_type_array)) {
		print_array(&lines, value);
	} else if (is_set(value)) {
		json_object_object_foreach(value, name, item)
		{
			(void)item;
			print_line(&lines, name);
		}
	} else if (is_object_of_strings(value)) {
		json_object_object_foreach(value, name, item)
			print_pair(&lines, name, json_object_get_string(item));
	} else if (*text_of(value)) {
		print_line(&lines, text_of(value));
	}
}

static bool is_known(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strcmp(known[i].key, key) == 0)
			return true;
	return false;
}

static void print_config(struct json_object *config, FILE *out)
{
	struct lines other = { "Other", out };

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		struct json_object *value =
			json_object_object_get(config, known[i].key);

		if (value)
			print_value(known[i].label, known[i].key, value, out);
	}
	if (!json_object_is_type(config, json_type_object))
		return;
	json_object_object_foreach(config, key, value) if (value &&
							   !is_known(key) &&
							   *text_of(value))
		print_pair(&other, key, text_of(value));
}

static const char *string_of(struct json_object *object, const char *key)
{
	struct json_object *value = json_object_object_get(object, key);

	return json_object_is_type(value, json_type_string)
		       ? json_object_get_string(value)
		       : "";
}

static void print_field(const char *label, const char *value, FILE *out)
{
	struct lines lines = { label, out };

	if (*value)
		print_line(&lines, value);
}

static void print_platform(struct json_object *config, FILE *out)
{
	const char *variant = string_of(config, "variant");
	autofree char *text = NULL;

	if (asprintf(&text, "%s/%s%s%s", string_of(config, "os"),
		     string_of(config, "architecture"), *variant ? "/" : "",
		     variant) < 0)
		text = NULL;
	print_field("Platform", text ? text : "", out);
}

static void print_layer(const struct inspection *inspection, size_t i,
			FILE *out)
{
	const struct inspected_layer *inspected = &inspection->layers[i];
	const struct image_layer *layer = inspected->layer;
	char stored[AMOUNT_SIZE], size[AMOUNT_SIZE];

	fprintf(out, "%4zu  sha256:%s\n      %s", i + 1, layer->diff_id.hex,
		amount(stored, layer->stored_size));
	if (layer->compression != COMPRESSION_NONE)
		fprintf(out, " %s, %s unpacked",
			compression_name(layer->compression),
			amount(size, inspected->size));
	fputc('\n', out);
}

static void print_made_by(struct json_object *entry, bool empty, FILE *out)
{
	const char *by = string_of(entry, "created_by");

	if (!*by)
		by = string_of(entry, "comment");
	if (!*by && !empty)
		return;
	fputs(empty ? "   -  " : "      ", out);
	escape_print_line(*by ? by : "?", out);
}

/* Layers with what made them, and what made none in between. */
static void print_layers(const struct inspection *inspection, FILE *out)
{
	struct json_object *history = inspection->history;
	size_t count = history ? json_object_array_length(history) : 0;
	size_t layer = 0;

	if (inspection->layer_count > 0 || count > 0)
		fputs("Layers:\n", out);
	for (size_t i = 0;
	     !inspection->history_fits && i < inspection->layer_count; i++)
		print_layer(inspection, i, out);
	if (history && !inspection->history_fits)
		fputs("History, which does not fit these layers:\n", out);
	for (size_t i = 0; i < count; i++) {
		struct json_object *entry =
			json_object_array_get_idx(history, i);
		bool empty = inspection_is_empty(entry);

		if (!empty && inspection->history_fits)
			print_layer(inspection, layer++, out);
		print_made_by(entry, empty || !inspection->history_fits, out);
	}
}

void inspection_print(const struct inspection *inspection, FILE *out)
{
	const struct image *image = inspection->image;
	struct json_object *config = inspection->config;
	char id[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	(void)snprintf(id, sizeof(id), "sha256:%s", image->config.digest.hex);
	print_field("Name", image->name ? image->name : "", out);
	print_field("ID", id, out);
	if (*image->manifest.hex) {
		(void)snprintf(id, sizeof(id), "sha256:%s",
			       image->manifest.hex);
		print_field("Digest", id, out);
	}
	print_platform(config, out);
	print_field("Created", string_of(config, "created"), out);
	print_field("Author", string_of(config, "author"), out);
	print_config(json_object_object_get(config, "config"), out);
	print_layers(inspection, out);
}
