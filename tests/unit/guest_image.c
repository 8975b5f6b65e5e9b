/* SPDX-License-Identifier: MIT */
/* guest_image.c - guest images that are there: found, listed, put, removed */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/frame.h"
#include "images/guest_build.h"
#include "images/guest_cache.h"
#include "images/guest_image.h"
#include "images/guest_manifest.h"
#include "images/place.h"
#include "images/tempdir.h"

#define KEY_A "aaaa1111aaaa1111"
#define KEY_B "aaaa2222aaaa2222"
#define REST  "000000000000000000000000000000000000000000000000"

static struct tempdir here; /* the working directory, and the cache */

static void write_text(const char *dir, const char *name, const char *text)
{
	struct blob blob = { (unsigned char *)(uintptr_t)text, strlen(text) };
	struct error err = { 0 };
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	(void)unlink(path);
	assert_int_equal(place_make(dir, &err), 0);
	assert_int_equal(blob_write(&blob, path, &err), 0);
}

static const char *manifest_path(const char *dir)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/manifest.json", dir);
	return path;
}

/* An image whose kernel is "KERNEL" and whose initramfs is "FILES". */
static void make_image(const char *dir, const char *key)
{
	char version[] = "6.1-x";
	struct guest_manifest m = { .kernel_version = version,
				    .kernel = { .size = 6 },
				    .initramfs = { .size = 5 } };
	struct error err = { 0 };

	memset(m.kernel.sha256, '1', BLOB_SHA256);
	memset(m.initramfs.sha256, '2', BLOB_SHA256);
	snprintf(m.key, sizeof(m.key), "%s" REST, key);
	write_text(dir, "kernel", "KERNEL");
	write_text(dir, "initramfs", "FILES");
	(void)unlink(manifest_path(dir));
	assert_int_equal(guest_manifest_write(&m, dir, &err), 0);
}

static void made_at(const char *dir, time_t seconds)
{
	struct timespec times[2] = { { .tv_sec = seconds },
				     { .tv_sec = seconds } };

	assert_int_equal(utimensat(AT_FDCWD, dir, times, 0), 0);
}

static void without_an_image_the_cure_is_named(void **state)
{
	AUTO(guest_image) image = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(guest_image_find(&image, &err), -1);
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.msg, "none found (make one with "
				     "'overlayvm guest build')");
}

static void newest_usable_image_is_found(void **state)
{
	AUTO(guest_image) image = { 0 };
	struct error err = { 0 };

	(void)state;
	make_image("guest/" KEY_A, KEY_A);
	make_image("guest/" KEY_B, KEY_B);
	made_at("guest/" KEY_A, 2000);
	made_at("guest/" KEY_B, 1000);
	assert_int_equal(guest_image_find(&image, &err), 0);
	assert_string_equal(image.key, KEY_A REST);
	assert_string_equal(image.kernel_version, "6.1-x");
	assert_int_equal(image.size, 11);
	assert_string_equal(strrchr(image.kernel, '/'), "/kernel");
	assert_string_equal(strrchr(image.initramfs, '/'), "/initramfs");
	guest_image_release(&image);

	write_text("guest/" KEY_A, "kernel", "too long");
	made_at("guest/" KEY_A, 2000);
	assert_int_equal(guest_image_find(&image, &err), 0);
	assert_string_equal(image.key, KEY_B REST);
}

#define TEXT_OF(number) #number
#define TEXT(number)	TEXT_OF(number)
#define WIRE		TEXT(FRAME_VERSION)
#define MANIFEST(format, wire, machine, key)                                   \
	"{\"format\":" format ",\"wire\":" wire ",\"architecture\":\"" machine \
	"\",\"kernelVersion\":\"6\",\"key\":\"" key                            \
	"\",\"kernel\":{\"size\":6,\"sha256\":\"" KEY_A REST                   \
	"\"},\"initramfs\":{\"size\":5,\"sha256\":\"" KEY_A REST "\"}}"

static const char sound[] = MANIFEST("1", WIRE, "x86_64", KEY_A REST);

static const struct {
	const char *manifest;
	const char *message; /* after "read 'bad/manifest.json': " */
} bad[] = {
	{ MANIFEST("2", WIRE, "x86_64", KEY_A REST), "format 2, not 1" },
	{ MANIFEST("1", "999", "x86_64", KEY_A REST),
	  "its agent speaks version 999, not " WIRE },
	{ MANIFEST("1", WIRE, "aarch64", KEY_A REST),
	  "made for aarch64, not for x86_64" },
	{ MANIFEST("1", WIRE, "x86_64", "../../../etc"),
	  "field 'key' is not a SHA-256" },
	{ "{}", "field 'format' is missing" },
	{ "[]", "not a JSON object" },
	{ "{\"format\":1", "not valid JSON: it ends too early" },
	{ "", "not valid JSON: it ends too early" },
};

