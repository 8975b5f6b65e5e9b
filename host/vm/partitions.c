/* SPDX-License-Identifier: MIT */
/* partitions.c - see partitions.h */
#include "host/vm/partitions.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libfdisk/libfdisk.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define SECTOR 512 /* bytes */

/* Random ones would make two runs differ; nobody else ever sees this disk. */
#define DISK_ID	     "6f766572-6c61-4079-8d00-000000000000"
#define PARTITION_ID "6f766572-6c61-4079-8d00-%012zx"
#define ID_MAX	     48 /* bytes */

static void unref_context(struct fdisk_context **context)
{
	fdisk_unref_context(*context);
}

static void unref_partition(struct fdisk_partition **partition)
{
	fdisk_unref_partition(*partition);
}

#define autocontext   __attribute__((cleanup(unref_context)))
#define autopartition __attribute__((cleanup(unref_partition)))

/* libfdisk returns negated errno values. */
static int fail(int code, const char *what, struct error *err)
{
	return error_set(err, -code, "%s: %s", what, strerror(-code));
}

static int measure(const uint64_t *sizes, size_t count, uint64_t rest,
		   uint64_t *total, struct error *err)
{
	*total = PARTITIONS_START + PARTITIONS_END;
	if (count == 0 || count > PARTITIONS_MAX)
		return error_set(err, EINVAL, "%zu partitions", count);
	for (size_t i = 0; i <= count; i++) {
		uint64_t size = i < count ? sizes[i] : rest;
		uint64_t unit = i < count ? PARTITIONS_ALIGNMENT : SECTOR;

		if ((i < count && size == 0) || size % unit != 0)
			return error_set(err, EINVAL,
					 "partition %zu of %" PRIu64 " bytes",
					 i + 1, size);
		if (size > INT64_MAX - *total)
			return error_set(err, EFBIG,
					 "the layers are larger than a disk "
					 "can be");
		*total += size;
	}
	return 0;
}

static int add_partition(struct fdisk_context *context, size_t number,
			 uint64_t start, uint64_t size, struct error *err)
{
	autopartition struct fdisk_partition *partition = fdisk_new_partition();
	char id[ID_MAX];
	int code;

	if (!partition)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	(void)snprintf(id, sizeof(id), PARTITION_ID, number);
	if ((code = fdisk_partition_set_partno(partition, number - 1)) == 0 &&
	    (code = fdisk_partition_set_start(partition, start / SECTOR)) ==
		    0 &&
	    (code = fdisk_partition_set_size(partition, size / SECTOR)) == 0 &&
	    /* or it is made a little smaller, to end where it likes */
	    (code = fdisk_partition_size_explicit(partition, 1)) == 0 &&
	    (code = fdisk_partition_set_uuid(partition, id)) == 0)
		code = fdisk_add_partition(context, partition, NULL);
	return code == 0 ? 0 : fail(code, "add a partition", err);
}

static int add_partitions(struct fdisk_context *context, const uint64_t *sizes,
			  size_t count, struct error *err)
{
	uint64_t start = PARTITIONS_START;

	for (size_t i = 0; i < count; i++) {
		if (add_partition(context, i + 1, start, sizes[i], err) < 0)
			return -1;
		start += sizes[i];
	}
	return 0;
}

/* As a script of sfdisk(8): what there is no other way to say. */
static int describe(struct fdisk_script *script)
{
	char first[24];
	int code;

	(void)snprintf(first, sizeof(first), "%d", PARTITIONS_START / SECTOR);
	if ((code = fdisk_script_set_header(script, "label", "gpt")) == 0 &&
	    (code = fdisk_script_set_header(script, "label-id", DISK_ID)) == 0)
		code = fdisk_script_set_header(script, "first-lba", first);
	return code;
}

static int make_label(struct fdisk_context *context, int disk,
		      struct error *err)
{
	struct fdisk_script *script = fdisk_new_script(context);
	int code = script ? describe(script) : -ENOMEM;

	if (code == 0 &&
	    (code = fdisk_assign_device_by_fd(context, disk, "layers", 0)) ==
		    0 &&
	    (code = fdisk_save_user_grain(context, PARTITIONS_ALIGNMENT)) ==
		    0 &&
	    (code = fdisk_reset_device_properties(context)) == 0)
		code = fdisk_apply_script_headers(context, script);
	/* Each has the other, which nothing else would undo. */
	(void)fdisk_set_script(context, NULL);
	fdisk_unref_script(script);
	return code == 0 ? 0 : fail(code, "make a partition table", err);
}

static int write_label(struct fdisk_context *context, struct error *err)
{
	int code = fdisk_write_disklabel(context);

	if (code == 0)
		code = fdisk_deassign_device(context, 1);
	return code == 0 ? 0 : fail(code, "write the partition table", err);
}

static int make_table(int disk, const uint64_t *sizes, size_t count,
		      struct error *err)
{
	autocontext struct fdisk_context *context = fdisk_new_context();

	if (!context)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (make_label(context, disk, err) < 0 ||
	    add_partitions(context, sizes, count, err) < 0)
		return -1;
	return write_label(context, err);
}

int partitions_make(const uint64_t *sizes, size_t count, uint64_t rest,
		    uint8_t start[PARTITIONS_START],
		    uint8_t end[PARTITIONS_END], struct error *err)
{
	/* The whole disk, but for the table a hole. */
	autoclose int disk = memfd_create("layers", MFD_CLOEXEC);
	uint64_t total;

	if (measure(sizes, count, rest, &total, err) < 0)
		return -1;
	if (disk < 0 || ftruncate(disk, (off_t)total) < 0)
		return error_errno(err, "make a disk of %" PRIu64 " bytes",
				   total);
	if (make_table(disk, sizes, count, err) < 0)
		return -1;
	if (io_pread(disk, start, PARTITIONS_START, 0) < 0 ||
	    io_pread(disk, end, PARTITIONS_END, total - PARTITIONS_END) < 0)
		return error_errno(err, "read the partition table");
	return 0;
}

static int write_file(int dir, const char *name, const void *bytes, size_t size,
		      struct error *err)
{
	autoclose int fd =
		openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		       0600);

	if (fd < 0 || io_write(fd, bytes, size) < 0)
		return error_errno(err, "write '%s'", name);
	return 0;
}

int partitions_write(int dir, const uint64_t *sizes, size_t count,
		     uint64_t rest, struct error *err)
{
	uint8_t start[PARTITIONS_START];
	uint8_t end[PARTITIONS_END];

	if (partitions_make(sizes, count, rest, start, end, err) < 0 ||
	    write_file(dir, PARTITIONS_FILE, start, sizeof(start), err) < 0)
		return -1;
	return write_file(dir, PARTITIONS_COPY, end, sizeof(end), err);
}
