/* SPDX-License-Identifier: MIT */
/* partitions.h - a partition table for files that lie one after the other */
#ifndef HOST_VM_PARTITIONS_H
#define HOST_VM_PARTITIONS_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"

/*
 * The layers disk has file systems on it, which the guest can mount where the
 * kernel sees a partition. So its first extent is a GUID partition table (UEFI
 * specification, chapter 5), and the last one the copy of it.
 *
 *	bytes                     what
 *	0                         the table, PARTITIONS_START bytes
 *	PARTITIONS_START          partition 1, and the others after it
 *	after the last partition  anything else, `rest` bytes
 *	at the end                the copy, PARTITIONS_END bytes
 *
 * Partitions begin and end at pages of 4 KiB, as the page cache would have
 * them, and as tar2sqfs pads its files.
 */
#define PARTITIONS_START     20480 /* bytes: 34 sectors, in whole pages */
#define PARTITIONS_END	     16896 /* bytes: 33 sectors */
#define PARTITIONS_ALIGNMENT 4096  /* bytes */
#define PARTITIONS_MAX	     32	   /* each mount costs the guest time */

/*
 * Make the table and its copy for `count` partitions of these sizes, each a
 * multiple of PARTITIONS_ALIGNMENT, with `rest` bytes behind them, a multiple
 * of 512. The same sizes give the same bytes.
 *
 * EINVAL for other sizes or numbers, EFBIG for a disk that is too large, and
 * what libfdisk says.
 */
int partitions_make(const uint64_t *sizes, size_t count, uint64_t rest,
		    uint8_t start[PARTITIONS_START],
		    uint8_t end[PARTITIONS_END], struct error *err);

/* The two as files in the directory `dir`. */
#define PARTITIONS_FILE "partitions"
#define PARTITIONS_COPY "partitions.copy"
int partitions_write(int dir, const uint64_t *sizes, size_t count,
		     uint64_t rest, struct error *err);

#endif
