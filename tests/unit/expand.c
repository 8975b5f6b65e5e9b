/* SPDX-License-Identifier: MIT */
/* expand.c - decompressing, hashing and writing a run of bytes */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "host/image/expand.h"
#include "tests/unit/image_fixture.h"

#define SIZE (3 * 1024 * 1024 + 7) /* bytes; more than two buffers */

static const enum compression all[] = {
	COMPRESSION_NONE, COMPRESSION_GZIP,  COMPRESSION_ZSTD,
	COMPRESSION_XZ,	  COMPRESSION_BZIP2,
};

static char *make_bytes(size_t size)
{
	char *bytes = malloc(size);
	uint32_t x = 1;

	assert_non_null(bytes);
	for (size_t i = 0; i < size; i++) {
		x = x * 1103515245 + 12345;
		bytes[i] = (char)(x >> 28);
	}
	return bytes;
}

/* The stored bytes, in a file of their own at the given offset. */
static int store(const void *bytes, size_t size, size_t offset)
{
	int fd = open("stored", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, size, (off_t)offset), size);
	return fd;
}

static int expand_bytes(struct fixture *fixture, const void *stored,
			size_t size, struct digest *digest, uint64_t *expanded,
			struct error *err)
{
	autoclose int fd = store(stored, size, 512);
	const struct expand expand = {
		.in = fd,
		.offset = 512,
		.size = size,
		.compression = compression_of(stored, size),
		.out = "out",
	};

	(void)unlink("work/out");
	return expand_run(&expand, &fixture->work, digest, expanded, err);
}

static void every_compression_comes_off(void **state)
{
	struct fixture *fixture = *state;
	autofree char *bytes = make_bytes(SIZE);

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		size_t size = 0, got_size = 0;
		uint64_t expanded = 0;
		autofree char *stored =
			fixture_compress(all[i], bytes, SIZE, &size);
		autofree char *got = NULL;
		struct digest digest = { 0 };
		struct error err = { 0 };
		struct stat st;

		print_message("%s\n", compression_name(all[i]));
		assert_int_equal(compression_of(stored, size), all[i]);
		fixture->told = 0;
		assert_int_equal(expand_bytes(fixture, stored, size, &digest,
					      &expanded, &err),
				 0);
		assert_int_equal(expanded, SIZE);
		assert_int_equal(fixture->told, size);
		assert_string_equal(digest.hex, fixture_sha256(bytes, SIZE));
		got = fixture_read("work/out", &got_size);
		assert_int_equal(got_size, SIZE);
		assert_memory_equal(got, bytes, SIZE);
		assert_int_equal(stat("work/out", &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
}

static void only_one_compression_comes_off(void **state)
{
	struct fixture *fixture = *state;
	size_t once = 0, twice = 0;
	autofree char *first =
		fixture_compress(COMPRESSION_GZIP, "abc", 3, &once);
	autofree char *second =
		fixture_compress(COMPRESSION_GZIP, first, once, &twice);
	struct digest digest = { 0 };
	struct error err = { 0 };
	uint64_t size = 0;

	assert_int_equal(expand_bytes(fixture, second, twice, &digest, &size,
				      &err),
			 0);
	assert_int_equal(size, once);
	assert_string_equal(digest.hex, fixture_sha256(first, once));
}

/* pigz, eStargz and pzstd write several; zstd:chunked skippable frames. */
static void several_members_are_one(void **state)
{
	static const char frame[] = "\x5e\x2a\x4d\x18\3\0\0\0xyz";
	struct fixture *fixture = *state;

	for (size_t i = 1; i < COUNT_OF(all); i++) {
		char joined[1024];
		size_t a_size = 0, b_size = 0, size = 0;
		autofree char *a = fixture_compress(all[i], "abc", 3, &a_size);
		autofree char *b = fixture_compress(all[i], "def", 3, &b_size);
		struct digest digest = { 0 };
		struct error err = { 0 };

		print_message("%s\n", compression_name(all[i]));
		if (all[i] == COMPRESSION_ZSTD) {
			memcpy(joined, frame, sizeof(frame) - 1);
			size += sizeof(frame) - 1;
		}
		memcpy(joined + size, a, a_size);
		size += a_size;
		memcpy(joined + size, b, b_size);
		size += b_size;
		if (all[i] == COMPRESSION_ZSTD) {
			memcpy(joined + size, frame, sizeof(frame) - 1);
			size += sizeof(frame) - 1;
		}
		assert_int_equal(expand_bytes(fixture, joined, size, &digest,
					      NULL, &err),
				 0);
		assert_string_equal(digest.hex, fixture_sha256("abcdef", 6));
	}
}

/* More of it than is read at once: progress still comes to the end. */
static void padding_after_gzip_is_ignored(void **state)
{
	struct fixture *fixture = *state;
	autofree char *padded = calloc(1, SIZE);
	size_t size = 0;
	autofree char *stored =
		fixture_compress(COMPRESSION_GZIP, "abc", 3, &size);
	struct digest digest = { 0 };
	struct error err = { 0 };

	assert_non_null(padded);
	memcpy(padded, stored, size);
	assert_int_equal(expand_bytes(fixture, padded, SIZE, &digest, NULL,
				      &err),
			 0);
	assert_string_equal(digest.hex, fixture_sha256("abc", 3));
	assert_int_equal(fixture->told, SIZE);
}

static void nothing_expands_to_nothing(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		size_t size = 0;
		uint64_t expanded = 1;
		autofree char *stored = fixture_compress(all[i], "", 0, &size);
		struct digest digest = { 0 };
		struct error err = { 0 };

		print_message("%s\n", compression_name(all[i]));
		assert_int_equal(expand_bytes(fixture, stored, size, &digest,
					      &expanded, &err),
				 0);
		assert_int_equal(expanded, 0);
		assert_string_equal(digest.hex, fixture_sha256("", 0));
	}
}

static void a_bomb_is_stopped_at_the_limit(void **state)
{
	struct fixture *fixture = *state;
	autofree char *zeros = calloc(1, SIZE);
	struct error err = { 0 };

	for (size_t i = 1; i < COUNT_OF(all); i++) {
		size_t size = 0;
		autofree char *stored =
			fixture_compress(all[i], zeros, SIZE, &size);

		print_message("%s\n", compression_name(all[i]));
		fixture->work.limit = SIZE - 1;
		assert_int_equal(expand_bytes(fixture, stored, size, NULL, NULL,
					      &err),
				 -1);
		assert_int_equal(err.code, EFBIG);
		assert_string_equal(err.msg, "decompresses to more than the "
					     "limit of 3145734 bytes");
		assert_int_equal(fixture_count(fixture), 0);
		fixture->work.limit = SIZE;
		assert_int_equal(expand_bytes(fixture, stored, size, NULL, NULL,
					      &err),
				 0);
	}
}

static void cut_data_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	autofree char *bytes = make_bytes(100000);

	for (size_t i = 1; i < COUNT_OF(all); i++) {
		size_t size = 0;
		autofree char *stored =
			fixture_compress(all[i], bytes, 100000, &size);
		struct error err = { 0 };

		print_message("%s\n", compression_name(all[i]));
		assert_int_equal(expand_bytes(fixture, stored, size / 2, NULL,
					      NULL, &err),
				 -1);
		print_message("%s\n", err.msg);
		assert_int_equal(err.code, EINVAL);
		assert_int_equal(strncmp(err.msg, "decompress ", 11), 0);
		assert_int_equal(fixture_count(fixture), 0);
	}
}

