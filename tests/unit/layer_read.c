/* SPDX-License-Identifier: MIT */
/* layer_read.c - tar archives as layers: dialects, ends, damage */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/layer_read.h"
#include "tests/unit/recorder.h"
#include "tests/unit/tarball.h"

static void names_are_bytes(void **state)
{
	static const char *const names[] = {
		"a b",	    "a\nb",	"\ta",
		"-a",	    "a\\b",	"$(touch INJECTED)",
		"\xff\xfe", "\xc3\xa4", "A",
		"..a",	    "a;b'\"`",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		AUTO(tarball) t = { 0 };
		char want[256];
		struct recorder r;

		print_message("%s\n", names[i]);
		tarball_file(&t, names[i], "");
		tarball_pax_string(&t, "path", names[i]); /* now as UTF-8 */
		tarball_symlink(&t, "x", names[i]);
		tarball_pax_string(&t, "linkpath", names[i]);
		tarball_symlink(&t, "y", "z");
		assert_int_equal(recorder_read_tarball(&r, &t), 0);
		(void)snprintf(want, sizeof(want),
			       "file %s; remove %s; symlink %s>%s; "
			       "symlink y>%s; settle  inherit",
			       names[i], names[i], names[i], names[i],
			       names[i]);
		assert_string_equal(r.text, want);
	}
}

static void long_names_come_in_every_dialect(void **state)
{
	char component[257], path[4097], gnu[300];
	AUTO(tarball) t = { 0 };
	AUTO(tarball) refused = { 0 };
	struct recorder r;

	(void)state;
	memset(component, 'c', sizeof(component) - 1);
	component[255] = '\0';
	tarball_file(&t, component, "");
	for (size_t i = 0; i < 4095; i++)
		path[i] = i % 128 == 127 ? '/' : 'p';
	path[4095] = '\0';
	tarball_file(&t, path, "");
	memset(gnu, 'g', 200);
	gnu[200] = '\0';
	tarball_special(&t, 'L', gnu, 201);
	tarball_file(&t, "short", "");
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_non_null(strstr(r.text, gnu));
	assert_null(strstr(r.text, "short"));
	assert_int_equal(r.stats.entries, 3);

	component[255] = 'c';
	component[256] = '\0';
	tarball_file(&refused, component, "");
	assert_int_equal(recorder_read_tarball(&r, &refused), -1);
	assert_int_equal(r.err.code, ENAMETOOLONG);
	assert_non_null(strstr(r.err.msg, "component of 256 bytes, more than "
					  "255"));
	tarball_release(&refused);
	path[4095] = 'p';
	path[4096] = '\0';
	tarball_file(&refused, path, "");
	assert_int_equal(recorder_read_tarball(&r, &refused), -1);
	assert_int_equal(r.err.code, ENAMETOOLONG);
	assert_non_null(strstr(r.err.msg, ": name of more than 4095 bytes"));
}

static void data_of_links_and_markers_is_skipped(void **state)
{
	static const char big[3000001] = "x";
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	tarball_file(&t, "f", "1");
	tarball_pax_string(&t, "comment", "so that the size is obeyed");
	tarball_add(&t, &(struct tarball_entry){ .name = "l",
						 .type = '1',
						 .link = "f",
						 .data = big,
						 .size = sizeof(big) });
	tarball_add(&t, &(struct tarball_entry){
				.name = ".wh.x", .data = big, .size = 5000 });
	tarball_file(&t, "g", "2");
	tarball_end(&t);
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "file f; 1; link l>f; file g; 2; "
				    "whiteout x; settle  inherit");
	assert_int_equal(r.stats.bytes, 2);
}

static void global_headers_are_ignored(void **state)
{
	static const char comment[] = "15 comment=abc\n";
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	tarball_special(&t, 'g', comment, sizeof(comment) - 1);
	tarball_file(&t, "f", "1");
	tarball_end(&t);
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "file f; 1; settle  inherit");
}

static void an_empty_layer_is_legal(void **state)
{
	static const uint8_t zeros[10240];
	static const size_t sizes[] = { 0, 512, 1024, sizeof(zeros) };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		AUTO(tarball) t = { 0 };
		struct recorder r;

		tarball_raw(&t, zeros, sizes[i]);
		assert_int_equal(recorder_read_tarball(&r, &t), 0);
		assert_int_equal(r.stats.entries, 0);
		assert_string_equal(r.text, "settle  inherit");
	}
}

static void what_follows_the_end_is_not_read(void **state)
{
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	tarball_file(&t, "a", "");
	tarball_end(&t);
	tarball_file(&t, "b", "");
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "file a; settle  inherit");
}

