/* SPDX-License-Identifier: MIT */
/* oci_image.c - OCI layouts: what is read, the choice in them, and bad ones */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/image/image.h"
#include "host/image/media_type.h"
#include "host/image/oci_choose.h"
#include "tests/unit/image_fixture.h"
#include "tests/unit/oci_fixture.h"

/* Any bytes will do: what a layer holds is looked at by who unpacks it. */
#define ONE "one: the bytes of the lowest layer"
#define TWO "two: more bytes, in the middle"

#define NAMED(name)                                                            \
	",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" name "\"" \
	"}"
#define FOR(arch)                                                              \
	",\"platform\":{\"os\":\"linux\",\"architecture\":\"" arch "\"}"

static const char *const one[] = { ONE, NULL };
static const char *const two[] = { ONE, TWO, NULL };

static int open_image(struct image *image, const struct fixture *fixture,
		      const char *text, struct error *err)
{
	AUTO(reference) reference = { 0 };

	assert_int_equal(reference_parse(&reference, text, err), 0);
	return image_open(image, &reference, &fixture->work, err);
}

static void must_open(struct image *image, const struct fixture *fixture,
		      const char *text)
{
	struct error err = { 0 };

	if (open_image(image, fixture, text, &err) < 0)
		fail_msg("%s", err.msg);
}

static void must_not_open(const struct fixture *fixture, const char *text,
			  int code, const char *msg)
{
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	assert_int_equal(open_image(&image, fixture, text, &err), -1);
	assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, code);
	assert_null(image.path);
	assert_null(image.layers);
}

static void check_two(struct image *image, const struct fixture *fixture)
{
	struct error err = { 0 };

	assert_string_equal(image->name, "base:1");
	assert_string_equal(annotations_find(&image->annotations, "k"), "v");
	assert_int_equal(strlen(image->manifest.hex), DIGEST_HEX_LENGTH);
	assert_int_equal(image->layer_count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct image_layer *layer = &image->layers[i];
		const char *hex = fixture_sha256(two[i], strlen(two[i]));

		assert_string_equal(layer->diff_id.hex, hex);
		assert_string_equal(layer->stored.hex, hex);
		assert_int_equal(layer->stored_size, strlen(two[i]));
		assert_string_equal(layer->media_type, MEDIA_OCI_LAYER);
		if (image_prepare_layer(image, i, &fixture->work, &err) < 0)
			fail_msg("%s", err.msg);
	}
	assert_int_equal(image_unchanged(image, &err), 0);
}

static void make_base(void)
{
	autofree char *image = NULL;

	oci_begin();
	image = oci_image(two, MEDIA_OCI_LAYER, NAMED("base:1"));
	oci_end((const char *const[]){ image, NULL });
}

static void a_directory_is_read_in_place(void **state)
{
	static const char *const texts[] = { "x", "oci:x", "oci:x:base:1" };
	const struct fixture *fixture = *state;

	make_base();
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		AUTO(image) image = { 0 };
		char want[200];

		must_open(&image, fixture, texts[i]);
		assert_int_equal(image.form, REFERENCE_OCI);
		check_two(&image, fixture);
		snprintf(want, sizeof(want), "%s/x/blobs/sha256/%s",
			 fixture->dir, image.layers[1].stored.hex);
		assert_string_equal(image.layers[1].path, want);
		assert_int_equal(image.layers[1].offset, 0);
		assert_int_equal(fixture_count(fixture), 0);
	}
}

static void an_archive_is_read_in_place(void **state)
{
	static const char *const texts[] = { "x.tar", "oci-archive:x.tar",
					     "oci-archive:x.tar:base:1" };
	const struct fixture *fixture = *state;

	make_base();
	oci_pack();
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		AUTO(image) image = { 0 };

		must_open(&image, fixture, texts[i]);
		assert_int_equal(image.form, REFERENCE_OCI_ARCHIVE);
		check_two(&image, fixture);
		assert_int_equal(image.source_count, 1);
		assert_string_equal(image.layers[1].path,
				    image.sources[0].path);
		assert_int_equal(fixture_count(fixture), 0);
	}
	must_not_open(fixture, "docker-archive:x.tar", EINVAL,
		      "image 'x.tar': contains no manifest.json: it is an OCI "
		      "archive (oci-archive:PATH)");
}

