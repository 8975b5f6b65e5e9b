/* SPDX-License-Identifier: MIT */
/* spec_list.c - see spec_list.h */
#include "host/plan/spec_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"

/* The value of a setting, on the way to it. */
struct place {
	struct request *request;
	const struct setting *setting;
	const char *key; /* "config.label", for messages */
};

static int check_string(const char *key, struct json_object *value,
			struct error *err)
{
	if (!json_object_is_type(value, json_type_string))
		return error_set(err, EINVAL, "'%s' is not a string", key);
	if (strlen(json_object_get_string(value)) !=
	    (size_t)json_object_get_string_len(value))
		return error_set(err, EINVAL, "'%s' holds a NUL byte", key);
	return 0;
}

int spec_string_set(struct request *request, const struct setting *setting,
		    struct json_object *value, struct error *err)
{
	if (check_string(setting->key, value, err) < 0)
		return -1;
	return request_set(request, setting, json_object_get_string(value),
			   err);
}

/* Sets "NAME=TEXT". */
static int set_pair(const struct place *place, const char *name,
		    const char *text, struct error *err)
{
	autofree char *pair = NULL;

	if (asprintf(&pair, "%s=%s", name, text) < 0) {
		pair = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	return request_set(place->request, place->setting, pair, err);
}

/* Calls `set` for each member, with a place of its own. */
static int each_member(const struct place *place, struct json_object *object,
		       int (*set)(const struct place *place, const char *name,
				  struct json_object *value, struct error *err),
		       struct error *err)
{
	struct json_object_iterator i = json_object_iter_begin(object);
	struct json_object_iterator end = json_object_iter_end(object);

	for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i)) {
		const char *name = json_object_iter_peek_name(&i);
		struct place below = *place;
		autofree char *key = NULL;

		if (asprintf(&key, "%s.%s", place->key, name) < 0) {
			key = NULL;
			return error_set(err, ENOMEM, "out of memory");
		}
		below.key = key;
		if (set(&below, name, json_object_iter_peek_value(&i), err) < 0)
			return -1;
	}
	return 0;
}

static int set_member(const struct place *place, const char *name,
		      struct json_object *value, struct error *err)
{
	if (check_string(place->key, value, err) < 0)
		return -1;
	return set_pair(place, name, json_object_get_string(value), err);
}

/* A number is as good as its digits. */
static int set_limit(const struct place *place, const char *name,
		     struct json_object *value, struct error *err)
{
	if (json_object_is_type(value, json_type_int))
		return set_pair(place, name, json_object_to_json_string(value),
				err);
	return set_member(place, name, value, err);
}

static int set_named(const struct place *place, const char *name,
		     struct json_object *value, struct error *err)
{
	const char *dot = strchr(place->key, '.') + 1;
	autofree char *config = strndup(dot, strcspn(dot, "."));
	autofree char *pair = NULL;

	if (check_string(place->key, value, err) < 0)
		return -1;
	if (!config ||
	    asprintf(&pair, "%s=%s", name, json_object_get_string(value)) < 0) {
		pair = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	return set_pair(place, config, pair, err);
}

static int set_each(const struct place *place, const char *name,
		    struct json_object *array, struct error *err)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (set_member(place, name, json_object_array_get_idx(array, i),
			       err) < 0)
			return -1;
	return 0;
}

static int set_config_key(const struct place *place, const char *name,
			  struct json_object *value, struct error *err)
{
	if (!value)
		return 0;
	if (json_object_is_type(value, json_type_object))
		return each_member(place, value, set_named, err);
	if (!json_object_is_type(value, json_type_array))
		return set_member(place, name, value, err);
	if (strcmp(name, "cmd") == 0 || strcmp(name, "entrypoint") == 0)
		return set_pair(place, name, json_object_to_json_string(value),
				err);
	return set_each(place, name, value, err);
}

int spec_list_set(struct request *request, const struct setting *setting,
		  struct json_object *value, struct error *err)
{
	const struct place place = { request, setting, setting->key };

	if (json_object_is_type(value, json_type_object) &&
	    setting->kind != SETTING_RUN)
		return each_member(&place, value,
				   setting->kind == SETTING_CONFIG
					   ? set_config_key
				   : setting->kind == SETTING_LIMIT
					   ? set_limit
					   : set_member,
				   err);
	if (!json_object_is_type(value, json_type_array))
		return error_set(err, EINVAL, "'%s' is %s array", setting->key,
				 setting->kind == SETTING_RUN
					 ? "not an"
					 : "neither an object nor an");
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		struct json_object *text = json_object_array_get_idx(value, i);

		if (!json_object_is_type(text, json_type_string))
			return error_set(err, EINVAL,
					 "'%s' has an element that is not a "
					 "string",
					 setting->key);
		if (spec_string_set(request, setting, text, err) < 0)
			return -1;
	}
	return 0;
}
