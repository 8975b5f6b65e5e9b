/* SPDX-License-Identifier: MIT */
/* write_layout.c - images put into OCI layouts */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/image/layout_place.h"
#include "host/image/media_type.h"
#include "host/image/write_layout.h"
#include "tests/unit/image_fixture.h"

/* An image of one layer, all of whose blobs are the texts. */
struct sample {
	struct draft draft;
	struct image_blob layer;
};

static struct image_blob blob(const char *media_type, const char *text)
{
	struct image_blob made = { .media_type = media_type,
				   .size = strlen(text),
				   .bytes = text,
				   .fd = -1 };

	strcpy(made.digest.hex, fixture_sha256(text, strlen(text)));
	return made;
}

static void make(struct sample *sample, const char *layer, const char *config)
{
	*sample = (struct sample){
		.draft = { .manifest = blob(MEDIA_OCI_MANIFEST, config + 1),
			   .config = blob(MEDIA_OCI_CONFIG, config),
			   .layers = &sample->layer,
			   .layer_count = 1 },
		.layer = blob("layer", layer),
	};
}

static int put(struct sample *sample, const char *ref,
	       const struct fixture *fixture, struct error *err)
{
	AUTO(layout) layout = LAYOUT_NONE;

	if (layout_write(&layout, "dir", ref, &sample->draft, &fixture->work,
			 err) < 0)
		return -1;
	return layout_commit(&layout, err);
}

static void put_well(struct sample *sample, const char *ref,
		     const struct fixture *fixture)
{
	struct error err = { 0 };

	if (put(sample, ref, fixture, &err) < 0)
		fail_msg("%s", err.msg);
}

static size_t count(const char *path)
{
	DIR *dir = opendir(path);
	size_t found = 0;

	if (!dir)
		return 0;
	while (readdir(dir))
		found++;
	closedir(dir);
	return found - 2;
}

static void assert_text(const char *path, const char *want)
{
	size_t size;
	autofree char *text = fixture_read(path, &size);

	assert_string_equal(text, want);
}

static void path_of(char path[128], const char *text)
{
	(void)snprintf(path, 128, "dir/blobs/sha256/%s",
		       fixture_sha256(text, strlen(text)));
}