static void only_the_slice_is_read(void **state)
{
	AUTO(tarball) t = { 0 };
	struct layer_source source;
	autoclose int fd = -1;
	struct recorder r;

	(void)state;
	tarball_file(&t, "before", "");
	source.offset = t.size;
	tarball_file(&t, "in", "1");
	source.size = t.size - source.offset;
	tarball_file(&t, "behind", "");
	fd = source.fd = tarball_open(&t);
	assert_int_equal(recorder_read(&r, &source), 0);
	assert_string_equal(r.text, "file in; 1; settle  inherit");
}

static void a_slice_beyond_its_file_is_refused(void **state)
{
	AUTO(tarball) t = { 0 };
	struct layer_source source = { -1, 0, 0 };
	autoclose int fd = -1;
	struct recorder r;

	(void)state;
	tarball_file(&t, "f", "1");
	source.size = t.size + 512;
	fd = source.fd = tarball_open(&t);
	assert_int_equal(recorder_read(&r, &source), -1);
	assert_int_equal(r.err.code, EIO);
	assert_string_equal(r.err.msg,
			    "open the archive: the file is too short");
	source.fd = -1;
	assert_int_equal(recorder_read(&r, &source), -1);
	assert_int_equal(r.err.code, EBADF);
	assert_string_equal(r.err.msg, "open the archive: Bad file descriptor");
}

/* Entries of every kind of header, so that it can end in each of them. */
static void make_varied(struct tarball *t, size_t ends[8])
{
	static const char data[3000] = "data";
	char name[300];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ends[0] = 0;
	tarball_directory(t, "d/");
	ends[1] = t->size;
	tarball_add(t, &(struct tarball_entry){
			       .name = "d/f", .data = data, .size = 3000 });
	ends[2] = t->size;
	tarball_pax(t, "SCHILY.xattr.user.x", data, 2000);
	tarball_add(t, &(struct tarball_entry){
			       .name = "d/g", .data = data, .size = 512 });
	ends[3] = t->size;
	tarball_special(t, 'L', name, 200);
	tarball_file(t, "short", "text");
	ends[4] = t->size;
	tarball_add(t, &(struct tarball_entry){
			       .name = ".wh.w", .data = data, .size = 1024 });
	ends[5] = t->size;
	tarball_symlink(t, "s", "t");
	ends[6] = t->size;
	tarball_end(t);
	ends[7] = SIZE_MAX;
}

static void a_truncated_archive_is_refused(void **state)
{
	AUTO(tarball) whole = { 0 };
	size_t ends[8], at = 0;

	(void)state;
	make_varied(&whole, ends);
	for (size_t size = 0; size < whole.size; size += 512) {
		struct tarball part = { .bytes = whole.bytes, .size = size };
		bool between = false;
		struct recorder r;
		int status = recorder_read_tarball(&r, &part);

		for (at = 0; at < COUNT_OF(ends); at++)
			between |= size == ends[at];
		between |= size > ends[6];
		print_message("%zu bytes: %s\n", size, r.err.msg);
		assert_int_equal(status, between ? 0 : -1);
		if (!between)
			assert_int_equal(r.err.code, EBADMSG);
	}
}

/* Not one byte less either; the last block of data is padding. */
static void a_torn_block_is_refused(void **state)
{
	AUTO(tarball) whole = { 0 };
	struct tarball part;
	struct recorder r;

	(void)state;
	tarball_file(&whole, "f", "text");
	for (size_t size = 1; size < whole.size; size++) {
		part = (struct tarball){ .bytes = whole.bytes, .size = size };
		assert_int_equal(recorder_read_tarball(&r, &part), -1);
		assert_int_equal(r.err.code, EBADMSG);
		assert_true(r.err.msg[0] != '\0');
	}
}

static void truncation_names_the_entry(void **state)
{
	static const char data[3000] = "data";
	AUTO(tarball) t = { 0 };
	struct recorder r;

	(void)state;
	tarball_file(&t, "a", "");
	tarball_add(&t, &(struct tarball_entry){
				.name = "d/f", .data = data, .size = 3000 });
	t.size -= 1024;
	assert_int_equal(recorder_read_tarball(&r, &t), -1);
	assert_string_equal(r.err.msg, "entry 'd/f': truncated tar archive");

	tarball_release(&t);
	tarball_add(&t, &(struct tarball_entry){ .name = "d/.wh.x",
						 .data = data,
						 .size = 3000 });
	t.size -= 1024;
	assert_int_equal(recorder_read_tarball(&r, &t), -1);
	assert_string_equal(r.err.msg,
			    "entry 'd/.wh.x': truncated input file (needed "
			    "3072 bytes, only 2048 available)");
}

