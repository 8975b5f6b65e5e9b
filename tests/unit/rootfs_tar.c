/* SPDX-License-Identifier: MIT */
/* rootfs_tar.c - a root file system as an image of one layer */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/image/image.h"
#include "tests/unit/image_fixture.h"

static int open_image(struct image *image, const struct fixture *fixture,
		      const char *text, struct error *err)
{
	AUTO(reference) reference = { 0 };

	assert_int_equal(reference_parse(&reference, text, err), 0);
	return image_open(image, &reference, &fixture->work, err);
}

static void pack_root(const char *path)
{
	struct pack pack = fixture_pack(path, COMPRESSION_NONE);

	pack_text(&pack, "etc/passwd", "root:x:0:0::/:/bin/sh\n");
	pack_manifest(&pack, "[]");
	pack_end(&pack);
}

static void it_is_the_only_layer_however_compressed(void **state)
{
	static const enum compression all[] = {
		COMPRESSION_NONE, COMPRESSION_GZIP,  COMPRESSION_ZSTD,
		COMPRESSION_XZ,	  COMPRESSION_BZIP2,
	};
	const struct fixture *fixture = *state;
	autofree char *plain = NULL;
	size_t size;

	pack_root("plain.tar");
	plain = fixture_read("plain.tar", &size);
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		size_t packed;
		autofree char *bytes =
			fixture_compress(all[i], plain, size, &packed);
		AUTO(image) image = { 0 };
		struct error err = { 0 };

		(void)remove("work/layer-1.tar");
		fixture_write("a:b", bytes, packed);
		if (open_image(&image, fixture, "rootfs-tar:a:b", &err) < 0)
			fail_msg("%s", err.msg);
		assert_int_equal(image.form, REFERENCE_ROOTFS_TAR);
		assert_null(image.name);
		assert_int_equal(image.layer_count, 1);
		assert_string_equal(image.layers[0].name, "a:b");
		assert_int_equal(image.layers[0].size, size);
		assert_string_equal(image.layers[0].diff_id.hex,
				    fixture_sha256(plain, size));
		assert_int_equal(image.layers[0].stored_size, packed);
		assert_int_equal(fixture_count(fixture), i > 0);
	}
}

static void a_config_is_made_up(void **state)
{
	AUTO(image) image = { 0 };
	struct error err = { 0 };
	char want[400];

	pack_root("x.tar");
	assert_int_equal(open_image(&image, *state, "rootfs-tar:x.tar", &err),
			 0);
	snprintf(want, sizeof(want),
		 "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{},"
		 "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}"
		 ",\"history\":[{\"created_by\":\"overlayvm rootfs-tar\"}]}",
		 image_config_architecture(), image.layers[0].diff_id.hex);
	assert_string_equal(image.config.bytes, want);
	assert_int_equal(image.config.diff_id_count, 1);
}

static void what_is_none_is_refused(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *msg;
	} bad[] = {
		{ "rootfs-tar:none", ENOENT,
		  "image 'none': No such file or directory" },
		{ "rootfs-tar:work", EISDIR, "image 'work': is a directory" },
		{ "rootfs-tar:empty", EINVAL, "image 'empty': is empty" },
		{ "rootfs-tar:text", EINVAL,
		  "image 'text': not a tar archive" },
	};
	char text[2000];

	memset(text, 'x', sizeof(text));
	fixture_write("empty", "", 0);
	fixture_write("text", text, sizeof(text));
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(image) image = { 0 };
		struct error err = { 0 };

		assert_int_equal(open_image(&image, *state, bad[i].text, &err),
				 -1);
		assert_string_equal(err.msg, bad[i].msg);
		assert_int_equal(err.code, bad[i].code);
		assert_null(image.path);
	}
}

static void there_is_nothing_to_choose_from(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(reference) reference = { 0 };
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	pack_root("x.tar");
	assert_int_equal(reference_parse(&reference, "rootfs-tar:x.tar", &err),
			 0);
	assert_int_equal(reference_select(&reference, "a", "1", &err), 0);
	assert_int_equal(image_open(&image, &reference, &fixture->work, &err),
			 -1);
	assert_string_equal(err.msg,
			    "image 'x.tar': is a root file system without a "
			    "name; 'a:1' cannot be chosen from it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(it_is_the_only_layer_however_compressed),
		WITH_FIXTURE(a_config_is_made_up),
		WITH_FIXTURE(what_is_none_is_refused),
		WITH_FIXTURE(there_is_nothing_to_choose_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
