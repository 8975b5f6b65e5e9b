/* SPDX-License-Identifier: MIT */
/* document.c - see document.h */
#include "host/image/document.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "guest/shared/json_make.h"

static void release_tokener(struct json_tokener **tokener)
{
	if (*tokener)
		json_tokener_free(*tokener);
}

#define autotokener __attribute__((cleanup(release_tokener)))

static int say_why(enum json_tokener_error why, size_t end, struct error *err)
{
	if (why == json_tokener_error_depth)
		return error_set(err, EINVAL,
				 "is nested more than %d levels deep",
				 DOCUMENT_DEPTH_MAX);
	if (why == json_tokener_continue || why == json_tokener_error_parse_eof)
		return error_set(err, EINVAL, "is not JSON: ends too early");
	if (why == json_tokener_success)
		return error_set(err, EINVAL,
				 "is not JSON: a zero byte at byte %zu", end);
	return error_set(err, EINVAL, "is not JSON: %s at byte %zu",
			 json_tokener_error_desc(why), end);
}

static int parse_once(struct json_object **document, const char *bytes,
		      size_t size, struct error *err)
{
	autotokener struct json_tokener *tokener =
		json_tokener_new_ex(DOCUMENT_DEPTH_MAX);
	struct json_object *parsed;
	size_t end;

	if (!tokener)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (size > INT_MAX)
		return error_set(err, EFBIG, "is too large");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
						JSON_TOKENER_VALIDATE_UTF8);

	parsed = json_tokener_parse_ex(tokener, bytes, (int)size);
	end = json_tokener_get_parse_end(tokener);
	/* Only what follows a bare word or number shows that it is whole. */
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		parsed = json_tokener_parse_ex(tokener, " ", 1);

	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    end != size) {
		json_object_put(parsed);
		return say_why(json_tokener_get_error(tokener), end, err);
	}
	*document = parsed;
	return 0;
}

/*
 * json-c 0.16 leaves out a member that it has no memory for, and says nothing.
 * What is read here may be written again: two readings have to agree.
 */
int document_parse(struct json_object **document, const char *bytes,
		   size_t size, struct error *err)
{
	struct json_object *first = NULL;
	struct json_object *second = NULL;
	int status = 0;

	if (parse_once(&first, bytes, size, err) < 0)
		return -1;
	status = parse_once(&second, bytes, size, err);
	if (status == 0 && !json_object_equal(first, second))
		status = error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	json_object_put(second);
	if (status < 0)
		json_object_put(first);
	else
		*document = first;
	return status;
}

int document_write(struct json_object *document, char **bytes, size_t *size,
		   struct error *err)
{
	const char *text = json_write(document,
				      JSON_C_TO_STRING_PLAIN |
					      JSON_C_TO_STRING_NOSLASHESCAPE,
				      size);
	char *copy = text ? strdup(text) : NULL;

	if (!copy)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	*bytes = copy;
	return 0;
}

int document_object(struct json_object *object, const char *key,
		    struct json_object **field, struct error *err)
{
	struct json_object *found = json_object_object_get(object, key);

	if (found && !json_object_is_type(found, json_type_object))
		return error_set(err, EINVAL, "'%s' is not an object", key);
	*field = found;
	return 0;
}

/* NULL if it is none, or cannot be one in C. */
static const char *string_of(struct json_object *value)
{
	const char *string;

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	string = json_object_get_string(value);
	if (strlen(string) != (size_t)json_object_get_string_len(value))
		return NULL;
	return string;
}

int document_string(struct json_object *object, const char *key,
		    const char **string, struct error *err)
{
	struct json_object *found = json_object_object_get(object, key);
	const char *value = found ? string_of(found) : NULL;

	if (found && !value)
		return error_set(err, EINVAL, "'%s' is not a string", key);
	*string = value;
	return 0;
}

int document_copy(struct json_object *object, const char *key, char **copy,
		  struct error *err)
{
	const char *string;

	if (document_string(object, key, &string, err) < 0)
		return -1;
	*copy = strdup(string ? string : "");
	if (!*copy)
		return error_errno(err, "copy '%s'", key);
	return 0;
}

int document_strings(struct json_object *object, const char *key,
		     struct string_list *list, struct error *err)
{
	struct json_object *found = json_object_object_get(object, key);
	AUTO(string_list) new = { 0 };
	size_t count;

	if (!found)
		return 0;
	if (!json_object_is_type(found, json_type_array))
		return error_set(err, EINVAL, "'%s' is not an array", key);
	count = json_object_array_length(found);
	if (string_list_make(&new, count, err) < 0)
		return -1;

	for (size_t i = 0; i < count; i++) {
		const char *string =
			string_of(json_object_array_get_idx(found, i));

		if (!string)
			return error_set(err, EINVAL,
					 "item %zu of '%s' is not a string",
					 i + 1, key);
		new.item[i] = strdup(string);
		if (!new.item[i])
			return error_errno(err, "read '%s'", key);
	}

	*list = new;
	new = (struct string_list){ 0 };
	return 0;
}
