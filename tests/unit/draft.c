/* SPDX-License-Identifier: MIT */
/* draft.c - an image that is to be written, and the documents of it */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/document.h"
#include "host/image/draft.h"
#include "host/image/draft_json.h"
#include "host/image/media_type.h"
#include "tests/unit/image_fixture.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define D "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

static struct image_blob layers[] = {
	{ "application/vnd.oci.image.layer.v1.tar", { A }, 1, NULL, -1, 0 },
	{ "application/vnd.oci.image.layer.v1.tar+zstd",
	  { B },
	  2,
	  NULL,
	  -1,
	  0 },
};

static const struct draft sample = {
	.manifest = { MEDIA_OCI_MANIFEST, { D }, 4, NULL, -1, 0 },
	.config = { MEDIA_OCI_CONFIG, { C }, 3, NULL, -1, 0 },
	.layers = layers,
	.layer_count = 2,
};

static void assert_json(struct json_object *document, const char *want)
{
	struct error err = { 0 };
	autofree char *bytes = NULL;
	size_t size;

	assert_int_equal(document_write(document, &bytes, &size, &err), 0);
	assert_string_equal(bytes, want);
	json_object_put(document);
}

#define CONFIG                                                                 \
	"{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","         \
	"\"digest\":\"sha256:" C "\",\"size\":3}"
#define MANIFEST                                                               \
	"\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","        \
	"\"digest\":\"sha256:" D "\",\"size\":4"
#define LAYER_A                                                                \
	"{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","           \
	"\"digest\":\"sha256:" A "\",\"size\":1}"
#define LAYER_B                                                                \
	"{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+zstd\","      \
	"\"digest\":\"sha256:" B "\",\"size\":2}"
#define HEAD(kind)                                                             \
	"{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image." kind \
	".v1+json\","

static void a_manifest_has_descriptors_and_names_the_base(void **state)
{
	(void)state;
	assert_json(draft_manifest_json(&sample, 2, "docker.io/library/b:1",
					"sha256:" A),
		    HEAD("manifest") "\"config\":" CONFIG
				     ",\"layers\":[" LAYER_A "," LAYER_B
				     "],\"annotations\":{"
				     "\"org.opencontainers.image.base.digest\":"
				     "\"sha256:" A
				     "\",\"org.opencontainers.image.base.name\""
				     ":\"docker.io/library/b:1\"}}");
	assert_json(draft_manifest_json(&sample, 1, NULL, NULL),
		    HEAD("manifest") "\"config\":" CONFIG
				     ",\"layers\":[" LAYER_A "]}");
}

static void dockers_manifest_has_paths(void **state)
{
	(void)state;
	assert_json(draft_docker_json(&sample, "b:1"),
		    "[{\"Config\":\"blobs/sha256/" C
		    "\",\"RepoTags\":[\"b:1\"],\"Layers\":[\"blobs/sha256/" A
		    "\",\"blobs/sha256/" B "\"]}]");
	assert_json(draft_docker_json(&sample, NULL),
		    "[{\"Config\":\"blobs/sha256/" C
		    "\",\"RepoTags\":[],\"Layers\":[\"blobs/sha256/" A
		    "\",\"blobs/sha256/" B "\"]}]");
	assert_json(draft_repositories_json(&sample, "h:5/b:1"),
		    "{\"h:5/b\":{\"1\":\"" B "\"}}");
}

/* The manifests of an index after the image was entered. */
static const struct {
	const char *before;
	const char *ref;
	const char *after;
} indexes[] = {
	{ "", NULL, "{" MANIFEST "}" },
	{ "", "v1",
	  "{" MANIFEST
	  ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"v1\"}}" },
	{ "{\"digest\":\"x\",\"annotations\":{\"org.opencontainers.image.ref."
	  "name\":\"v1\"}},{\"digest\":\"y\",\"annotations\":{\"org."
	  "opencontainers.image.ref.name\":\"v10\",\"z\":\"1\"}},1,{"
	  "\"annotations\":[]}",
	  "v1",
	  "{\"digest\":\"y\",\"annotations\":{\"org.opencontainers.image.ref."
	  "name\":\"v10\",\"z\":\"1\"}},1,{\"annotations\":[]},{" MANIFEST
	  ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"v1\"}}" },
	{ "{\"digest\":\"sha256:" D "\"},{\"digest\":\"sha256:" A "\"}", NULL,
	  "{\"digest\":\"sha256:" A "\"},{" MANIFEST "}" },
	{ "{\"digest\":\"sha256:" D
	  "\",\"annotations\":{\"org.opencontainers.image.ref.name\":\"a\"}}",
	  NULL,
	  "{\"digest\":\"sha256:" D
	  "\",\"annotations\":{\"org.opencontainers.image.ref.name\":\"a\"}},"
	  "{" MANIFEST "}" },
};

