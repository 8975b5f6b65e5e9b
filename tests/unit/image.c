/* SPDX-License-Identifier: MIT */
/* image.c - opening an image and its layers */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/image/image.h"
#include "tests/unit/image_fixture.h"

/* Any bytes will do: what a layer holds is looked at by who unpacks it. */
#define ONE   "one: the bytes of the lowest layer"
#define TWO   "two: more bytes, in the middle"
#define THREE "three"

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

static const char *const three[] = { ONE, TWO, THREE, NULL };

/* As docker before 25 and skopeo write it: a layer may be a symlink. */
static void pack_old_form(const char *path, enum compression compression)
{
	struct pack pack = fixture_pack(path, compression);

	pack_text(&pack, "1/layer.tar", ONE);
	pack_text(&pack, "hex.tar", TWO);
	pack_link(&pack, "2/layer.tar", "../hex.tar", false);
	pack_text(&pack, "./3/layer.tar", THREE);
	pack_manifest(&pack,
		      "[{\"Config\":\"%s\",\"RepoTags\":[\"base:1\"],"
		      "\"Layers\":[\"1/layer.tar\",\"2/layer.tar\","
		      "\"3/layer.tar\"]}]",
		      pack_config(&pack, "", ".json", three));
	pack_end(&pack);
}

static void read_layer(const struct image_layer *layer, const char *want)
{
	struct error err = { 0 };
	char bytes[200];
	int fd = -1;

	assert_int_equal(layer->size, strlen(want));
	assert_int_equal(layer->offset % 512, 0);
	assert_int_equal(image_layer_open(layer, &fd, &err), 0);
	assert_int_equal(io_pread(fd, bytes, (size_t)layer->size,
				  layer->offset),
			 layer->size);
	assert_memory_equal(bytes, want, layer->size);
	close(fd);

	/* The path leads to the same bytes: QEMU has nothing else. */
	fd = open(layer->path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(layer->path[0], '/');
	assert_int_equal(io_pread(fd, bytes, (size_t)layer->size,
				  layer->offset),
			 layer->size);
	assert_memory_equal(bytes, want, layer->size);
	close(fd);
}

static void check_three(struct image *image, const struct fixture *fixture)
{
	static const char *const names[] = { "1/layer.tar", "2/layer.tar",
					     "3/layer.tar" };
	struct error err = { 0 };

	assert_int_equal(image->form, REFERENCE_DOCKER_ARCHIVE);
	assert_string_equal(image->name, "base:1");
	assert_int_equal(image->layer_count, 3);
	for (size_t i = 0; i < 3; i++) {
		struct image_layer *layer = &image->layers[i];

		assert_int_equal(layer->number, i + 1);
		assert_int_equal(layer->place, i);
		assert_string_equal(layer->name, names[i]);
		assert_string_equal(layer->diff_id.hex,
				    fixture_sha256(three[i], strlen(three[i])));
		assert_null(layer->path);
		if (image_prepare_layer(image, i, &fixture->work, &err) < 0)
			fail_msg("%s", err.msg);
		assert_int_equal(image_prepare_layer(image, i, &fixture->work,
						     &err),
				 0);
		read_layer(layer, three[i]);
	}
	assert_int_equal(image_unchanged(image, &err), 0);
}

static void old_form_is_read_in_place(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };
	char want[100];

	pack_old_form("x.tar", COMPRESSION_NONE);
	must_open(&image, fixture, "x.tar");
	check_three(&image, fixture);
	snprintf(want, sizeof(want), "%s/x.tar", fixture->dir);
	assert_string_equal(image.layers[2].path, want);
	assert_int_equal(fixture_count(fixture), 0);
	assert_string_equal(fixture->warning, "");
}

static void compressed_archive_is_read(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };

	pack_old_form("x.tar.gz", COMPRESSION_GZIP);
	must_open(&image, fixture, "docker-archive:x.tar.gz:base:1");
	check_three(&image, fixture);
	assert_int_equal(fixture_count(fixture), 1);
}

static void repeated_layers_stay_only_on_top(void **state)
{
	static const char *const repeated[] = {
		ONE, TWO, ONE, THREE, TWO, NULL
	};
	static const char *const want[] = { ONE, THREE, TWO };
	const struct fixture *fixture = *state;
	struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	pack_text(&pack, "1", ONE);
	pack_text(&pack, "2", TWO);
	pack_text(&pack, "3", THREE);
	pack_link(&pack, "1-again", "1", false);
	pack_manifest(&pack,
		      "[{\"Config\":\"%s\",\"Layers\":[\"1\",\"2\","
		      "\"1-again\",\"3\",\"2\"]}]",
		      pack_config(&pack, "", ".json", repeated));
	pack_end(&pack);

	must_open(&image, fixture, "x.tar");
	assert_int_equal(image.layer_count, 3);
	assert_string_equal(image.layers[0].name, "1-again");
	assert_int_equal(image.layers[0].place, 2);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(image.layers[i].number, i + 1);
		assert_int_equal(image_prepare_layer(&image, i, &fixture->work,
						     &err),
				 0);
		read_layer(&image.layers[i], want[i]);
	}
}