static void a_changed_layer_is_noticed(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };
	struct error err = { 0 };
	autofree char *path = NULL;

	make_base();
	must_open(&image, fixture, "x");
	path = oci_text("x/blobs/sha256/%s", image.layers[1].stored.hex);
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(image_unchanged(&image, &err), -1);
	assert_int_equal(err.code, ESTALE);
}

/* Two images, of which the second has two layers. */
static void make_two(const char *first, const char *second)
{
	autofree char *a = NULL;
	autofree char *b = NULL;

	oci_begin();
	a = oci_image(one, MEDIA_OCI_LAYER, first);
	b = oci_image(two, MEDIA_OCI_LAYER, second);
	oci_end((const char *const[]){ a, b, NULL });
}

static void the_first_of_several_is_taken_with_a_warning(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };

	make_two(NAMED("foo:1.10"), NAMED("foo:1.1"));
	must_open(&image, fixture, "x");
	assert_int_equal(image.layer_count, 1);
	assert_string_equal(fixture->warning,
			    "image 'x' holds 2 images and none was named: "
			    "taking the first, 'foo:1.10'");
}

static void names_and_places_choose(void **state)
{
	static const struct {
		const char *text;
		size_t layers;
	} choices[] = {
		{ "oci:x:foo:1.10", 1 },
		{ "oci:x:@0", 1 },
		{ "oci:x:@1", 2 },
		{ "oci:x:1.1", 2 },
		{ "oci:x:docker.io/library/foo:1.1", 2 },
		{ "oci:x:foo:1.1", 2 },
	};
	const struct fixture *fixture = *state;

	make_two(NAMED("foo:1.10"),
		 ",\"annotations\":{\"org.opencontainers.image.ref.name\":"
		 "\"1.1\",\"io.containerd.image.name\":"
		 "\"docker.io/library/foo:1.1\"}");
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		AUTO(image) image = { 0 };

		print_message("%s\n", choices[i].text);
		must_open(&image, fixture, choices[i].text);
		assert_int_equal(image.layer_count, choices[i].layers);
		assert_string_equal(fixture->warning, "");
	}
	must_not_open(fixture, "oci:x:foo:1", ENOENT,
		      "image 'x': holds no image 'foo:1'; there is foo:1.10, "
		      "docker.io/library/foo:1.1");
	must_not_open(fixture, "oci:x:@2", ENOENT,
		      "image 'x': holds no image '@2'; it has 2, the first is "
		      "'@0'");
	must_not_open(fixture, "oci:x:@x", EINVAL,
		      "image 'x': '@x' is not '@' and a number, from 0");
}

static void open_by_id(const struct fixture *fixture, const struct digest *id,
		       int digits, size_t layers)
{
	autofree char *text = oci_text("oci:x:%.*s", digits, id->hex);
	autofree char *full = oci_text("oci:x:sha256:%s", id->hex);
	AUTO(image) image = { 0 };
	AUTO(image) again = { 0 };

	must_open(&image, fixture, text);
	assert_int_equal(image.layer_count, layers);
	must_open(&again, fixture, full);
	assert_int_equal(again.layer_count, layers);
}

static void ids_choose(void **state)
{
	const struct fixture *fixture = *state;

	make_two("", "");
	for (size_t i = 0; i < 2; i++) {
		autofree char *text = oci_text("oci:x:@%zu", i);
		AUTO(image) image = { 0 };

		must_open(&image, fixture, text);
		assert_null(image.name);
		open_by_id(fixture, &image.config.digest, 12, i + 1);
		open_by_id(fixture, &image.config.digest, 64, i + 1);
		open_by_id(fixture, &image.manifest, 12, i + 1);
	}
	must_not_open(fixture, "oci:x:0123456789ab", ENOENT,
		      "image 'x': holds no image '0123456789ab'; its images "
		      "have no names");
}

static void one_name_for_two_images_is_refused(void **state)
{
	make_two(NAMED("a:1"), NAMED("docker.io/library/a:1"));
	must_not_open(*state, "oci:x:a:1", EINVAL,
		      "image 'x': holds two images 'a:1'");
}