static void a_new_layout_is_whole(void **state)
{
	struct sample sample;
	char path[128];

	make(&sample, "layer", "config");
	put_well(&sample, "v1", *state);
	assert_int_equal(count("dir"), 3);
	assert_int_equal(count("dir/blobs/sha256"), 3);
	assert_text("dir/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	path_of(path, "layer");
	assert_text(path, "layer");
	assert_int_equal(count("."), 2); /* and the fixture's own */
}

static void an_empty_directory_becomes_one(void **state)
{
	struct sample sample;

	make(&sample, "layer", "config");
	assert_int_equal(mkdir("dir", 0777), 0);
	put_well(&sample, NULL, *state);
	assert_int_equal(count("dir/blobs/sha256"), 3);
}

static void one_that_is_there_gets_another(void **state)
{
	struct sample first, second;
	struct stat before, after;
	char path[128];
	size_t size;
	autofree char *index = NULL;

	make(&first, "layer", "config");
	put_well(&first, "v1", *state);
	fixture_write("dir/extra", "x", 1);
	path_of(path, "layer");
	assert_int_equal(stat(path, &before), 0);

	make(&second, "layer", "other config");
	put_well(&second, "v2", *state);
	assert_int_equal(count("dir/blobs/sha256"), 5);
	assert_int_equal(count("dir"), 4);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	index = fixture_read("dir/index.json", &size);
	assert_non_null(strstr(index, "\"v1\""));
	assert_non_null(strstr(index, "\"v2\""));
	assert_non_null(strstr(index, first.draft.manifest.digest.hex));
}

static void a_damaged_blob_is_replaced(void **state)
{
	struct sample sample;
	char path[128];

	make(&sample, "layer", "config");
	put_well(&sample, "v1", *state);
	path_of(path, "layer");
	fixture_write(path, "LAYER", 5);
	put_well(&sample, "v1", *state);
	assert_text(path, "layer");
}

static void without_a_commit_nothing_is_seen(void **state)
{
	const struct fixture *fixture = *state;
	struct sample first, second;
	struct layout layout = LAYOUT_NONE;
	struct error err = { 0 };
	autofree char *index = NULL;
	size_t size;

	make(&first, "layer", "config");
	assert_int_equal(layout_write(&layout, "dir", NULL, &first.draft,
				      &fixture->work, &err),
			 0);
	assert_int_equal(access("dir", F_OK), -1);
	layout_release(&layout);
	assert_int_equal(count("."), 1);

	put_well(&first, "v1", fixture);
	make(&second, "other layer", "other config");
	assert_int_equal(layout_write(&layout, "dir", "v2", &second.draft,
				      &fixture->work, &err),
			 0);
	assert_int_equal(count("dir/blobs/sha256"), 3);
	layout_release(&layout);
	assert_int_equal(count("dir"), 3);
	index = fixture_read("dir/index.json", &size);
	assert_null(strstr(index, "v2"));
}

static void what_was_added_goes_when_the_index_is_bad(void **state)
{
	struct sample first, second;
	struct error err = { 0 };

	make(&first, "layer", "config");
	put_well(&first, "v1", *state);
	fixture_write("dir/index.json", "{", 1);
	make(&second, "other layer", "other config");
	assert_int_equal(put(&second, "v2", *state, &err), -1);
	assert_string_equal(err.msg, "'dir': 'index.json': is not JSON: ends "
				     "too early");
	assert_int_equal(count("dir/blobs/sha256"), 3);
	assert_int_equal(count("dir"), 3);
	assert_text("dir/index.json", "{");
}

static void a_layer_that_is_another_is_refused(void **state)
{
	struct sample sample;
	struct error err = { 0 };

	make(&sample, "layer", "config");
	sample.layer.bytes = "LAYER";
	assert_int_equal(put(&sample, NULL, *state, &err), -1);
	assert_int_equal(err.code, EBADMSG);
	assert_int_equal(count("."), 1);
}

static void two_that_make_the_same_layout_both_get_in(void **state)
{
	const struct fixture *fixture = *state;
	struct sample one, other;
	AUTO(layout) first = LAYOUT_NONE;
	AUTO(layout) second = LAYOUT_NONE;
	struct error err = { 0 };
	autofree char *index = NULL;
	size_t size;

	make(&one, "layer", "config");
	make(&other, "layer", "other config");
	assert_int_equal(layout_write(&first, "dir", "v1", &one.draft,
				      &fixture->work, &err),
			 0);
	assert_int_equal(layout_write(&second, "dir", "v2", &other.draft,
				      &fixture->work, &err),
			 0);
	assert_int_equal(layout_commit(&first, &err), 0);
	if (layout_commit(&second, &err) < 0)
		fail_msg("%s", err.msg);
	layout_release(&first);
	layout_release(&second);
	assert_int_equal(count("dir/blobs/sha256"), 5);
	assert_int_equal(count("."), 2);
	index = fixture_read("dir/index.json", &size);
	assert_non_null(strstr(index, "\"v1\""));
	assert_non_null(strstr(index, "\"v2\""));
}

static void other_places_are_refused(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(layout_check("dir", &err), 0);
	assert_int_equal(layout_check("no/dir", &err), -1);
	assert_string_equal(err.msg, "'no/dir': open directory 'no': No such "
				     "file or directory");
	fixture_write("file", "x", 1);
	assert_int_equal(layout_check("file", &err), -1);
	assert_string_equal(err.msg, "'file': open: Not a directory");
	assert_int_equal(mkdir("dir", 0777), 0);
	assert_int_equal(layout_check("dir", &err), 0);
	fixture_write("dir/x", "x", 1);
	assert_int_equal(layout_check("dir", &err), -1);
	assert_string_equal(err.msg, "'dir': is a directory, and no OCI "
				     "layout: it has no 'oci-layout'");
	fixture_write("dir/oci-layout", "{\"imageLayoutVersion\":\"2\"}", 26);
	assert_int_equal(layout_check("dir", &err), -1);
	assert_string_equal(err.msg,
			    "'dir': 'oci-layout' is not of version 1.0.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(a_new_layout_is_whole),
		WITH_FIXTURE(an_empty_directory_becomes_one),
		WITH_FIXTURE(one_that_is_there_gets_another),
		WITH_FIXTURE(a_damaged_blob_is_replaced),
		WITH_FIXTURE(without_a_commit_nothing_is_seen),
		WITH_FIXTURE(what_was_added_goes_when_the_index_is_bad),
		WITH_FIXTURE(a_layer_that_is_another_is_refused),
		WITH_FIXTURE(two_that_make_the_same_layout_both_get_in),
		WITH_FIXTURE(other_places_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