static void an_index_gets_one_and_keeps_the_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(indexes); i++) {
		struct json_object *index = NULL;
		struct error err = { 0 };
		autofree char *text = NULL;
		autofree char *want = NULL;

		assert_true(asprintf(&text, "{\"x\":1,\"manifests\":[%s]}",
				     indexes[i].before) > 0);
		assert_true(asprintf(&want, "{\"x\":1,\"manifests\":[%s]}",
				     indexes[i].after) > 0);
		assert_int_equal(document_parse(&index, text, strlen(text),
						&err),
				 0);
		assert_int_equal(draft_enter(index, &sample, indexes[i].ref,
					     NULL, &err),
				 0);
		assert_json(index, want);
	}
}

static void what_is_no_index_is_refused(void **state)
{
	autodocument struct json_object *array = json_object_new_array();
	autodocument struct json_object *object = json_object_new_object();
	struct error err = { 0 };

	(void)state;
	assert_int_equal(draft_enter(array, &sample, NULL, NULL, &err), -1);
	assert_string_equal(err.msg, "is not a JSON object");
	json_object_object_add(object, "manifests", json_object_new_object());
	assert_int_equal(draft_enter(object, &sample, NULL, NULL, &err), -1);
	assert_string_equal(err.msg, "'manifests' is not an array");
}

static void a_new_index_and_layout_are_of_the_specification(void **state)
{
	(void)state;
	assert_json(draft_index_json(), HEAD("index") "\"manifests\":[]}");
	assert_json(draft_layout_json(), "{\"imageLayoutVersion\":\"1.0.0\"}");
}

/* An image of two layers, of which the first comes again as the third. */
static void open_base(struct image *image, enum compression compression,
		      const struct fixture *fixture)
{
	static const char *const texts[] = { "one", "two", "one", NULL };
	struct pack pack = fixture_pack("base.tar", COMPRESSION_NONE);
	const struct reference reference = { .path = (char *)"base.tar" };
	struct error err = { 0 };
	const char *config;
	size_t size;

	for (size_t i = 0; i < 2; i++) {
		autofree char *bytes =
			fixture_compress(compression, texts[i],
					 strlen(texts[i]), &size);

		pack_file(&pack, i ? "2.tar" : "1.tar", bytes, size);
	}
	config = pack_config(&pack, "", "", texts);
	pack_manifest(&pack,
		      "[{\"Config\":\"%s\",\"RepoTags\":[\"b:1\"],\"Layers\":["
		      "\"1.tar\",\"2.tar\",\"1.tar\"]}]",
		      config);
	pack_end(&pack);
	if (image_open(image, &reference, &fixture->work, &err) < 0)
		fail_msg("%s", err.msg);
}

static int append(void *context, const void *bytes, size_t size,
		  struct error *err)
{
	char *text = context;

	(void)err;
	strncat(text, bytes, size);
	return 0;
}

static void layers_are_taken_as_they_are_stored(void **state)
{
	static const enum compression kinds[] = { COMPRESSION_NONE,
						  COMPRESSION_GZIP,
						  COMPRESSION_ZSTD };
	const struct config_edit nothing = { 0 };

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		AUTO(image) image = { 0 };
		AUTO(draft) draft = { 0 };
		struct error err = { 0 };
		size_t size;
		autofree char *stored =
			fixture_compress(kinds[i], "one", 3, &size);

		open_base(&image, kinds[i], *state);
		assert_int_equal(draft_make(&draft, &image, &nothing,
					    &((struct fixture *)*state)->work,
					    &err),
				 0);
		assert_int_equal(draft.layer_count, 3);
		assert_int_equal(draft.layers[0].size, size);
		assert_string_equal(draft.layers[0].digest.hex,
				    fixture_sha256(stored, size));
		assert_string_equal(draft.layers[2].digest.hex,
				    draft.layers[0].digest.hex);
		assert_string_equal(draft.layers[1].media_type,
				    media_type_of_layer(kinds[i]));
		/* It changes nothing: the config is the same bytes. */
		assert_ptr_equal(draft.config.bytes, image.config.bytes);
		assert_null(strstr(draft.manifest.bytes, "annotations"));
	}
}

