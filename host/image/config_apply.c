/* SPDX-License-Identifier: MIT */
/* config_apply.c - see config_apply.h */
#include "host/image/config_apply.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "host/image/document.h"
#include "guest/shared/json_make.h"

/* The fields of "config" (OCI image-spec, config.md). */
static const char *const fields[] = {
	[CONFIG_ENV] = "Env",
	[CONFIG_CMD] = "Cmd",
	[CONFIG_ENTRYPOINT] = "Entrypoint",
	[CONFIG_USER] = "User",
	[CONFIG_WORKDIR] = "WorkingDir",
	[CONFIG_LABEL] = "Labels",
	[CONFIG_EXPOSE] = "ExposedPorts",
	[CONFIG_VOLUME] = "Volumes",
};

static struct json_object *strings(const struct string_list *list)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < list->count; i++)
		json_append(array, json_make_string(list->item[i]));
	return array;
}

static int is_of(const char *variable, const char *name)
{
	size_t length = strlen(name);

	return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static int say_memory(struct error *err)
{
	return error_set(err, ENOMEM, "out of memory");
}

/* In the place of the one there is, or at the end, as Docker does it. */
static int change_env(struct json_object *config,
		      const struct config_change *change, struct error *err)
{
	AUTO(string_list) list = { 0 };
	struct json_object *array = json_make_array();
	autofree char *text = NULL;
	bool is_there = !change->value;

	if (document_strings(config, fields[CONFIG_ENV], &list, err) < 0) {
		json_object_put(array);
		return -1;
	}
	if (change->value &&
	    asprintf(&text, "%s=%s", change->name, change->value) < 0) {
		text = NULL;
		json_object_put(array);
		return say_memory(err);
	}
	for (size_t i = 0; i < list.count; i++) {
		const char *item = list.item[i];

		if (is_of(item, change->name)) {
			if (is_there)
				continue;
			item = text;
			is_there = true;
		}
		json_append(array, json_make_string(item));
	}
	if (!is_there)
		json_append(array, json_make_string(text));
	json_add(config, fields[CONFIG_ENV], array);
	return 0;
}

/* Labels, ports, volumes: an object with a member for each. */
static int change_member(struct json_object *config,
			 const struct config_change *change, struct error *err)
{
	const char *field = fields[change->key];
	struct json_object *object;

	if (document_object(config, field, &object, err) < 0)
		return -1;
	if (!object && !change->value)
		return 0;
	if (!object)
		object = json_add_object(config, field);
	if (!change->value)
		json_object_object_del(object, change->name);
	else
		json_add(object, change->name,
			 change->key == CONFIG_LABEL
				 ? json_make_string(change->value)
				 : json_make_object());
	return 0;
}

/* A command is run by the image's own shell (Dockerfile's SHELL). */
static int change_words(struct json_object *config,
			const struct config_change *change, struct error *err)
{
	struct json_object *words = config_change_words(change);
	AUTO(string_list) shell = { 0 };

	if (!words) {
		if (document_strings(config, "Shell", &shell, err) < 0)
			return -1;
		words = strings(&shell);
		if (shell.count == 0) {
			json_append(words, json_make_string("/bin/sh"));
			json_append(words, json_make_string("-c"));
		}
		json_append(words, json_make_string(change->value));
	}
	json_add(config, fields[change->key], words);
	return 0;
}

static int change_one(struct json_object *config,
		      const struct config_change *change, struct error *err)
{
	if (!change->name && !change->value) {
		json_object_object_del(config, fields[change->key]);
		return 0;
	}
	switch (change->key) {
	case CONFIG_ENV:
		return change_env(config, change, err);
	case CONFIG_LABEL:
	case CONFIG_EXPOSE:
	case CONFIG_VOLUME:
		return change_member(config, change, err);
	case CONFIG_CMD:
	case CONFIG_ENTRYPOINT:
		return change_words(config, change, err);
	case CONFIG_USER:
	case CONFIG_WORKDIR:
		break;
	}
	json_add(config, fields[change->key], json_make_string(change->value));
	return 0;
}

int config_apply(struct json_object *document,
		 const struct config_change *changes, size_t count,
		 struct error *err)
{
	struct json_object *config;

	if (count == 0)
		return 0;
	if (document_object(document, "config", &config, err) < 0)
		return -1;
	if (!config)
		config = json_add_object(document, "config");
	for (size_t i = 0; i < count; i++)
		if (change_one(config, &changes[i], err) < 0)
			return -1;
	return 0;
}
