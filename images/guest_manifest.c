/* SPDX-License-Identifier: MIT */
/* guest_manifest.c - see guest_manifest.h */
#include "images/guest_manifest.h"

#include <string.h>

#include "guest/shared/frame.h"
#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "images/kernel.h"
#include "images/text.h"

#define ARCHITECTURE "x86_64"
#define DEPTH	     4 /* levels of JSON */

static struct json_object *file_object(const struct guest_file *file)
{
	struct json_object *object = json_make_object();

	json_add(object, "size", json_make_uint(file->size));
	json_add(object, "sha256", json_make_string(file->sha256));
	return object;
}

static struct json_object *names_array(const struct name_list *names)
{
	struct json_object *array = json_make_array();

	for (size_t i = 0; i < names->count; i++)
		json_append(array, json_make_string(names->name[i]));
	return array;
}

static struct json_object *manifest_object(const struct guest_manifest *m)
{
	struct json_object *o = json_make_object();

	json_add(o, "format", json_make_int(GUEST_MANIFEST_FORMAT));
	json_add(o, "overlayvm", json_make_string(OVERLAYVM_VERSION));
	json_add(o, "wire", json_make_int(FRAME_VERSION));
	json_add(o, "architecture", json_make_string(ARCHITECTURE));
	json_add(o, "kernelVersion", json_make_string(m->kernel_version));
	json_add(o, "key", json_make_string(m->key));
	json_add(o, "kernel", file_object(&m->kernel));
	json_add(o, "initramfs", file_object(&m->initramfs));
	json_add(o, "features", names_array(&m->features));
	json_add(o, "modules", names_array(&m->modules));
	json_add(o, "tools", names_array(&m->tools));
	json_add(o, "toolsLeftOut", names_array(&m->left_out));
	return o;
}

int guest_manifest_write(const struct guest_manifest *manifest, const char *dir,
			 struct error *err)
{
	autojson struct json_object *object = manifest_object(manifest);
	const char *json =
		json_write(object,
			   JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
				   JSON_C_TO_STRING_NOSLASHESCAPE,
			   NULL);
	autofree char *path = text_format("%s/manifest.json", dir);
	autofree char *text = json ? text_format("%s\n", json) : NULL;
	struct blob blob = { 0 };

	if (!path || !text)
		return error_errno(err, "write the manifest");
	blob.data = (unsigned char *)text;
	blob.size = strlen(text);
	return blob_write(&blob, path, err);
}

/* A digest goes into paths and messages: hex, and as long as it must be. */
static int read_digest(char hex[BLOB_SHA256 + 1], struct json_object *object,
		       const char *name, struct error *err)
{
	const char *text;

	if (json_get_string(object, name, BLOB_SHA256, &text, err) < 0)
		return -1;
	if (strlen(text) != BLOB_SHA256 ||
	    strspn(text, "0123456789abcdef") != BLOB_SHA256)
		return error_set(err, EPROTO, "field '%s' is not a SHA-256",
				 name);
	memcpy(hex, text, BLOB_SHA256 + 1);
	return 0;
}

static int read_file(struct guest_file *file, struct json_object *object,
		     const char *name, struct error *err)
{
	struct json_object *inner = NULL;

	/* A missing one makes the two below complain. */
	json_object_object_get_ex(object, name, &inner);
	if (json_get_uint(inner, "size", BLOB_MAX, &file->size, err) < 0 ||
	    read_digest(file->sha256, inner, "sha256", err) < 0)
		return error_prefix(err, "field '%s'", name);
	return 0;
}

static int check_kind(struct json_object *object, struct error *err)
{
	uint64_t format, wire;
	const char *architecture;

	if (json_get_uint(object, "format", UINT32_MAX, &format, err) < 0)
		return -1;
	if (format != GUEST_MANIFEST_FORMAT)
		return error_set(err, EPROTO, "format %u, not %d",
				 (unsigned)format, GUEST_MANIFEST_FORMAT);

	if (json_get_uint(object, "wire", UINT32_MAX, &wire, err) < 0 ||
	    json_get_string(object, "architecture", 32, &architecture, err) < 0)
		return -1;
	if (wire != FRAME_VERSION)
		return error_set(err, EPROTO,
				 "its agent speaks version %u, "
				 "not %d",
				 (unsigned)wire, FRAME_VERSION);
	if (strcmp(architecture, ARCHITECTURE) != 0)
		return error_set(err, EPROTO, "made for %s, not for %s",
				 architecture, ARCHITECTURE);
	return 0;
}

static int read_features(struct guest_manifest *m, struct json_object *object,
			 struct error *err)
{
	struct json_object *array;

	if (!json_has(object, "features"))
		return 0;
	if (json_get_array(object, "features", GUEST_FEATURES_MAX, &array,
			   err) < 0)
		return -1;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *one = json_object_array_get_idx(array, i);

		if (!json_object_is_type(one, json_type_string))
			return error_set(err, EPROTO,
					 "field 'features' has more than "
					 "strings");
		if (name_list_add(&m->features, json_object_get_string(one),
				  err) < 0)
			return -1;
	}
	return 0;
}

static int read_object(struct guest_manifest *m, struct json_object *object,
		       struct error *err)
{
	const char *version;

	if (check_kind(object, err) < 0 ||
	    json_get_string(object, "kernelVersion", KERNEL_VERSION_MAX,
			    &version, err) < 0 ||
	    read_digest(m->key, object, "key", err) < 0 ||
	    read_file(&m->kernel, object, "kernel", err) < 0 ||
	    read_file(&m->initramfs, object, "initramfs", err) < 0 ||
	    read_features(m, object, err) < 0)
		return -1;

	m->kernel_version = strdup(version);
	return m->kernel_version ? 0 : error_errno(err, "read the manifest");
}

int guest_manifest_read(struct guest_manifest *manifest, const char *dir,
			struct error *err)
{
	AUTO(blob) blob = { 0 };
	AUTO(guest_manifest) m = { 0 };
	autojson struct json_object *object = NULL;
	autofree char *path = text_format("%s/manifest.json", dir);

	if (!path)
		return error_errno(err, "read the manifest");
	if (blob_read(&blob, path, err) < 0)
		return -1;
	if (blob.size > GUEST_MANIFEST_MAX)
		return error_set(err, EFBIG, "'%s' is larger than %d bytes",
				 path, GUEST_MANIFEST_MAX);

	object = json_parse(blob.data, blob.size, DEPTH, err);
	if (!object || read_object(&m, object, err) < 0)
		return error_prefix(err, "read '%s'", path);
	*manifest = m;
	m = (struct guest_manifest){ 0 };
	return 0;
}

void guest_manifest_release(struct guest_manifest *manifest)
{
	free(manifest->kernel_version);
	name_list_release(&manifest->features);
	name_list_release(&manifest->modules);
	name_list_release(&manifest->tools);
	name_list_release(&manifest->left_out);
	*manifest = (struct guest_manifest){ 0 };
}
