/* SPDX-License-Identifier: MIT */
/* compress.c - layers as they are stored */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/layer/compress.h"

#define SIZE (700 * 1000) /* bytes */

/* A file of bytes that compress a little. */
static FILE *make_layer(void)
{
	FILE *f = tmpfile();
	unsigned int seed = 1;

	assert_non_null(f);
	for (size_t i = 0; i < SIZE; i++) {
		seed = seed * 1103515245 + 12345;
		(void)fputc("0123456789abcdef"[seed >> 28], f);
	}
	assert_int_equal(fflush(f), 0);
	return f;
}

/* The bytes that it is compressed to, the caller's to free. */
static char *compressed(FILE *layer, enum compression compression,
			struct stored *stored)
{
	AUTO(growing) growing = { 0 };
	struct error err = { 0 };
	FILE *out = tmpfile();
	char *bytes;

	assert_int_equal(growing_whole(&growing, fileno(layer), &err), 0);
	if (compress_layer(&growing, compression, fileno(out), stored, &err) <
	    0)
		fail_msg("%s", err.msg);
	bytes = malloc(stored->size + 1);
	assert_int_equal(io_pread(fileno(out), bytes, stored->size + 1, 0),
			 stored->size);
	(void)fclose(out);
	return bytes;
}

static void the_same_layer_gives_the_same_bytes(void **state)
{
	static const enum compression kinds[] = { COMPRESSION_GZIP,
						  COMPRESSION_ZSTD };
	FILE *layer = make_layer();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct stored first;
		struct stored second;
		struct digest digest;
		struct error err = { 0 };
		char *one = compressed(layer, kinds[i], &first);
		char *other = compressed(layer, kinds[i], &second);

		assert_true(first.size < SIZE * 6 / 10);
		assert_int_equal(first.size, second.size);
		assert_memory_equal(one, other, first.size);
		assert_true(digest_equal(&first.digest, &second.digest));
		assert_int_equal(digest_of(&digest, one, first.size, &err), 0);
		assert_true(digest_equal(&first.digest, &digest));
		assert_int_equal(compression_of(one, first.size), kinds[i]);
		free(one);
		free(other);
	}
	(void)fclose(layer);
}

/* RFC 1952: flags, then four bytes of time. */
static void gzip_has_no_name_and_no_time(void **state)
{
	FILE *layer = make_layer();
	struct stored stored;
	char *bytes = compressed(layer, COMPRESSION_GZIP, &stored);

	(void)state;
	assert_memory_equal(bytes, "\x1f\x8b\x08\0\0\0\0\0", 8);
	free(bytes);
	(void)fclose(layer);
}

static void what_cannot_be_written_is_an_error(void **state)
{
	AUTO(growing) growing = { 0 };
	FILE *layer = make_layer();
	struct stored stored;
	struct error err = { 0 };
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(growing_whole(&growing, fileno(layer), &err), 0);
	assert_int_equal(compress_layer(&growing, COMPRESSION_GZIP, full,
					&stored, &err),
			 -1);
	assert_string_equal(err.msg, "compress the layer: write: No space "
				     "left on device");
	assert_int_equal(err.code, ENOSPC);
	growing_abandon(&growing);
	assert_int_equal(compress_layer(&growing, COMPRESSION_ZSTD, full,
					&stored, &err),
			 -1);
	assert_int_equal(err.code, ECANCELED);
	close(full);
	(void)fclose(layer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_layer_gives_the_same_bytes),
		cmocka_unit_test(gzip_has_no_name_and_no_time),
		cmocka_unit_test(what_cannot_be_written_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
