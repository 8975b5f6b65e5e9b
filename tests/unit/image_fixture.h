/* SPDX-License-Identifier: MIT */
/* image_fixture.h - archives and images for the tests of host/image */
#ifndef TESTS_UNIT_IMAGE_FIXTURE_H
#define TESTS_UNIT_IMAGE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "host/image/compression.h"
#include "host/image/work.h"

/*
 * All end the program when they cannot do their work: a test without its
 * fixture has nothing to say.
 */

/*
 * For cmocka's setup and teardown: each test has an empty directory to itself
 * and works in it, so that messages have short paths. *state is the struct.
 */
struct fixture {
	char dir[64];
	int work_dir; /* dir/work */
	char work_path[80];
	struct image_work work;
	char warning[512]; /* the last one */
	unsigned int advanced;
	unsigned int cancel_at;	 /* which call of advance() says so; 0: none */
	unsigned long long told; /* bytes */
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

#define WITH_FIXTURE(test)                                                     \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/* How many files there are in the work directory. */
size_t fixture_count(const struct fixture *fixture);

/* Write, read a file whole. */
void fixture_write(const char *path, const void *bytes, size_t size);
char *fixture_read(const char *path, size_t *size);

/* A tar under construction. */
struct pack {
	struct archive *archive;
};

struct pack fixture_pack(const char *path, enum compression compression);
void pack_file(struct pack *pack, const char *name, const void *bytes,
	       size_t size);
void pack_text(struct pack *pack, const char *name, const char *text);
void pack_link(struct pack *pack, const char *name, const char *target,
	       bool is_hard);
void pack_directory(struct pack *pack, const char *name);
void pack_end(struct pack *pack);

/* Compress bytes; the caller frees. */
char *fixture_compress(enum compression compression, const void *bytes,
		       size_t size, size_t *packed);

/* The 64 digits. Two results are good at a time. */
const char *fixture_sha256(const void *bytes, size_t size);

/*
 * {"architecture":...,"os":"linux","rootfs":...} with the diff_ids of the
 * texts, as many as there are before NULL. The caller frees.
 */
char *fixture_config(const char *const *layers);

/*
 * Put the config of such layers under its digest, with something before and
 * after it. Returns that name; it is good until the next call.
 */
const char *pack_config(struct pack *pack, const char *before,
			const char *after, const char *const *layers);

/* Put a manifest.json. */
void pack_manifest(struct pack *pack, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