static void a_file_that_is_too_short_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	autoclose int fd = store("abc", 3, 0);
	const struct expand expand = { .in = fd, .size = 10 };
	struct digest digest;
	struct error err = { 0 };

	assert_int_equal(expand_run(&expand, &fixture->work, &digest, NULL,
				    &err),
			 -1);
	assert_int_equal(err.code, EINVAL);
	assert_string_equal(err.msg, "ends after 3 of 10 bytes");
}

static void it_can_be_cancelled(void **state)
{
	struct fixture *fixture = *state;
	autofree char *bytes = make_bytes(SIZE);

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		size_t size = 0;
		autofree char *stored =
			fixture_compress(all[i], bytes, SIZE, &size);
		struct error err = { 0 };

		fixture->advanced = 0;
		fixture->cancel_at = 2;
		assert_int_equal(expand_bytes(fixture, stored, size, NULL, NULL,
					      &err),
				 -1);
		assert_int_equal(err.code, ECANCELED);
		assert_string_equal(err.msg, "cancelled");
		assert_int_equal(fixture->advanced, 2);
		assert_int_equal(fixture_count(fixture), 0);
	}
}

static void an_existing_file_is_kept(void **state)
{
	struct fixture *fixture = *state;
	autoclose int fd = store("abc", 3, 0);
	const struct expand expand = { .in = fd, .size = 3, .out = "kept" };
	struct error err = { 0 };
	char want[200];

	fixture_write("work/kept", "x", 1);
	assert_int_equal(expand_run(&expand, &fixture->work, NULL, NULL, &err),
			 -1);
	assert_int_equal(err.code, EEXIST);
	snprintf(want, sizeof(want), "create '%s/work/kept': File exists",
		 fixture->dir);
	assert_string_equal(err.msg, want);
	assert_int_equal(fixture_count(fixture), 1);
}

