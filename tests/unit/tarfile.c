/* SPDX-License-Identifier: MIT */
/* tarfile.c - tar files whose members are read where they lie */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/io.h"
#include "host/image/tarfile.h"
#include "tests/unit/image_fixture.h"

#define BIG (300 * 1000) /* bytes; more than is read for a header */

static void pack_sample(const char *path, enum compression compression)
{
	struct pack pack = fixture_pack(path, compression);
	autofree char *big = malloc(BIG);

	memset(big, 'x', BIG);
	pack_directory(&pack, "d");
	pack_text(&pack, "./d/a", "the first a");
	pack_file(&pack, "big", big, BIG);
	pack_text(&pack, "empty", "");
	pack_text(&pack, "d/a", "the last a");
	pack_link(&pack, "d/link", "../big", false);
	pack_link(&pack, "d/hard", "d/a", true);
	pack_link(&pack, "d/to-hard", "hard", false);
	pack_link(&pack, "loop", "loop", false);
	pack_link(&pack, "twice", "d/link", false);
	pack_link(&pack, "hard-loop", "hard-loop", true);
	pack_link(&pack, "passwd", "/etc/passwd", false);
	pack_link(&pack, "d/out", "../../etc/passwd", false);
	pack_link(&pack, "dangling", "none", false);
	pack_text(&pack, "/absolute", "never");
	pack_text(&pack, "../escape", "never");
	pack_text(&pack, "name with\nlines \xff", "odd");
	pack_end(&pack);
}

static void open_sample(struct tarfile *file, const struct fixture *fixture)
{
	struct error err = { 0 };

	if (tarfile_open(file, "x.tar", &fixture->work, &err) < 0)
		fail_msg("%s", err.msg);
}

static const struct {
	const char *name;
	const char *text;
} texts[] = {
	{ "d/a", "the last a" },
	{ "./d//a", "the last a" },
	{ "empty", "" },
	{ "d/hard", "the last a" },
	{ "d/to-hard", "the last a" },
	{ "name with\nlines \xff", "odd" },
};

static void check_sample(const struct tarfile *file)
{
	const struct member *member = NULL;
	struct error err = { 0 };
	char big[BIG];

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		autofree char *bytes = NULL;
		size_t size = 0;

		assert_int_equal(tarfile_read(file, texts[i].name, 100, &bytes,
					      &size, &err),
				 0);
		assert_int_equal(size, strlen(texts[i].text));
		assert_string_equal(bytes, texts[i].text);
	}
	assert_int_equal(tarfile_find(file, "d/link", &member, &err), 0);
	assert_int_equal(member->size, BIG);
	assert_int_equal(member->offset % 512, 0);
	assert_int_equal(io_pread(file->source.fd, big, BIG, member->offset),
			 BIG);
	for (size_t i = 0; i < BIG; i++)
		assert_int_equal(big[i], 'x');
	assert_true(tarfile_has(file, "d/link"));
	assert_false(tarfile_has(file, "absolute"));
	assert_false(tarfile_has(file, "escape"));
	assert_false(file->is_cut);
}

static void members_are_read_where_they_lie(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(tarfile) file = { 0 };

	pack_sample("x.tar", COMPRESSION_NONE);
	open_sample(&file, fixture);
	check_sample(&file);
	assert_int_equal(fixture_count(fixture), 0);
}

static void compressed_archives_are_expanded_once(void **state)
{
	static const enum compression kinds[] = {
		COMPRESSION_GZIP,
		COMPRESSION_ZSTD,
		COMPRESSION_XZ,
		COMPRESSION_BZIP2,
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		AUTO(tarfile) file = { 0 };
		char want[200];

		pack_sample("x.tar", kinds[i]);
		open_sample(&file, fixture);
		check_sample(&file);
		snprintf(want, sizeof(want), "%s/image.tar",
			 fixture->work_path);
		assert_string_equal(file.source.path, want);
		assert_int_equal(fixture_count(fixture), 1);
		assert_int_equal(unlink("work/image.tar"), 0);
	}
}

