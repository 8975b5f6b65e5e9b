/* SPDX-License-Identifier: MIT */
/* layer.c - layers: their bytes, verified */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
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

static const char *const three[] = { ONE, TWO, THREE, NULL };

/* Docker 29 gives gzip layers the names of plain ones. */
static void hybrid_form_with_compressed_layers_is_read(void **state)
{
	static const enum compression kinds[] = {
		COMPRESSION_GZIP,
		COMPRESSION_ZSTD,
		COMPRESSION_NONE,
	};
	const struct fixture *fixture = *state;
	struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
	AUTO(image) image = { 0 };
	char names[3][100];

	pack_text(&pack, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	pack_text(&pack, "index.json", "{\"manifests\":[]}");
	for (size_t i = 0; i < 3; i++) {
		size_t size = 0;
		autofree char *stored =
			fixture_compress(kinds[i], three[i], strlen(three[i]),
					 &size);

		snprintf(names[i], sizeof(names[i]), "blobs/sha256/%s",
			 fixture_sha256(stored, size));
		pack_file(&pack, names[i], stored, size);
	}
	pack_manifest(&pack,
		      "[{\"Config\":\"%s\",\"RepoTags\":null,\"Layers\":"
		      "[\"%s\",\"%s\",\"%s\"]}]",
		      pack_config(&pack, "blobs/sha256/", "", three), names[0],
		      names[1], names[2]);
	pack_end(&pack);

	must_open(&image, fixture, "x.tar");
	assert_null(image.name);
	for (size_t i = 0; i < 3; i++) {
		struct error err = { 0 };

		assert_int_equal(image.layers[i].compression, kinds[i]);
		if (image_prepare_layer(&image, i, &fixture->work, &err) < 0)
			fail_msg("%s", err.msg);
		/* A second time there is nothing left to do. */
		assert_int_equal(image_prepare_layer(&image, i, &fixture->work,
						     &err),
				 0);
		read_layer(&image.layers[i], three[i]);
	}
	assert_int_equal(fixture_count(fixture), 2);
}

static void a_layer_with_other_content_is_refused(void **state)
{
	static const enum compression kinds[] = { COMPRESSION_NONE,
						  COMPRESSION_GZIP };
	static const char *const one[] = { ONE, NULL };
	const struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
		size_t size = 0;
		autofree char *stored =
			fixture_compress(kinds[i], TWO, strlen(TWO), &size);
		AUTO(image) image = { 0 };
		struct error err = { 0 };
		char want[400];

		pack_file(&pack, "1/layer.tar", stored, size);
		pack_manifest(&pack,
			      "[{\"Config\":\"%s\",\"Layers\":"
			      "[\"1/layer.tar\"]}]",
			      pack_config(&pack, "", ".json", one));
		pack_end(&pack);
		must_open(&image, fixture, "x.tar");
		assert_int_equal(image_prepare_layer(&image, 0, &fixture->work,
						     &err),
				 -1);
		assert_int_equal(err.code, EBADMSG);
		snprintf(want, sizeof(want),
			 "image 'x.tar': layer 1 '1/layer.tar': content is "
			 "sha256:%s, the config says sha256:%s",
			 fixture_sha256(TWO, strlen(TWO)),
			 fixture_sha256(ONE, strlen(ONE)));
		assert_string_equal(err.msg, want);
		assert_null(image.layers[0].path);
		assert_int_equal(fixture_count(fixture), 0);
	}
}

static void a_layer_that_grows_too_much_is_refused(void **state)
{
	static const char *const one[] = { ONE, NULL };
	struct fixture *fixture = *state;
	struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
	size_t size = 0;
	autofree char *stored =
		fixture_compress(COMPRESSION_XZ, ONE, strlen(ONE), &size);
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	pack_file(&pack, "1", stored, size);
	pack_manifest(&pack, "[{\"Config\":\"%s\",\"Layers\":[\"1\"]}]",
		      pack_config(&pack, "", ".json", one));
	pack_end(&pack);
	must_open(&image, fixture, "x.tar");
	fixture->work.limit = 10;
	assert_int_equal(image_prepare_layer(&image, 0, &fixture->work, &err),
			 -1);
	assert_int_equal(err.code, EFBIG);
	assert_string_equal(err.msg, "image 'x.tar': layer 1 '1': decompresses "
				     "to more than the limit of 10 bytes");
	assert_int_equal(fixture_count(fixture), 0);
}

/* No tar has such members, but a layout of another form might. */
static void a_layer_between_sectors_is_copied(void **state)
{
	struct fixture *fixture = *state;
	AUTO(source) source = { 0 };
	AUTO(image_layer) layer = { .number = 7 };
	struct error err = { 0 };

	fixture_write("odd", "123" ONE, 3 + strlen(ONE));
	layer.name = strdup("odd");
	strcpy(layer.diff_id.hex, fixture_sha256(ONE, strlen(ONE)));
	assert_int_equal(source_open(&source, "odd", &err), 0);
	assert_int_equal(image_layer_place(&layer, &source, 3, strlen(ONE),
					   &err),
			 0);
	assert_int_equal(image_layer_prepare(&layer, &fixture->work, &err), 0);
	read_layer(&layer, ONE);
	assert_int_equal(access("work/layer-7.tar", F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(hybrid_form_with_compressed_layers_is_read),
		WITH_FIXTURE(a_layer_with_other_content_is_refused),
		WITH_FIXTURE(a_layer_that_grows_too_much_is_refused),
		WITH_FIXTURE(a_layer_between_sectors_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
