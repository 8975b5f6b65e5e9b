/* SPDX-License-Identifier: MIT */
/* oci_fixture.h - OCI layouts for the tests of host/image */
#ifndef TESTS_UNIT_OCI_FIXTURE_H
#define TESTS_UNIT_OCI_FIXTURE_H

#include <stddef.h>

/*
 * All work on the layout in the directory "x" of the test's own, and end the
 * program when they cannot. What they return is the caller's to free.
 */

/* An empty layout: the directories, and oci-layout. */
void oci_begin(void);

/* A file of the layout, by its name there. */
void oci_write(const char *name, const char *text);

/*
 * Put a blob, and return its descriptor as JSON, with `more` as further
 * fields: ",\"annotations\":{}"; may be "".
 */
char *oci_blob(const char *type, const void *bytes, size_t size,
	       const char *more);

/*
 * Put the config and the manifest of an image of these texts, as layers of
 * that type in a row, and return the descriptor of the manifest.
 */
char *oci_image(const char *const *layers, const char *type, const char *more);

/* The JSON of an index of descriptors, up to NULL. */
char *oci_index(const char *const *descriptors);

/* Write index.json, with these descriptors, up to NULL. */
void oci_end(const char *const *descriptors);

/* Pack the layout as the archive "x.tar". */
void oci_pack(void);

/* Allocated. */
char *oci_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