static void strange_manifests_are_passed_over(void **state)
{
	static const char start[] = "read 'bad/manifest.json': ";
	char want[256];

	(void)state;
	make_image("bad", KEY_A);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(guest_image) image = { 0 };
		struct error err = { 0 };

		write_text("bad", "manifest.json", bad[i].manifest);
		assert_int_equal(guest_image_open(&image, "bad", &err), -1);
		print_message("%s\n", err.msg);
		snprintf(want, sizeof(want), "%s%s", start, bad[i].message);
		assert_int_equal(strncmp(err.msg, want, strlen(want)), 0);
	}
}

/* What an older program wrote has none, and is read all the same. */
static void features_are_read_if_they_are_there(void **state)
{
	static const char *const strange[][2] = {
		{ "1", "field 'features' is not of type array" },
		{ "[1]", "field 'features' has more than strings" },
		{ "[null]", "field 'features' has more than strings" },
	};
	char overlay[] = "overlay", version[] = "6.1-x", *names[] = { overlay };
	struct guest_manifest m = { .kernel_version = version };
	AUTO(guest_manifest) read = { 0 };
	struct error err = { 0 };

	(void)state;
	make_image("features", KEY_A);
	assert_int_equal(guest_manifest_read(&read, "features", &err), 0);
	assert_int_equal(read.features.count, 0);
	memcpy(m.key, read.key, sizeof(m.key));
	m.kernel = read.kernel;
	m.initramfs = read.initramfs;
	m.features = (struct name_list){ names, 1 };
	guest_manifest_release(&read);

	(void)unlink(manifest_path("features"));
	assert_int_equal(guest_manifest_write(&m, "features", &err), 0);
	assert_int_equal(guest_manifest_read(&read, "features", &err), 0);
	assert_int_equal(read.features.count, 1);
	assert_string_equal(read.features.name[0], "overlay");

	for (size_t i = 0; i < COUNT_OF(strange); i++) {
		AUTO(guest_manifest) none = { 0 };
		char text[1024], want[512];

		snprintf(text, sizeof(text), "%.*s,\"features\":%s}",
			 (int)strlen(sound) - 1, sound, strange[i][0]);
		write_text("features", "manifest.json", text);
		assert_int_equal(guest_manifest_read(&none, "features", &err),
				 -1);
		snprintf(want, sizeof(want), "read '%s': %s",
			 manifest_path("features"), strange[i][1]);
		assert_string_equal(err.msg, want);
		assert_null(none.kernel_version);
	}
}

static void files_must_have_their_sizes(void **state)
{
	AUTO(guest_image) image = { 0 };
	struct error err = { 0 };

	(void)state;
	make_image("cut", KEY_A);
	assert_int_equal(truncate("cut/initramfs", 4), 0);
	assert_int_equal(guest_image_open(&image, "cut", &err), -1);
	assert_string_equal(err.msg, "'cut/initramfs' does not have the size "
				     "that its manifest says");
	unlink("cut/kernel");
	assert_int_equal(guest_image_open(&image, "cut", &err), -1);
	assert_string_equal(err.msg, "look at 'cut/kernel': No such file or "
				     "directory");
}

static void all_images_are_listed(void **state)
{
	AUTO(guest_images) images = { 0 };
	struct error err = { 0 };

	(void)state;
	make_image("guest/" KEY_A, KEY_A);
	write_text("guest/" KEY_B, "manifest.json", "{}");
	write_text("guest/.new-guest.abcdef", "manifest.json", "{}");
	assert_int_equal(guest_images_list(&images, &err), 0);
	assert_int_equal(images.count, 2);
	assert_string_equal(images.list[0].kernel_version, "6.1-x");
	assert_null(images.list[1].kernel_version);
}

static const struct {
	const char *key;
	const char *message; /* NULL: it is removed */
} removals[] = {
	{ "aaa", "'aaa' is not a key of a guest image: at least 4 digits, as "
		 "'overlayvm guest list' prints them" },
	{ "../..", "'../..' is not a key of a guest image: at least 4 digits, "
		   "as 'overlayvm guest list' prints them" },
	{ "", "'' is not a key of a guest image: at least 4 digits, as "
	      "'overlayvm guest list' prints them" },
	{ "bbbb", "no guest image 'bbbb' in the cache" },
	{ "aaaa", "several guest images have a key that begins with 'aaaa'" },
	{ "aaaa1", NULL },
	{ "aaaa1", "no guest image 'aaaa1' in the cache" },
	{ KEY_B REST, NULL },
};