/* An index in the index: of others, of an attestation, and of ours last. */
static void a_nested_index_is_resolved_by_platform(void **state)
{
	autofree char *amd = oci_text(FOR("%s"), image_config_architecture());
	autofree char *attestation =
		oci_text("%s,\"annotations\":{\"vnd.docker.reference.type\":"
			 "\"attestation-manifest\"}",
			 amd);
	autofree char *newer = oci_text(
		",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\","
		"\"variant\":\"v9\"}",
		image_config_architecture());
	const struct fixture *fixture = *state;
	autofree char *inner = NULL;
	char *list[6] = { NULL };
	AUTO(image) image = { 0 };

	oci_begin();
	list[0] = oci_image(one, MEDIA_OCI_LAYER, FOR("vax"));
	list[1] = oci_image(one, MEDIA_OCI_LAYER, FOR("unknown"));
	list[2] = oci_image(one, MEDIA_OCI_LAYER, attestation);
	list[3] = oci_image(one, MEDIA_OCI_LAYER, newer);
	list[4] = oci_image(two, MEDIA_OCI_LAYER, amd);
	inner = oci_index((const char *const *)list);
	for (size_t i = 0; i < 5; i++)
		free(list[i]);
	list[0] = oci_blob(MEDIA_OCI_INDEX, inner, strlen(inner),
			   NAMED("base:1"));
	list[1] = NULL;
	oci_end((const char *const *)list);
	free(list[0]);

	must_open(&image, fixture, "x");
	check_two(&image, fixture);
	assert_string_equal(fixture->warning, "");
}

static void attestations_are_not_counted(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };

	make_two(",\"platform\":{\"os\":\"unknown\",\"architecture\":"
		 "\"unknown\"}",
		 NAMED("base:1"));
	must_open(&image, fixture, "x");
	check_two(&image, fixture);
	assert_string_equal(fixture->warning, "");
}

static void no_image_for_us_lists_the_platforms(void **state)
{
	const struct fixture *fixture = *state;
	autofree char *msg =
		oci_text("image 'x': has no image for linux/%s; there is "
			 "linux/vax, plan9/mips/v2",
			 image_config_architecture());

	make_two(",\"platform\":{\"os\":\"linux\",\"architecture\":\"vax\"}",
		 ",\"platform\":{\"os\":\"plan9\",\"architecture\":\"mips\","
		 "\"variant\":\"v2\"},\"annotations\":"
		 "{\"org.opencontainers.image.ref.name\":\"p\"}");
	must_not_open(fixture, "x", ENOENT, msg);
	must_not_open(fixture, "oci:x:p", ENOENT, msg);
}

/* `depth` indexes above one image. */
static void make_nested(size_t depth)
{
	autofree char *at = NULL;

	oci_begin();
	at = oci_image(one, MEDIA_OCI_LAYER, "");
	for (size_t i = 0; i < depth; i++) {
		autofree char *index =
			oci_index((const char *const[]){ at, NULL });

		free(at);
		at = oci_blob(MEDIA_OCI_INDEX, index, strlen(index), "");
	}
	oci_end((const char *const[]){ at, NULL });
}

static void deep_indexes_are_read(void **state)
{
	AUTO(image) image = { 0 };

	make_nested(OCI_DEPTH_MAX);
	must_open(&image, *state, "x");
}

static void too_deep_indexes_are_refused(void **state)
{
	make_nested(OCI_DEPTH_MAX + 1);
	must_not_open(*state, "x", E2BIG,
		      "image 'x': has indexes nested more than 8 deep");
}

/* Each spoils the layout of make_base(); the message follows "image 'x': ". */
static void spoil(const char *digest, const char *command)
{
	autofree char *text =
		oci_text("cd x && B=blobs/sha256/%s && %s", digest, command);

	assert_int_equal(system(text), 0);
}