static const struct {
	const char *name;
	int code;
	const char *msg;
} refused[] = {
	{ "none", ENOENT, "'none' is not in the archive" },
	{ "d/none", ENOENT, "'d/none' is not in the archive" },
	{ "absolute", ENOENT, "'absolute' is not in the archive" },
	{ "/absolute", EINVAL, "'/absolute' is not a name within the archive" },
	{ "../escape", EINVAL, "'../escape' is not a name within the archive" },
	{ "", EINVAL, "'' is not a name within the archive" },
	{ "d", EINVAL, "'d' is not a regular file" },
	{ "loop", ELOOP, "'loop' is a link to another link" },
	{ "hard-loop", ELOOP, "'hard-loop' is a link to another link" },
	{ "twice", ELOOP, "'twice' is a link to another link" },
	{ "passwd", EINVAL,
	  "'passwd' is a link out of the archive ('/etc/passwd')" },
	{ "d/out", EINVAL,
	  "'d/out' is a link out of the archive ('../../etc/passwd')" },
	{ "dangling", ENOENT,
	  "'dangling' is a link to 'none', which is not in the archive" },
	{ "big", EFBIG, "'big' has 300000 bytes, more than 1000" },
};

static void what_is_no_file_inside_is_refused(void **state)
{
	AUTO(tarfile) file = { 0 };

	pack_sample("x.tar", COMPRESSION_NONE);
	open_sample(&file, *state);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct error err = { 0 };
		char *bytes = NULL;
		size_t size;

		assert_int_equal(tarfile_read(&file, refused[i].name, 1000,
					      &bytes, &size, &err),
				 -1);
		assert_string_equal(err.msg, refused[i].msg);
		assert_int_equal(err.code, refused[i].code);
		assert_null(bytes);
	}
}

/* Opening "x.tar" fails with "open image 'x.tar': " and msg. */
static void expect_refusal(const struct fixture *fixture, int code,
			   const char *msg)
{
	AUTO(tarfile) file = { 0 };
	struct error err = { 0 };
	char want[300];

	snprintf(want, sizeof(want), "open image 'x.tar': %s", msg);
	assert_int_equal(tarfile_open(&file, "x.tar", &fixture->work, &err),
			 -1);
	assert_string_equal(err.msg, want);
	assert_int_equal(err.code, code);
	assert_null(file.source.path);
	assert_int_equal(fixture_count(fixture), 0);
}

static void what_is_no_tar_file_is_refused(void **state)
{
	const struct fixture *fixture = *state;
	char junk[2000];
	size_t size = 0;
	autofree char *packed = NULL;

	expect_refusal(fixture, ENOENT, "No such file or directory");
	assert_int_equal(mkdir("x.tar", 0700), 0);
	expect_refusal(fixture, EISDIR, "is a directory");
	assert_int_equal(rmdir("x.tar"), 0);
	assert_int_equal(mkfifo("x.tar", 0600), 0);
	expect_refusal(fixture, EINVAL, "is not a regular file");
	assert_int_equal(unlink("x.tar"), 0);
	assert_int_equal(symlink("/dev/null", "x.tar"), 0);
	expect_refusal(fixture, EINVAL, "is not a regular file");
	assert_int_equal(unlink("x.tar"), 0);

	fixture_write("x.tar", "", 0);
	expect_refusal(fixture, EINVAL, "is empty");
	fixture_write("x.tar", "hello", 5);
	expect_refusal(fixture, EINVAL, "not a tar archive");
	memset(junk, 'j', sizeof(junk));
	fixture_write("x.tar", junk, sizeof(junk));
	expect_refusal(fixture, EINVAL, "not a tar archive");
	packed = fixture_compress(COMPRESSION_GZIP, junk, sizeof(junk), &size);
	fixture_write("x.tar", packed, size);
	expect_refusal(fixture, EINVAL, "not a tar archive");
	fixture_write("x.tar", packed, size - 20);
	expect_refusal(fixture, EINVAL,
		       "decompress gzip data: truncated gzip input");
}

