/* SPDX-License-Identifier: MIT */
/* spec.c - see spec.h */
#include "host/plan/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "host/plan/nearest.h"
#include "host/plan/spec_list.h"

#define SPEC_MAX   (4 * 1024 * 1024) /* bytes */
#define SPEC_DEPTH 8

const struct setting *spec_setting(const char *key)
{
	for (size_t i = 0; i < setting_count; i++)
		if (strcmp(settings[i].key, key) == 0)
			return &settings[i];
	return NULL;
}

int spec_refuse_key(const char *key, struct error *err)
{
	struct nearest nearest = { .word = key };

	nearest_offer(&nearest, SPEC_VERSION_KEY);
	for (size_t i = 0; i < setting_count; i++)
		nearest_offer(&nearest, settings[i].key);
	return nearest_refuse(&nearest, "unknown key", key, "", NULL, err);
}

/* Before all else: what another version means by its keys is not ours to say. */
static int check_version(struct json_object *spec, struct error *err)
{
	struct json_object *version;

	if (!json_object_object_get_ex(spec, SPEC_VERSION_KEY, &version) ||
	    !version)
		return 0;
	if (!json_object_is_type(version, json_type_int))
		return error_set(err, EINVAL, "'version' is not a number");
	if (json_object_get_int64(version) != SPEC_VERSION)
		return error_set(err, EINVAL,
				 "version %s, and this program reads "
				 "version %d",
				 json_object_to_json_string(version),
				 SPEC_VERSION);
	return 0;
}

static int set_flag(struct request *request, const struct setting *setting,
		    struct json_object *value, struct error *err)
{
	if (!json_object_is_type(value, json_type_boolean))
		return error_set(err, EINVAL, "'%s' is not true or false",
				 setting->key);
	if (!json_object_get_boolean(value))
		return 0;
	return request_set(request, setting, "true", err);
}

static int set_value(struct request *request, const struct setting *setting,
		     struct json_object *value, struct error *err)
{
	if (!value)
		return 0;
	if (setting_is_list(setting))
		return spec_list_set(request, setting, value, err);
	if (setting->kind == SETTING_FLAG)
		return set_flag(request, setting, value, err);
	if (json_object_is_type(value, json_type_string))
		return spec_string_set(request, setting, value, err);
	if (setting->kind == SETTING_NUMBER &&
	    json_object_is_type(value, json_type_int))
		return request_set(request, setting,
				   json_object_to_json_string(value), err);
	return error_set(err, EINVAL, "'%s' is not a %s", setting->key,
			 setting->kind == SETTING_NUMBER ? "number or string"
							 : "string");
}

static int load(struct request *request, struct json_object *spec,
		struct error *err)
{
	struct json_object_iterator i = json_object_iter_begin(spec);
	struct json_object_iterator end = json_object_iter_end(spec);

	for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i)) {
		const char *key = json_object_iter_peek_name(&i);
		const struct setting *setting = spec_setting(key);

		if (strcmp(key, SPEC_VERSION_KEY) == 0)
			continue; /* check_version() has seen it */
		if (!setting)
			return spec_refuse_key(key, err);
		if (set_value(request, setting, json_object_iter_peek_value(&i),
			      err) < 0)
			return -1;
	}
	return 0;
}

static int read_file(const char *path, char *text, size_t *size,
		     struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return error_errno(err, "open");
	got = io_read(fd, text, SPEC_MAX + 1);
	if (got < 0)
		return error_errno(err, "read");
	*size = (size_t)got;
	return 0;
}

static int add_text(struct request *request, const char *text, size_t size,
		    struct error *err)
{
	autojson struct json_object *spec = NULL;

	if (size > SPEC_MAX)
		return error_set(err, EFBIG, "larger than %d bytes", SPEC_MAX);
	spec = json_parse(text, size, SPEC_DEPTH, err);
	if (!spec)
		return -1;
	if (!json_object_is_type(spec, json_type_object))
		return error_set(err, EINVAL, "not a JSON object");
	return check_version(spec, err) < 0 ? -1 : load(request, spec, err);
}

int spec_add(struct request *request, const char *text, size_t size,
	     struct error *err)
{
	if (add_text(request, text, size, err) < 0)
		return error_prefix(err, "spec");
	return 0;
}

int spec_load(struct request *request, const char *path, struct error *err)
{
	autofree char *text = malloc(SPEC_MAX + 1);
	size_t size = 0;

	if (!text)
		(void)error_set(err, ENOMEM, "out of memory");
	if (!text || read_file(path, text, &size, err) < 0 ||
	    add_text(request, text, size, err) < 0)
		return error_prefix(err, "spec '%s'", path);
	return 0;
}