static void the_umask_does_not_matter(void **state)
{
	struct fixture *fixture = *state;
	autoclose int fd = store("abc", 3, 0);
	const struct expand expand = { .in = fd, .size = 3, .out = "out" };
	struct error err = { 0 };
	struct stat st;
	mode_t before = umask(0777);
	int r = expand_run(&expand, &fixture->work, NULL, NULL, &err);

	umask(before);
	assert_int_equal(r, 0);
	assert_int_equal(stat("work/out", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* A tar begins with a name, and a name may look like much. */
static void letters_are_no_compression(void **state)
{
	(void)state;
	assert_int_equal(compression_of("BZh9 is a name", 14),
			 COMPRESSION_NONE);
	assert_int_equal(compression_of("", 0), COMPRESSION_NONE);
	assert_int_equal(compression_of("\x1f\x8b", 2), COMPRESSION_NONE);
	assert_int_equal(compression_of("\x1f\x8b\x08", 3), COMPRESSION_GZIP);
	assert_int_equal(compression_of("BZh9\x17rE8P\x90", 10),
			 COMPRESSION_BZIP2);
	assert_int_equal(compression_of("\x4f\x2a\x4d\x18", 4),
			 COMPRESSION_NONE);
}

static int expand_known(struct fixture *fixture, const char *stored,
			size_t size, const char *hex, struct error *err)
{
	autoclose int fd = store(stored, size, 0);
	struct digest digest = { 0 };
	const struct expand expand = {
		.in = fd,
		.size = size,
		.compression = compression_of(stored, size),
		.stored = &digest,
		.out = "out",
	};

	(void)unlink("work/out");
	memcpy(digest.hex, hex, sizeof(digest.hex));
	return expand_run(&expand, &fixture->work, NULL, NULL, err);
}

static void stored_bytes_are_verified_to_the_last(void **state)
{
	static const char bytes[] = "some bytes, some bytes";

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		size_t size = 0;
		autofree char *stored =
			fixture_compress(all[i], bytes, sizeof(bytes), &size);
		autofree char *padded = calloc(1, size + 700);
		struct error err = { 0 };
		char want[300];

		print_message("%s\n", compression_name(all[i]));
		memcpy(padded, stored, size);
		if (all[i] == COMPRESSION_GZIP)
			size += 700;
		assert_int_equal(expand_known(*state, padded, size,
					      fixture_sha256(padded, size),
					      &err),
				 0);

		snprintf(want, sizeof(want),
			 "content is sha256:%s, its descriptor says sha256:%s",
			 fixture_sha256(padded, size), fixture_sha256("", 0));
		assert_int_equal(expand_known(*state, padded, size,
					      fixture_sha256("", 0), &err),
				 -1);
		assert_int_equal(err.code, EBADMSG);
		assert_string_equal(err.msg, want);
		assert_int_equal(fixture_count(*state), 0);
	}
}

static void damaged_bytes_are_the_wrong_ones_first(void **state)
{
	static const char bytes[] = "some bytes, some bytes";
	size_t size = 0;
	autofree char *stored =
		fixture_compress(COMPRESSION_GZIP, bytes, sizeof(bytes), &size);
	struct digest right;
	struct error err = { 0 };
	char want[300];

	memcpy(right.hex, fixture_sha256(stored, size), sizeof(right.hex));
	snprintf(want, sizeof(want),
		 "content is sha256:%s, its descriptor says sha256:%s",
		 fixture_sha256(stored, size - 9), right.hex);
	assert_int_equal(expand_known(*state, stored, size - 9, right.hex,
				      &err),
			 -1);
	assert_int_equal(err.code, EBADMSG);
	assert_string_equal(err.msg, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(every_compression_comes_off),
		WITH_FIXTURE(only_one_compression_comes_off),
		WITH_FIXTURE(several_members_are_one),
		WITH_FIXTURE(padding_after_gzip_is_ignored),
		WITH_FIXTURE(nothing_expands_to_nothing),
		WITH_FIXTURE(a_bomb_is_stopped_at_the_limit),
		WITH_FIXTURE(cut_data_is_an_error),
		WITH_FIXTURE(a_file_that_is_too_short_is_an_error),
		WITH_FIXTURE(it_can_be_cancelled),
		WITH_FIXTURE(an_existing_file_is_kept),
		WITH_FIXTURE(the_umask_does_not_matter),
		WITH_FIXTURE(stored_bytes_are_verified_to_the_last),
		WITH_FIXTURE(damaged_bytes_are_the_wrong_ones_first),
		cmocka_unit_test(letters_are_no_compression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