static const struct {
	enum { LAYER, CONFIG, MANIFEST } blob;
	const char *command; /* $B is the blob */
	int code;
	const char *msg; /* HEX is its digest */
} bad[] = {
	{ LAYER, "rm oci-layout", EINVAL,
	  "is a directory without the file oci-layout" },
	{ LAYER, "echo '{}' >oci-layout", EINVAL,
	  "oci-layout: has no 'imageLayoutVersion'" },
	{ LAYER, "echo '{\"imageLayoutVersion\":\"2.0.0\"}' >oci-layout",
	  ENOTSUP, "oci-layout: version '2.0.0' is not read, only 1.0.0" },
	{ LAYER, ": >oci-layout", EINVAL,
	  "oci-layout: is not JSON: ends too early" },
	{ LAYER, "rm index.json", ENOENT, "'index.json' is not in the layout" },
	{ LAYER, "rm index.json && mkdir index.json", EISDIR,
	  "open 'index.json': is a directory" },
	{ LAYER, "truncate -s 1048577 index.json", EFBIG,
	  "'index.json' has 1048577 bytes, more than 1048576" },
	{ LAYER, "echo '{\"manifests\":[]}' >index.json", ENOENT,
	  "index.json: holds no image" },
	{ LAYER, "sed -i s/manifests/layers/ index.json", EINVAL,
	  "index.json: is said to be an index, but has 'layers'" },
	{ MANIFEST, "sed -i s/sha256:/sha512:/ index.json", EINVAL,
	  "index.json: item 1 of 'manifests': digest 'sha512:HEX' is not a "
	  "sha256 digest; no other algorithm is supported" },
	{ LAYER, "sed -i 's/sha256:[^\"]*/sha256:..\\/x/' index.json", EINVAL,
	  "index.json: item 1 of 'manifests': digest 'sha256:../x' is not "
	  "'sha256:' and 64 lower-case hexadecimal digits" },
	{ LAYER, "sed -i 's/\"size\":/&-/' index.json", EINVAL,
	  "index.json: item 1 of 'manifests': 'size' is negative" },
	{ MANIFEST, "sed -i 's/\"size\":/&9/' index.json", EBADMSG,
	  "manifest: 'blobs/sha256/HEX' has 567 bytes, its descriptor says "
	  "9567" },
	{ MANIFEST, "sed -i s/image.manifest.v1/image.index.v1/ index.json",
	  EINVAL,
	  "index 'sha256:HEX': says that it is "
	  "'application/vnd.oci.image.manifest.v1+json', not "
	  "'application/vnd.oci.image.index.v1+json'" },
	{ MANIFEST, "rm $B", ENOENT,
	  "manifest: 'blobs/sha256/HEX' is not in the layout" },
	{ MANIFEST, "truncate -s 4194305 $B", EFBIG,
	  "manifest: 'blobs/sha256/HEX' has 4194305 bytes, more than 4194304" },
	{ CONFIG, "rm $B", ENOENT,
	  "config: 'blobs/sha256/HEX' is not in the layout" },
	{ CONFIG, "rm $B && mkfifo $B", EINVAL,
	  "config: open 'blobs/sha256/HEX': is not a regular file" },
	{ CONFIG, "truncate -s 4194305 $B", EFBIG,
	  "config: 'blobs/sha256/HEX' has 4194305 bytes, more than 4194304" },
	{ LAYER, "rm $B", ENOENT,
	  "layer 2: 'blobs/sha256/HEX' is not in the layout" },
	{ LAYER, "echo >>$B", EBADMSG,
	  "layer 2: 'blobs/sha256/HEX' has 31 bytes, its descriptor says 30" },
};

/* The message with the digest of the blob where it says HEX. */
static char *fill_in(const char *msg, const struct digest *digest)
{
	const char *at = strstr(msg, "HEX");

	if (!at)
		return oci_text("image 'x': %s", msg);
	return oci_text("image 'x': %.*s%s%s", (int)(at - msg), msg,
			digest->hex, at + 3);
}

static void bad_layouts_are_refused(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct digest blobs[3];
		AUTO(image) image = { 0 };
		autofree char *want = NULL;

		print_message("%s\n", bad[i].command);
		make_base();
		must_open(&image, *state, "x");
		blobs[LAYER] = image.layers[1].stored;
		blobs[CONFIG] = image.config.digest;
		blobs[MANIFEST] = image.manifest;
		spoil(blobs[bad[i].blob].hex, bad[i].command);
		want = fill_in(bad[i].msg, &blobs[bad[i].blob]);
		must_not_open(*state, "x", bad[i].code, want);
		assert_int_equal(system("rm -r x"), 0);
	}
}