static void an_archive_of_nothing_is_one(void **state)
{
	const char zeros[1024] = { 0 };
	AUTO(tarfile) file = { 0 };

	fixture_write("x.tar", zeros, sizeof(zeros));
	open_sample(&file, *state);
	assert_int_equal(file.members.count, 0);
	assert_false(tarfile_has(&file, "a"));
}

/* Cut at every 512 bytes: either a refusal, or what is missing is named. */
static void a_cut_archive_is_never_taken_for_whole(void **state)
{
	const struct fixture *fixture = *state;
	size_t size = 0;
	autofree char *whole = NULL;

	pack_sample("whole.tar", COMPRESSION_NONE);
	whole = fixture_read("whole.tar", &size);
	for (size_t cut = 512; cut < size - 1024; cut += 512) {
		AUTO(tarfile) file = { 0 };
		struct error err = { 0 };
		const struct member *member;

		fixture_write("x.tar", whole, cut);
		if (tarfile_open(&file, "x.tar", &fixture->work, &err) < 0) {
			assert_non_null(strstr(err.msg, "runcated"));
			continue;
		}
		assert_true(file.is_cut);
		if (tarfile_find(&file, "big", &member, &err) == 0)
			continue;
		assert_string_equal(
			err.msg,
			"'big' is not in the archive, which is cut off");
	}
}

static void the_message_says_what_is_missing(void **state)
{
	size_t size = 0;
	autofree char *whole = NULL;

	pack_sample("whole.tar", COMPRESSION_NONE);
	whole = fixture_read("whole.tar", &size);
	fixture_write("x.tar", whole, 5 * 512);
	expect_refusal(*state, EINVAL,
		       "is truncated: 'big' needs 300000 bytes at 2048, the "
		       "file has 2560");
	fixture_write("x.tar", whole, 3 * 512 + 100);
	expect_refusal(*state, EINVAL, "Truncated tar archive");
}

/* Only padding and the mark of the end are missing: all the data is there. */
static void missing_padding_is_no_loss(void **state)
{
	struct pack pack = fixture_pack("whole.tar", COMPRESSION_NONE);
	AUTO(tarfile) file = { 0 };
	autofree char *whole = NULL;
	autofree char *bytes = NULL;
	struct error err = { 0 };
	size_t size = 0;

	pack_text(&pack, "a", "text");
	pack_end(&pack);
	whole = fixture_read("whole.tar", &size);
	fixture_write("x.tar", whole, 512 + 4);
	open_sample(&file, *state);
	assert_int_equal(tarfile_read(&file, "a", 10, &bytes, &size, &err), 0);
	assert_string_equal(bytes, "text");
	assert_true(file.is_cut);
}

static void a_damaged_header_is_refused(void **state)
{
	size_t size = 0;
	autofree char *whole = NULL;

	pack_sample("whole.tar", COMPRESSION_NONE);
	whole = fixture_read("whole.tar", &size);
	whole[512 + 3] ^= 1;
	fixture_write("x.tar", whole, size);
	expect_refusal(*state, EINVAL, "Damaged tar archive");
}

static void sparse_files_are_refused(void **state)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	static const char data[8192] = "x";
	AUTO(tarfile) file = { 0 };
	const struct member *member;
	struct error err = { 0 };

	archive_write_set_format_pax(archive);
	archive_write_open_filename(archive, "x.tar");
	archive_entry_set_pathname(entry, "holes");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, 1 << 20);
	archive_entry_sparse_add_entry(entry, 0, 4096);
	archive_entry_sparse_add_entry(entry, 1 << 19, 4096);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	archive_write_data(archive, data, sizeof(data));
	archive_write_finish_entry(archive);
	archive_entry_clear(entry);
	archive_entry_set_pathname(entry, "after");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, 0);
	archive_write_header(archive, entry);
	archive_entry_free(entry);
	archive_write_free(archive);

	open_sample(&file, *state);
	assert_int_equal(tarfile_find(&file, "holes", &member, &err), -1);
	assert_string_equal(err.msg,
			    "'holes' is a sparse file, which is not read");
	assert_true(tarfile_has(&file, "after"));
}