static void junk_is_no_layer(void **state)
{
	static const char text[2000] = "this is not a tar archive at all";
	AUTO(tarball) t = { 0 };
	AUTO(tarball) later = { 0 };
	struct recorder r;

	(void)state;
	tarball_raw(&t, text, sizeof(text));
	assert_int_equal(recorder_read_tarball(&r, &t), -1);
	assert_int_equal(r.err.code, EBADMSG);
	assert_string_equal(r.err.msg, "not a tar archive");

	tarball_file(&later, "f", "");
	tarball_raw(&later, text, 512);
	assert_int_equal(recorder_read_tarball(&r, &later), -1);
	assert_int_equal(r.err.code, EBADMSG);
	assert_string_equal(r.err.msg,
			    "header at byte 512: damaged tar archive");
}

/* Every byte of a header changed, three ways: never a crash, never a hang. */
static void mangled_headers_do_no_harm(void **state)
{
	static const uint8_t changes[] = { 0x01, 0x80, 0xff };
	AUTO(tarball) whole = { 0 };
	size_t ends[8];

	(void)state;
	make_varied(&whole, ends);
	for (size_t at = 0; at < whole.size; at++) {
		for (size_t i = 0; i < COUNT_OF(changes); i++) {
			struct recorder r;

			whole.bytes[at] ^= changes[i];
			if (recorder_read_tarball(&r, &whole) < 0)
				assert_true(r.err.msg[0] != '\0');
			whole.bytes[at] ^= changes[i];
		}
	}
}

static void malformed_pax_headers_are_refused(void **state)
{
	static const struct {
		const char *records;
		const char *error;
	} cases[] = {
		{ "xx path=a\n",
		  "entry 'f': ignoring malformed pax extended attributes" },
		{ "99 path=a\n",
		  "entry 'f': ignoring malformed pax extended attribute" },
		{ "7 path\n", "entry 'f': invalid pax extended attributes" },
		{ "11 size=-5\n",
		  "header at byte 0: tar size attribute is negative" },
		{ "30 SCHILY.acl.access=user:rwx\n",
		  "entry 'f': parse error:  SCHILY.acl.access" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct recorder r;

		print_message("%s", cases[i].records);
		tarball_special(&t, 'x', cases[i].records,
				strlen(cases[i].records));
		tarball_file(&t, "f", "");
		assert_int_equal(recorder_read_tarball(&r, &t), -1);
		assert_string_equal(r.err.msg, cases[i].error);
		assert_int_equal(r.err.code, EBADMSG);
	}
}

static int record_nothing(struct layer_sink *sink, const char *path,
			  struct error *err)
{
	(void)sink;
	(void)path;
	(void)err;
	return 0;
}

static int fail_to_add(struct layer_sink *sink, const struct layer_entry *entry,
		       struct layer_data *data, struct error *err)
{
	(void)sink;
	(void)entry;
	(void)data;
	errno = ENOSPC;
	return error_errno(err, "create");
}

/* A name must not push the cause out of the message. */
static void what_a_sink_says_is_passed_on(void **state)
{
	struct layer_sink sink = recorder_sink();
	struct layer_options options = { 0 };
	struct layer_stats stats;
	struct error err = { 0 };
	AUTO(tarball) t = { 0 };
	struct layer_source source = { 0 };
	autoclose int fd = -1;
	char name[3001], want[1024];
	size_t second;

	(void)state;
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 100 == 99 ? '/' : 'n';
	name[sizeof(name) - 2] = 'n';
	name[sizeof(name) - 1] = '\0';
	sink.add = fail_to_add;
	tarball_symlink(&t, "s", name);
	second = t.size;
	tarball_symlink(&t, name, "s");
	fd = source.fd = tarball_open(&t);
	source.size = t.size;
	assert_int_equal(layer_read(&source, &sink, &options, &stats, &err),
			 -1);
	assert_int_equal(err.code, ENOSPC);
	assert_string_equal(err.msg,
			    "entry 's': create: No space left on device");

	source.offset = second;
	source.size -= second;
	sink.make_directory = record_nothing;
	assert_int_equal(layer_read(&source, &sink, &options, &stats, &err),
			 -1);
	(void)snprintf(want, sizeof(want),
		       "entry '%.400s': create: No space left on device", name);
	assert_string_equal(err.msg, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_bytes),
		cmocka_unit_test(long_names_come_in_every_dialect),
		cmocka_unit_test(data_of_links_and_markers_is_skipped),
		cmocka_unit_test(global_headers_are_ignored),
		cmocka_unit_test(an_empty_layer_is_legal),
		cmocka_unit_test(what_follows_the_end_is_not_read),
		cmocka_unit_test(only_the_slice_is_read),
		cmocka_unit_test(a_slice_beyond_its_file_is_refused),
		cmocka_unit_test(a_truncated_archive_is_refused),
		cmocka_unit_test(a_torn_block_is_refused),
		cmocka_unit_test(truncation_names_the_entry),
		cmocka_unit_test(junk_is_no_layer),
		cmocka_unit_test(mangled_headers_do_no_harm),
		cmocka_unit_test(malformed_pax_headers_are_refused),
		cmocka_unit_test(what_a_sink_says_is_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
