/* SPDX-License-Identifier: MIT */
/* oci_manifest.c - indexes and manifests, and what is neither or both */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "host/image/media_type.h"
#include "host/image/oci_index.h"
#include "host/image/oci_manifest.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BLOB(type)                                                             \
	"{\"mediaType\":\"" type "\",\"digest\":\"sha256:" HEX "\",\"size\":"  \
	"1}"
#define DOCKER		"application/vnd.docker."
#define DOCKER_MANIFEST DOCKER "distribution.manifest.v2+json"
#define CONFIG		"\"config\":" BLOB(MEDIA_OCI_CONFIG)
#define LAYERS(type)	"{" CONFIG ",\"layers\":[" BLOB(type) "]}"

static int parse(struct oci_manifest *manifest, const char *text,
		 const char *type, struct error *err)
{
	return oci_manifest_parse(manifest, text, strlen(text), type, err);
}

static const char *const layer_types[] = {
	MEDIA_OCI_LAYER,
	MEDIA_OCI_LAYER "+gzip",
	MEDIA_OCI_LAYER "+zstd",
	DOCKER "image.rootfs.diff.tar",
	DOCKER "image.rootfs.diff.tar.gzip",
	DOCKER "image.rootfs.diff.tar.zstd",
};

static void manifests_of_both_kinds_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(layer_types); i++) {
		AUTO(oci_manifest) manifest = { 0 };
		struct error err = { 0 };
		char text[1000];

		snprintf(text, sizeof(text),
			 "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":"
			 "%s,\"layers\":[{\"mediaType\":\"%s\",\"digest\":"
			 "\"sha256:" HEX "\",\"size\":9}],\"annotations\":"
			 "{\"a\":\"b\"},\"unknown\":[]}",
			 DOCKER_MANIFEST,
			 i % 2 ? BLOB(MEDIA_OCI_CONFIG)
			       : BLOB(DOCKER "container.image.v1+json"),
			 layer_types[i]);
		assert_int_equal(parse(&manifest, text, DOCKER_MANIFEST, &err),
				 0);
		assert_int_equal(manifest.layers.count, 1);
		assert_int_equal(manifest.layers.item[0].size, 9);
		assert_string_equal(manifest.layers.item[0].media_type,
				    layer_types[i]);
		assert_string_equal(annotations_find(&manifest.annotations,
						     "a"),
				    "b");
	}
}

static const struct {
	const char *text;
	int code;
	const char *msg;
} bad[] = {
	{ "", EINVAL, "is not JSON: ends too early" },
	{ "null", EINVAL, "is not a JSON object" },
	{ "{}", EINVAL, "has no 'config'" },
	{ "{\"schemaVersion\":1}", EINVAL, "'schemaVersion' is not 2" },
	{ "{\"schemaVersion\":\"2\"}", EINVAL, "'schemaVersion' is not 2" },
	{ "{\"mediaType\":\"" MEDIA_OCI_INDEX "\"," CONFIG "}", EINVAL,
	  "says that it is '" MEDIA_OCI_INDEX "', not '" MEDIA_OCI_MANIFEST
	  "'" },
	{ "{" CONFIG ",\"layers\":[],\"manifests\":[]}", EINVAL,
	  "is said to be a manifest, but has 'manifests'" },
	{ "{" CONFIG ",\"manifests\":null}", EINVAL,
	  "is said to be a manifest, but has 'manifests'" },
	{ "{\"manifests\":[]}", EINVAL,
	  "is said to be a manifest, but has 'manifests'" },
	{ "{" CONFIG ",\"fsLayers\":[]}", EINVAL,
	  "is said to be a manifest, but has 'fsLayers'" },
	{ "{\"config\":[]}", EINVAL, "'config' is not an object" },
	{ "{\"config\":{}}", EINVAL, "'config': has no 'mediaType'" },
	{ "{\"config\":" BLOB("application/vnd.oci.empty.v1+json") "}", ENOTSUP,
	  "is not that of an image: its config is "
	  "'application/vnd.oci.empty.v1+json'" },
	{ "{" CONFIG ",\"layers\":{}}", EINVAL, "'layers' is not an array" },
	{ "{" CONFIG ",\"layers\":[" BLOB(MEDIA_OCI_LAYER) ",1]}", EINVAL,
	  "item 2 of 'layers': is not an object" },
	{ LAYERS("text/plain"), ENOTSUP,
	  "layer 1 is 'text/plain', which is no layer that can be read" },
	{ LAYERS(MEDIA_OCI_LAYER "+gzip+encrypted"), ENOTSUP,
	  "layer 1 is 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted', "
	  "which is encrypted" },
	{ LAYERS("application/"
		 "vnd.oci.image.layer.nondistributable.v1.tar+gzip"),
	  ENOTSUP,
	  "layer 1 is 'application/vnd.oci.image.layer.nondistributable.v1.tar"
	  "+gzip', which is not distributed with the image" },
	{ LAYERS(DOCKER "image.rootfs.foreign.diff.tar.gzip"), ENOTSUP,
	  "layer 1 is 'application/vnd.docker.image.rootfs.foreign.diff.tar"
	  ".gzip', which is not distributed with the image" },
	{ "{" CONFIG ",\"annotations\":{\"a\":null,\"b\":[]}}", EINVAL,
	  "'annotations': 'b' is not a string" },
};

static void what_is_no_manifest_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(oci_manifest) manifest = { 0 };
		struct error err = { 0 };

		print_message("%s\n", bad[i].text);
		assert_int_equal(parse(&manifest, bad[i].text,
				       MEDIA_OCI_MANIFEST, &err),
				 -1);
		assert_string_equal(err.msg, bad[i].msg);
		assert_int_equal(err.code, bad[i].code);
		assert_null(manifest.config.media_type);
	}
}

static const struct {
	const char *text;
	const char *type;
	const char *msg;
} bad_indexes[] = {
	{ "[]", NULL, "is not a JSON object" },
	{ "{\"manifests\":{}}", NULL, "'manifests' is not an array" },
	{ "{\"manifests\":[{}]}", NULL,
	  "item 1 of 'manifests': has no 'mediaType'" },
	{ "{\"manifests\":[],\"layers\":[]}", NULL,
	  "is said to be an index, but has 'layers'" },
	{ "{" CONFIG "}", MEDIA_OCI_INDEX,
	  "is said to be an index, but has 'config'" },
	{ "{\"mediaType\":\"" MEDIA_OCI_MANIFEST "\"}", NULL,
	  "says that it is '" MEDIA_OCI_MANIFEST "', not '" MEDIA_OCI_INDEX
	  "'" },
	{ "{\"mediaType\":\"" MEDIA_OCI_INDEX "\"}",
	  DOCKER "distribution.manifest.list.v2+json",
	  "says that it is '" MEDIA_OCI_INDEX "', not "
	  "'application/vnd.docker.distribution.manifest.list.v2+json'" },
	{ "{\"manifests\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", NULL,
	  "is nested more than 32 levels deep" },
};

static void what_is_no_index_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad_indexes); i++) {
		const char *text = bad_indexes[i].text;
		AUTO(descriptors) entries = { 0 };
		struct error err = { 0 };

		print_message("%s\n", text);
		assert_int_equal(oci_index_parse(&entries, text, strlen(text),
						 bad_indexes[i].type, &err),
				 -1);
		assert_string_equal(err.msg, bad_indexes[i].msg);
		assert_int_equal(err.code, EINVAL);
		assert_null(entries.item);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifests_of_both_kinds_are_read),
		cmocka_unit_test(what_is_no_manifest_is_refused),
		cmocka_unit_test(what_is_no_index_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