static void what_oci_does_not_know_is_stored_plain(void **state)
{
	struct fixture *fixture = *state;
	const struct config_edit nothing = { 0 };
	AUTO(image) image = { 0 };
	AUTO(draft) draft = { 0 };
	struct error err = { 0 };
	char text[16] = "";

	open_base(&image, COMPRESSION_XZ, fixture);
	assert_int_equal(draft_make(&draft, &image, &nothing, &fixture->work,
				    &err),
			 0);
	assert_string_equal(draft.layers[1].media_type,
			    media_type_of_layer(COMPRESSION_NONE));
	assert_string_equal(draft.layers[1].digest.hex,
			    fixture_sha256("two", 3));
	assert_int_equal(image_blob_read(&draft.layers[1], append, text,
					 &fixture->work, &err),
			 0);
	assert_string_equal(text, "two");
}

static void a_layer_that_is_not_its_diff_id_is_refused(void **state)
{
	struct fixture *fixture = *state;
	const struct config_edit nothing = { 0 };
	AUTO(image) image = { 0 };
	AUTO(draft) draft = { 0 };
	struct error err = { 0 };
	char text[16] = "";
	struct image_blob blob;

	open_base(&image, COMPRESSION_GZIP, fixture);
	image.config.diff_ids[1] = (struct digest){ A };
	for (size_t i = 0; i < image.layer_count; i++)
		if (strcmp(image.layers[i].name, "2.tar") == 0)
			image.layers[i].diff_id = (struct digest){ A };
	assert_int_equal(draft_make(&draft, &image, &nothing, &fixture->work,
				    &err),
			 -1);
	assert_int_equal(err.code, EBADMSG);
	assert_non_null(strstr(err.msg, ", the config says sha256:" A));

	/* One that is not compressed is seen when it is copied. */
	blob = (struct image_blob){ NULL, { A }, 3, "two", -1, 0 };
	assert_int_equal(image_blob_read(&blob, append, text, &fixture->work,
					 &err),
			 -1);
	assert_int_equal(err.code, EBADMSG);
	assert_string_equal(err.msg + sizeof("blob sha256:") - 1 + 64,
			    ": content is sha256:"
			    "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d"
			    "376b0dbe685e2f3");
}

static void a_new_layer_names_its_base(void **state)
{
	struct fixture *fixture = *state;
	const struct image_addition addition = {
		.size = 5,
		.digest = { B },
		.diff_id = { C },
		.compression = COMPRESSION_GZIP,
		.created_by = "x",
	};
	const struct config_edit edit = { .additions = &addition,
					  .addition_count = 1 };
	const struct config_edit nothing = { 0 };
	AUTO(image) image = { 0 };
	AUTO(draft) draft = { 0 }, alone = { 0 };
	struct error err = { 0 };
	char want[128];

	open_base(&image, COMPRESSION_NONE, fixture);
	assert_int_equal(draft_make(&alone, &image, &nothing, &fixture->work,
				    &err),
			 0);
	assert_int_equal(draft_make(&draft, &image, &edit, &fixture->work,
				    &err),
			 0);
	assert_int_equal(draft.layer_count, 4);
	assert_int_equal(draft.base_count, 3);
	(void)snprintf(want, sizeof(want), "base.digest\":\"sha256:%s\"",
		       alone.manifest.digest.hex);
	assert_non_null(strstr(draft.manifest.bytes, want));
	assert_non_null(strstr(draft.manifest.bytes,
			       "base.name\":\"docker.io/library/b:1\""));
	assert_non_null(strstr(draft.config.bytes, C));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_has_descriptors_and_names_the_base),
		cmocka_unit_test(dockers_manifest_has_paths),
		cmocka_unit_test(an_index_gets_one_and_keeps_the_others),
		cmocka_unit_test(what_is_no_index_is_refused),
		cmocka_unit_test(
			a_new_index_and_layout_are_of_the_specification),
		WITH_FIXTURE(layers_are_taken_as_they_are_stored),
		WITH_FIXTURE(what_oci_does_not_know_is_stored_plain),
		WITH_FIXTURE(a_layer_that_is_not_its_diff_id_is_refused),
		WITH_FIXTURE(a_new_layer_names_its_base),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
