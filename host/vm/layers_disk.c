/* SPDX-License-Identifier: MIT */
/* layers_disk.c - see layers_disk.h */
#include "host/vm/layers_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

void layers_disk_link(char link[LAYERS_DISK_LINK_MAX], size_t i)
{
	(void)snprintf(link, LAYERS_DISK_LINK_MAX, "layer-%zu", i + 1);
}

static uint64_t sectors(uint64_t bytes)
{
	return bytes / LAYERS_DISK_SECTOR + (bytes % LAYERS_DISK_SECTOR != 0);
}

static int place(struct layers_disk_extent *extents, size_t count,
		 struct error *err)
{
	uint64_t where = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t size = sectors(extents[i].size) * LAYERS_DISK_SECTOR;

		if (extents[i].size == 0)
			return error_set(err, EINVAL, "layer %zu is empty",
					 i + 1);
		if (extents[i].offset % LAYERS_DISK_SECTOR != 0)
			return error_set(err, EINVAL,
					 "layer %zu begins at byte %" PRIu64
					 ", not at a sector",
					 i + 1, extents[i].offset);
		if (extents[i].size > INT64_MAX - LAYERS_DISK_SECTOR ||
		    where > INT64_MAX - size)
			return error_set(err, EFBIG,
					 "%zu layers are larger than a disk "
					 "can be",
					 count);
		extents[i].where = where;
		where += size;
	}
	return 0;
}

/*
 * Three traps of QEMU's reader: an empty line before the first extent makes
 * it read that one twice, the type must be monolithicFlat for FLAT extents
 * with offsets, and the access word is RW even for read-only use.
 */
char *layers_disk_describe(struct layers_disk_extent *extents, size_t count,
			   struct error *err)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (place(extents, count, err) < 0)
		return NULL;
	out = open_memstream(&text, &size);
	if (!out) {
		error_errno(err, "describe the layers disk");
		return NULL;
	}
	fputs("# Disk DescriptorFile\n"
	      "version=1\n"
	      "CID=fffffffe\n"
	      "parentCID=ffffffff\n"
	      "createType=\"monolithicFlat\"\n",
	      out);
	for (size_t i = 0; i < count; i++) {
		char link[LAYERS_DISK_LINK_MAX];

		layers_disk_link(link, i);
		fprintf(out, "RW %" PRIu64 " FLAT \"%s\" %" PRIu64 "\n",
			sectors(extents[i].size), link,
			extents[i].offset / LAYERS_DISK_SECTOR);
	}
	fprintf(out, "RW %d FLAT \"" LAYERS_DISK_END "\" 0\n",
		LAYERS_DISK_END_SIZE / LAYERS_DISK_SECTOR);
	if (fclose(out) != 0) {
		error_errno(err, "describe the layers disk");
		free(text);
		return NULL;
	}
	return text;
}

static int create_end(int dir, struct error *err)
{
	autoclose int fd =
		openat(dir, LAYERS_DISK_END,
		       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, LAYERS_DISK_END_SIZE) < 0)
		return error_errno(err, "write '%s'", LAYERS_DISK_END);
	return 0;
}

int layers_disk_create(int dir, const char *name,
		       struct layers_disk_extent *extents, size_t count,
		       struct error *err)
{
	autofree char *text = layers_disk_describe(extents, count, err);
	autoclose int fd = -1;

	if (!text)
		return -1;
	for (size_t i = 0; i < count; i++) {
		char link[LAYERS_DISK_LINK_MAX];

		layers_disk_link(link, i);
		if (symlinkat(extents[i].path, dir, link) < 0)
			return error_errno(err, "link '%s'", link);
	}
	if (create_end(dir, err) < 0)
		return -1;
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || io_write(fd, text, strlen(text)) < 0)
		return error_errno(err, "write '%s'", name);
	return 0;
}
