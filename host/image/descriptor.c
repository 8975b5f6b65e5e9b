/* SPDX-License-Identifier: MIT */
/* descriptor.c - see descriptor.h */
#include "host/image/descriptor.h"

#include <errno.h>
#include <string.h>

#include <openssl/evp.h>

#include "host/image/document.h"

static int read_size(struct descriptor *descriptor, struct json_object *object,
		     struct error *err)
{
	struct json_object *size = json_object_object_get(object, "size");

	if (!json_object_is_type(size, json_type_int))
		return error_set(err, EINVAL, "%s",
				 size ? "'size' is not a whole number"
				      : "has no 'size'");
	if (json_object_get_int64(size) < 0)
		return error_set(err, EINVAL, "'size' is negative");
	/* json-c takes what does not fit for the largest there is. */
	if (json_object_get_int64(size) == INT64_MAX)
		return error_set(err, EINVAL, "'size' is too large");
	descriptor->size = (uint64_t)json_object_get_int64(size);
	return 0;
}

/* The bytes of a base64 text, -1 if it is none. `bytes` has room for them. */
static int decode(const char *text, unsigned char *bytes)
{
	size_t length = strlen(text);
	int size = EVP_DecodeBlock(bytes, (const unsigned char *)text,
				   (int)length);

	for (size_t i = 1; i <= 2 && size > 0 && i <= length; i++)
		size -= text[length - i] == '=';
	return size;
}

static int check_data(const struct descriptor *descriptor,
		      struct json_object *object, struct error *err)
{
	autofree unsigned char *bytes = NULL;
	struct digest digest;
	const char *text;
	int size;

	if (document_string(object, "data", &text, err) < 0)
		return -1;
	if (!text)
		return 0;
	bytes = malloc(strlen(text) + 3);
	if (!bytes)
		return error_errno(err, "decode 'data'");
	size = decode(text, bytes);
	if (size < 0)
		return error_set(err, EINVAL, "'data' is not base64");
	if (digest_of(&digest, bytes, (size_t)size, err) < 0)
		return -1;
	if ((uint64_t)size != descriptor->size ||
	    !digest_equal(&digest, &descriptor->digest))
		return error_set(err, EBADMSG,
				 "'data' is not of its digest and size");
	return 0;
}

static int read_fields(struct descriptor *descriptor,
		       struct json_object *object, struct error *err)
{
	const char *digest;

	if (!json_object_is_type(object, json_type_object))
		return error_set(err, EINVAL, "is not an object");
	if (document_copy(object, "mediaType", &descriptor->media_type, err) <
		    0 ||
	    document_string(object, "digest", &digest, err) < 0)
		return -1;
	if (!*descriptor->media_type)
		return error_set(err, EINVAL, "has no 'mediaType'");
	if (!digest)
		return error_set(err, EINVAL, "has no 'digest'");
	if (digest_parse(&descriptor->digest, digest, err) < 0 ||
	    read_size(descriptor, object, err) < 0 ||
	    annotations_read(&descriptor->annotations, object, err) < 0 ||
	    platform_read(&descriptor->platform, object, err) < 0)
		return -1;
	return check_data(descriptor, object, err);
}

int descriptor_read(struct descriptor *descriptor, struct json_object *object,
		    struct error *err)
{
	AUTO(descriptor) new = { 0 };

	if (read_fields(&new, object, err) < 0)
		return -1;
	*descriptor = new;
	new = (struct descriptor){ 0 };
	return 0;
}

int descriptor_copy(struct descriptor *copy, const struct descriptor *from,
		    struct error *err)
{
	char *media_type = strdup(from->media_type);

	if (!media_type)
		return error_errno(err, "copy a descriptor");
	*copy = (struct descriptor){
		.media_type = media_type,
		.digest = from->digest,
		.size = from->size,
	};
	return 0;
}

void descriptor_release(struct descriptor *descriptor)
{
	free(descriptor->media_type);
	annotations_release(&descriptor->annotations);
	platform_release(&descriptor->platform);
	*descriptor = (struct descriptor){ 0 };
}

int descriptors_read(struct descriptors *list, struct json_object *object,
		     const char *key, struct error *err)
{
	AUTO(descriptors) new = { 0 };
	struct json_object *array = json_object_object_get(object, key);
	size_t count;

	if (!array)
		return 0;
	if (!json_object_is_type(array, json_type_array))
		return error_set(err, EINVAL, "'%s' is not an array", key);
	count = json_object_array_length(array);
	new.item = calloc(count + 1, sizeof(*new.item));
	if (!new.item)
		return error_errno(err, "read '%s'", key);
	for (; new.count < count; new.count++)
		if (descriptor_read(&new.item[new.count],
				    json_object_array_get_idx(array, new.count),
				    err) < 0)
			return error_prefix(err, "item %zu of '%s'",
					    new.count + 1, key);

	*list = new;
	new = (struct descriptors){ 0 };
	return 0;
}

void descriptors_release(struct descriptors *list)
{
	for (size_t i = 0; i < list->count; i++)
		descriptor_release(&list->item[i]);
	free(list->item);
	*list = (struct descriptors){ 0 };
}