static void an_image_is_removed_by_its_key(void **state)
{
	(void)state;
	make_image("guest/" KEY_A, KEY_A);
	make_image("guest/" KEY_B, KEY_B);
	for (size_t i = 0; i < COUNT_OF(removals); i++) {
		struct error err = { 0 };
		int result = guest_cache_remove(removals[i].key, &err);

		if (removals[i].message) {
			assert_int_equal(result, -1);
			assert_string_equal(err.msg, removals[i].message);
		} else {
			assert_int_equal(result, 0);
		}
	}
	assert_int_equal(access("guest/" KEY_A, F_OK), -1);
	assert_int_equal(access("guest/" KEY_B, F_OK), -1);
}

static void an_image_takes_the_place_of_another(void **state)
{
	struct error err = { 0 };
	bool swapped;

	(void)state;
	make_image("new", KEY_A);
	assert_int_equal(guest_cache_put("new", "place", &swapped, &err), 0);
	assert_false(swapped);
	assert_int_equal(access("new", F_OK), -1);

	make_image("new", KEY_A);
	write_text("new", "kernel", "newest");
	assert_int_equal(guest_cache_put("new", "place", &swapped, &err), 0);
	assert_int_equal(swapped, access("new", F_OK) == 0);
	assert_int_equal(access("place/manifest.json", F_OK), 0);

	assert_int_equal(guest_cache_put("gone", "place", &swapped, &err), -1);
	assert_string_equal(err.msg,
			    "create 'place': No such file or directory");
}

static void only_guest_images_are_replaced(void **state)
{
	struct guest_recipe recipe = { .output = "mine" };
	AUTO(guest_built) built = { 0 };
	struct error err = { 0 };

	(void)state;
	write_text("mine", "thesis.tex", "x");
	assert_int_equal(guest_build(&built, &recipe, &err), -1);
	assert_int_equal(err.code, EEXIST);
	assert_string_equal(err.msg, "'mine' is there and not a guest image; "
				     "not replaced");
}

static void what_a_killed_process_left_is_removed(void **state)
{
	AUTO(tempdir) used = { 0 };
	AUTO(tempdir) next = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(tempdir_create(&used, ".", "t", &err), 0);
	write_text("t.abcdef/deep/er", "file", "x");
	write_text("t.longer-name", "file", "x");
	assert_int_equal(tempdir_create(&next, ".", "t", &err), 0);
	assert_int_equal(access("t.abcdef", F_OK), -1);
	assert_int_equal(access("t.longer-name", F_OK), 0);
	assert_int_equal(access(used.path, F_OK), 0);
}

static void the_cache_is_where_the_user_says(void **state)
{
	char *dir = NULL;
	struct error err = { 0 };

	(void)state;
	unsetenv("OVERLAYVM_CACHE");
	setenv("HOME", "/h", 1);
	setenv("XDG_CACHE_HOME", "/x", 1);
	assert_int_equal(place_cache(&dir, &err), 0);
	assert_string_equal(dir, "/x/overlayvm/guest");
	free(dir);
	setenv("XDG_CACHE_HOME", "relative", 1);
	assert_int_equal(place_cache(&dir, &err), 0);
	assert_string_equal(dir, "/h/.cache/overlayvm/guest");
	free(dir);
	unsetenv("HOME");
	assert_int_equal(place_cache(&dir, &err), -1);
	assert_string_equal(err.msg, "no directory for the cache (set "
				     "OVERLAYVM_CACHE)");
	setenv("OVERLAYVM_CACHE", here.path, 1);
}

static int enter(void **state)
{
	struct error err = { 0 };

	(void)state;
	if (tempdir_create(&here, place_temporary(), "test-guest", &err) < 0)
		return -1;
	setenv("OVERLAYVM_CACHE", here.path, 1);
	return chdir(here.path);
}

static int leave(void **state)
{
	(void)state;
	tempdir_release(&here);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_an_image_the_cure_is_named),
		cmocka_unit_test(newest_usable_image_is_found),
		cmocka_unit_test(strange_manifests_are_passed_over),
		cmocka_unit_test(features_are_read_if_they_are_there),
		cmocka_unit_test(files_must_have_their_sizes),
		cmocka_unit_test(all_images_are_listed),
		cmocka_unit_test(an_image_is_removed_by_its_key),
		cmocka_unit_test(an_image_takes_the_place_of_another),
		cmocka_unit_test(only_guest_images_are_replaced),
		cmocka_unit_test(what_a_killed_process_left_is_removed),
		cmocka_unit_test(the_cache_is_where_the_user_says),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