static void a_changed_file_is_noticed(void **state)
{
	struct fixture *fixture = *state;
	AUTO(tarfile) file = { 0 };
	struct timespec old[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	pack_sample("x.tar", COMPRESSION_NONE);
	open_sample(&file, fixture);
	assert_true(source_is_unchanged(&file.source));
	assert_int_equal(utimensat(AT_FDCWD, "x.tar", old, 0), 0);
	assert_false(source_is_unchanged(&file.source));
}

static void another_file_at_the_path_is_noticed(void **state)
{
	AUTO(tarfile) file = { 0 };

	pack_sample("x.tar", COMPRESSION_NONE);
	open_sample(&file, *state);
	pack_sample("y.tar", COMPRESSION_NONE);
	assert_int_equal(rename("y.tar", "x.tar"), 0);
	assert_false(source_is_unchanged(&file.source));
}

static void another_directory_on_the_way_is_noticed(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(tarfile) file = { 0 };
	struct error err = { 0 };

	assert_int_equal(mkdir("d", 0700), 0);
	pack_sample("d/x.tar", COMPRESSION_NONE);
	if (tarfile_open(&file, "d/x.tar", &fixture->work, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(rename("d", "e"), 0);
	assert_int_equal(mkdir("d", 0700), 0);
	pack_sample("d/x.tar", COMPRESSION_NONE);
	assert_false(source_is_unchanged(&file.source));
}

/* Bytes that this process has read so far. */
static unsigned long long bytes_read(void)
{
	unsigned long long count = 0;
	FILE *f = fopen("/proc/self/io", "r");

	if (!f || fscanf(f, "rchar: %llu", &count) != 1)
		skip();
	fclose(f);
	return count;
}

static void data_is_not_read_to_list_members(void **state)
{
	static const size_t size = 64 * 1024 * 1024;
	autofree char *zeros = calloc(1, size);
	struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
	AUTO(tarfile) file = { 0 };
	unsigned long long before;

	assert_non_null(zeros);
	pack_file(&pack, "large", zeros, size);
	pack_text(&pack, "after", "it");
	pack_end(&pack);
	before = bytes_read();
	open_sample(&file, *state);
	assert_true(bytes_read() - before < 256 * 1024);
	assert_true(tarfile_has(&file, "after"));
}

static void listing_can_be_cancelled(void **state)
{
	struct fixture *fixture = *state;

	pack_sample("x.tar", COMPRESSION_NONE);
	fixture->cancel_at = 3;
	expect_refusal(fixture, ECANCELED, "cancelled");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(members_are_read_where_they_lie),
		WITH_FIXTURE(compressed_archives_are_expanded_once),
		WITH_FIXTURE(what_is_no_file_inside_is_refused),
		WITH_FIXTURE(what_is_no_tar_file_is_refused),
		WITH_FIXTURE(an_archive_of_nothing_is_one),
		WITH_FIXTURE(a_cut_archive_is_never_taken_for_whole),
		WITH_FIXTURE(the_message_says_what_is_missing),
		WITH_FIXTURE(missing_padding_is_no_loss),
		WITH_FIXTURE(a_damaged_header_is_refused),
		WITH_FIXTURE(sparse_files_are_refused),
		WITH_FIXTURE(a_changed_file_is_noticed),
		WITH_FIXTURE(another_file_at_the_path_is_noticed),
		WITH_FIXTURE(another_directory_on_the_way_is_noticed),
		WITH_FIXTURE(data_is_not_read_to_list_members),
		WITH_FIXTURE(listing_can_be_cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