/* The same number of other bytes: only the digest can tell. */
static void other_bytes_are_refused(void **state)
{
	static const char *const what[] = { "manifest", "config" };
	const struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT_OF(what); i++) {
		AUTO(image) image = { 0 };
		autofree char *path = NULL;
		autofree char *bytes = NULL;
		autofree char *want = NULL;
		const char *hex;
		size_t size;

		make_base();
		must_open(&image, fixture, "x");
		hex = i ? image.config.digest.hex : image.manifest.hex;
		path = oci_text("x/blobs/sha256/%s", hex);
		bytes = fixture_read(path, &size);
		bytes[size - 1] = ' ';
		fixture_write(path, bytes, size);
		want = oci_text("image 'x': %s: 'blobs/sha256/%s': content is "
				"sha256:%s",
				what[i], hex, fixture_sha256(bytes, size));
		must_not_open(fixture, "x", EBADMSG, want);
		assert_int_equal(system("rm -r x"), 0);
	}
}

static void a_layer_of_other_bytes_is_refused(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };
	struct error err = { 0 };
	autofree char *path = NULL;
	autofree char *want = NULL;

	make_base();
	must_open(&image, fixture, "x");
	path = oci_text("x/blobs/sha256/%s", image.layers[0].stored.hex);
	fixture_write(path, "one: the BYTES of the lowest layer", strlen(ONE));
	assert_int_equal(image_prepare_layer(&image, 0, &fixture->work, &err),
			 -1);
	want = oci_text("image 'x': layer 1 'blobs/sha256/%s': content is "
			"sha256:%s, its descriptor says sha256:%s",
			image.layers[0].stored.hex,
			fixture_sha256("one: the BYTES of the lowest layer",
				       strlen(ONE)),
			image.layers[0].stored.hex);
	assert_string_equal(err.msg, want);
	assert_int_equal(err.code, EBADMSG);
}

/* It is what its descriptor says, but not what the config says. */
static void a_layer_of_another_diff_id_is_refused(void **state)
{
	const struct fixture *fixture = *state;
	autofree char *config_text = NULL;
	autofree char *config = NULL;
	autofree char *layer = NULL;
	autofree char *manifest = NULL;
	autofree char *entry = NULL;
	autofree char *want = NULL;
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	oci_begin();
	config_text = fixture_config(one);
	config = oci_blob(MEDIA_OCI_CONFIG, config_text, strlen(config_text),
			  "");
	layer = oci_blob(MEDIA_OCI_LAYER, TWO, strlen(TWO), "");
	manifest = oci_text("{\"config\":%s,\"layers\":[%s]}", config, layer);
	entry = oci_blob(MEDIA_OCI_MANIFEST, manifest, strlen(manifest), "");
	oci_end((const char *const[]){ entry, NULL });

	must_open(&image, fixture, "x");
	assert_int_equal(image_prepare_layer(&image, 0, &fixture->work, &err),
			 -1);
	want = oci_text("image 'x': layer 1 'blobs/sha256/%s': content is "
			"sha256:%s, the config says sha256:%s",
			image.layers[0].stored.hex, image.layers[0].stored.hex,
			image.layers[0].diff_id.hex);
	assert_string_equal(err.msg, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(a_directory_is_read_in_place),
		WITH_FIXTURE(an_archive_is_read_in_place),
		WITH_FIXTURE(a_changed_layer_is_noticed),
		WITH_FIXTURE(the_first_of_several_is_taken_with_a_warning),
		WITH_FIXTURE(names_and_places_choose),
		WITH_FIXTURE(ids_choose),
		WITH_FIXTURE(one_name_for_two_images_is_refused),
		WITH_FIXTURE(a_nested_index_is_resolved_by_platform),
		WITH_FIXTURE(attestations_are_not_counted),
		WITH_FIXTURE(no_image_for_us_lists_the_platforms),
		WITH_FIXTURE(deep_indexes_are_read),
		WITH_FIXTURE(too_deep_indexes_are_refused),
		WITH_FIXTURE(bad_layouts_are_refused),
		WITH_FIXTURE(other_bytes_are_refused),
		WITH_FIXTURE(a_layer_of_other_bytes_is_refused),
		WITH_FIXTURE(a_layer_of_another_diff_id_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
