/* SPDX-License-Identifier: MIT */
/* layers_disk.h - many layers as one disk, without copying a byte */
#ifndef HOST_VM_LAYERS_DISK_H
#define HOST_VM_LAYERS_DISK_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"

/*
 * On the host the disk is a text file: a VMDK descriptor (VMware, Virtual Disk
 * Format 5.0; QEMU block/vmdk.c) with one FLAT extent for each layer, which
 * may begin anywhere in its file. QEMU 7.2 reads it with driver=vmdk.
 */
#define LAYERS_DISK_SECTOR 512 /* bytes */

/*
 * Zeros in the end: the guest may believe the disk to be larger (qemu.h), and
 * reads ahead, in pages, whatever the last layer ends with.
 */
#define LAYERS_DISK_END	     "layers.end"
#define LAYERS_DISK_END_SIZE 1048576 /* bytes */

struct layers_disk_extent {
	const char *path; /* borrowed; of the file that holds the layer */
	uint64_t offset;  /* bytes, a multiple of LAYERS_DISK_SECTOR */
	uint64_t size;	  /* bytes; the disk has it rounded up to sectors */
	uint64_t where;	  /* out: where on the disk it begins, bytes */
};

/* The name of the link in the run directory that extent `i` is read by. */
#define LAYERS_DISK_LINK_MAX 32 /* bytes */
void layers_disk_link(char link[LAYERS_DISK_LINK_MAX], size_t i);

/*
 * Lay the extents out one after the other, setting `where` of each, and
 * return the text of the descriptor, the caller's to free(). Pure. EINVAL for
 * an offset that is not a multiple of the sector or an extent that is empty,
 * EFBIG for a disk beyond INT64_MAX, ENOMEM; NULL then.
 */
char *layers_disk_describe(struct layers_disk_extent *extents, size_t count,
			   struct error *err);

/*
 * Write the descriptor `name` and the links to the files into the directory
 * `dir`. What a failure leaves there is the directory's owner's to remove.
 */
int layers_disk_create(int dir, const char *name,
		       struct layers_disk_extent *extents, size_t count,
		       struct error *err);

#endif