static void an_image_without_layers_is_one(void **state)
{
	static const char *const none[] = { NULL };
	struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
	AUTO(image) image = { 0 };

	pack_manifest(&pack, "[{\"Config\":\"%s\",\"Layers\":null}]",
		      pack_config(&pack, "", ".json", none));
	pack_end(&pack);
	must_open(&image, *state, "x.tar");
	assert_int_equal(image.layer_count, 0);
}

/* Layers "0", "1" and so on, each with its name for content. */
static void pack_many(const char *path, unsigned int count)
{
	struct pack pack = fixture_pack(path, COMPRESSION_NONE);
	const char *layers[502] = { NULL };
	static char names[501][12];
	autofree char *list = NULL;
	size_t size;
	FILE *f = open_memstream(&list, &size);

	assert_non_null(f);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "%u", i);
		layers[i] = names[i];
		pack_text(&pack, names[i], names[i]);
		fprintf(f, "%s\"%u\"", i ? "," : "", i);
	}
	fclose(f);
	pack_manifest(&pack, "[{\"Config\":\"%s\",\"Layers\":[%s]}]",
		      pack_config(&pack, "", ".json", layers), list);
	pack_end(&pack);
}

static void as_many_layers_as_an_overlay_stacks_are_read(void **state)
{
	static const unsigned int counts[] = { 1, 127, 128, 500 };

	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		AUTO(image) image = { 0 };

		pack_many("x.tar", counts[i]);
		must_open(&image, *state, "x.tar");
		assert_int_equal(image.layer_count, counts[i]);
	}
	pack_many("x.tar", 501);
	must_not_open(*state, "x.tar", E2BIG,
		      "image 'x.tar': has 501 layers, more than the 500 that "
		      "an overlay can stack");
}

static void forms_that_are_not_read_say_so(void **state)
{
	assert_int_equal(mkdir("layout", 0700), 0);
	must_not_open(*state, "layout", EINVAL,
		      "image 'layout': is a directory without the file "
		      "oci-layout");
	must_not_open(*state, "oci:layout", EINVAL,
		      "image 'layout': is a directory without the file "
		      "oci-layout");
	fixture_write("layout/version", "Directory Transport Version: 1.1\n",
		      33);
	must_not_open(*state, "layout", ENOTSUP,
		      "image 'layout': is a directory of the form 'dir', which "
		      "is not read (skopeo copy dir:DIR oci:OTHER makes one "
		      "that is)");
	pack_old_form("x.tar", COMPRESSION_NONE);
	must_not_open(*state, "oci:x.tar", ENOTDIR,
		      "image 'x.tar': is not a directory (oci-archive:PATH "
		      "reads an archive)");
	must_not_open(*state, "oci-archive:x.tar", ENOENT,
		      "image 'x.tar': is not an OCI layout: 'oci-layout' is "
		      "not in the archive");
	must_not_open(*state, "oci:none", ENOENT,
		      "open image 'none': No such file or directory");
	must_not_open(*state, "oci-archive:layout", EISDIR,
		      "open image 'layout': is a directory");
	must_not_open(*state, "docker-archive:layout", EISDIR,
		      "open image 'layout': is a directory");
	must_not_open(*state, "none", ENOENT,
		      "open image 'none': No such file or directory");
}

static void a_changed_image_is_noticed(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	pack_old_form("x.tar", COMPRESSION_NONE);
	must_open(&image, fixture, "x.tar");
	assert_int_equal(image_unchanged(&image, &err), 0);
	assert_int_equal(chmod("x.tar", 0400), 0);
	assert_int_equal(image_unchanged(&image, &err), -1);
	assert_int_equal(err.code, ESTALE);
	assert_string_equal(err.msg, "image 'x.tar' changed while it was read");
}

static void preparing_can_be_cancelled(void **state)
{
	struct fixture *fixture = *state;
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	pack_old_form("x.tar", COMPRESSION_NONE);
	must_open(&image, fixture, "x.tar");
	fixture->cancel_at = fixture->advanced + 1;
	assert_int_equal(image_prepare_layer(&image, 1, &fixture->work, &err),
			 -1);
	assert_int_equal(err.code, ECANCELED);
	assert_string_equal(err.msg, "image 'x.tar': layer 2 '2/layer.tar': "
				     "cancelled");
	assert_int_equal(image_prepare_layer(&image, 1, &fixture->work, &err),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(old_form_is_read_in_place),
		WITH_FIXTURE(compressed_archive_is_read),
		WITH_FIXTURE(repeated_layers_stay_only_on_top),
		WITH_FIXTURE(an_image_without_layers_is_one),
		WITH_FIXTURE(as_many_layers_as_an_overlay_stacks_are_read),
		WITH_FIXTURE(forms_that_are_not_read_say_so),
		WITH_FIXTURE(a_changed_image_is_noticed),
		WITH_FIXTURE(preparing_can_be_cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
