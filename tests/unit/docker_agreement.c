/* SPDX-License-Identifier: MIT */
/* docker_agreement.c - archives with manifest.json and an OCI index */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/image/docker_archive.h"
#include "host/image/media_type.h"
#include "tests/unit/image_fixture.h"
#include "tests/unit/oci_fixture.h"

static const char *const mine[] = { "one", "two", NULL };
static const char *const short_one[] = { "one", NULL };
static const char *const others[] = { "one", "three", NULL };

#define NAMED                                                                  \
	",\"annotations\":{\"io.containerd.image.name\":"                      \
	"\"docker.io/library/foo:1\"}"

/* Allocated. */
static char *blob_name(const char *text)
{
	return oci_text("blobs/sha256/%s", fixture_sha256(text, strlen(text)));
}

/* manifest.json of foo:1, which has the config and the layers of `mine`. */
static void write_manifest(const char *before)
{
	autofree char *config = fixture_config(mine);
	autofree char *config_name = blob_name(config);
	autofree char *one = blob_name(mine[0]);
	autofree char *two = blob_name(mine[1]);
	autofree char *text =
		oci_text("[{\"Config\":\"%s\",\"RepoTags\":[\"foo:1\"],"
			 "\"Layers\":[\"%s%s\",\"%s%s\"]}]",
			 config_name, before, one, before, two);

	oci_write("manifest.json", text);
	free(oci_blob(MEDIA_OCI_CONFIG, config, strlen(config), ""));
	free(oci_blob(MEDIA_OCI_LAYER, mine[0], strlen(mine[0]), ""));
	free(oci_blob(MEDIA_OCI_LAYER, mine[1], strlen(mine[1]), ""));
}

/* An OCI manifest with the config of `mine` and with these layers. */
static char *manifest_of(const char *const *layers)
{
	autofree char *config_text = fixture_config(mine);
	autofree char *config = oci_blob(MEDIA_OCI_CONFIG, config_text,
					 strlen(config_text), "");
	autofree char *list = oci_text("%s", "");
	autofree char *manifest = NULL;

	for (size_t i = 0; layers[i]; i++) {
		autofree char *layer = oci_blob(MEDIA_OCI_LAYER, layers[i],
						strlen(layers[i]), "");
		char *longer = oci_text("%s%s%s", list, i ? "," : "", layer);

		free(list);
		list = longer;
	}
	manifest = oci_text("{\"schemaVersion\":2,\"mediaType\":"
			    "\"" MEDIA_OCI_MANIFEST "\",\"config\":%s,"
			    "\"layers\":[%s]}",
			    config, list);
	return oci_blob(MEDIA_OCI_MANIFEST, manifest, strlen(manifest), NAMED);
}

/* Takes `entries`, up to NULL, of index.json. */
static int open_with(const struct fixture *fixture, char *first, char *second,
		     const char *before, struct image *image, struct error *err)
{
	const char *const entries[] = { first, second, NULL };
	AUTO(reference) reference = { 0 };

	write_manifest(before);
	oci_end(entries);
	oci_pack();
	free(first);
	free(second);
	assert_int_equal(reference_parse(&reference, "docker-archive:x.tar",
					 err),
			 0);
	return image_open(image, &reference, &fixture->work, err);
}

static void must_open(const struct fixture *fixture, char *first, char *second,
		      const char *before)
{
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	if (open_with(fixture, first, second, before, &image, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(image.layer_count, 2);
}

static void must_refuse(const struct fixture *fixture, char *entry,
			const char *want)
{
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	assert_int_equal(open_with(fixture, entry, NULL, "", &image, &err), -1);
	assert_string_equal(err.msg, want);
	assert_int_equal(err.code, EBADMSG);
	assert_null(image.path);
}

static void lists_that_agree_are_read(void **state)
{
	const struct fixture *fixture = *state;

	oci_begin();
	must_open(fixture, oci_image(mine, MEDIA_OCI_LAYER, NAMED), NULL, "");
	assert_string_equal(fixture->warning, "");
}

static void a_name_may_begin_with_a_dot(void **state)
{
	oci_begin();
	must_open(*state, oci_image(mine, MEDIA_OCI_LAYER, NAMED), NULL, "./");
}

static void one_of_the_entries_of_a_name_is_enough(void **state)
{
	oci_begin();
	must_open(*state, oci_image(others, MEDIA_OCI_LAYER, NAMED),
		  oci_image(mine, MEDIA_OCI_LAYER, NAMED), "");
}

static void other_images_of_the_index_do_not_matter(void **state)
{
	oci_begin();
	must_open(*state, oci_image(others, MEDIA_OCI_LAYER, ""), NULL, "");
}

static void what_was_left_out_does_not_matter(void **state)
{
	oci_begin();
	must_open(*state,
		  oci_text("{\"mediaType\":\"%s\",\"size\":2,\"digest\":"
			   "\"sha256:%s\"" NAMED "}",
			   MEDIA_OCI_MANIFEST, fixture_sha256("left out", 8)),
		  NULL, "");
}

static void a_manifest_without_layers_is_a_warning(void **state)
{
	static const char *const none[] = { NULL };
	const struct fixture *fixture = *state;

	oci_begin();
	must_open(fixture, manifest_of(none), NULL, "");
	assert_string_equal(fixture->warning,
			    "the OCI manifest in the archive lists no layers "
			    "(Docker 25.0.0 wrote such): taking those of "
			    "manifest.json");
}

static void fewer_layers_are_refused(void **state)
{
	oci_begin();
	must_refuse(*state, manifest_of(short_one),
		    "image 'x.tar': has 2 layers in manifest.json, 1 by "
		    "index.json");
}

static void another_layer_is_refused(void **state)
{
	autofree char *two = blob_name(mine[1]);
	autofree char *three = blob_name(others[1]);
	autofree char *want =
		oci_text("image 'x.tar': layer 2 is '%s' in manifest.json, "
			 "'%s' by index.json",
			 two, three);

	oci_begin();
	must_refuse(*state, manifest_of(others), want);
}

static void another_image_of_that_name_is_refused(void **state)
{
	autofree char *config = fixture_config(mine);
	autofree char *other = fixture_config(others);
	autofree char *want =
		oci_text("image 'x.tar': 'foo:1' has config sha256:%s in "
			 "manifest.json, sha256:%s by index.json",
			 fixture_sha256(config, strlen(config)),
			 fixture_sha256(other, strlen(other)));

	oci_begin();
	must_refuse(*state, oci_image(others, MEDIA_OCI_LAYER, NAMED), want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(lists_that_agree_are_read),
		WITH_FIXTURE(a_name_may_begin_with_a_dot),
		WITH_FIXTURE(one_of_the_entries_of_a_name_is_enough),
		WITH_FIXTURE(other_images_of_the_index_do_not_matter),
		WITH_FIXTURE(what_was_left_out_does_not_matter),
		WITH_FIXTURE(a_manifest_without_layers_is_a_warning),
		WITH_FIXTURE(fewer_layers_are_refused),
		WITH_FIXTURE(another_layer_is_refused),
		WITH_FIXTURE(another_image_of_that_name_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
