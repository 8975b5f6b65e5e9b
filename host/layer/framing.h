/* SPDX-License-Identifier: MIT */
/* framing.h - the blocks of a tar, as strictly as our agent writes them */
#ifndef HOST_LAYER_FRAMING_H
#define HOST_LAYER_FRAMING_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "host/layer/growing.h"

/*
 * Readers of tar forgive much, and each something else: two of them may see
 * two different layers in the same bytes. Here one entry is one ustar header
 * with at most one pax header before it, and that has no record but those
 * that our agent writes, none of them twice.
 */

#define FRAMING_BLOCK	512
#define FRAMING_PAX_MAX 1048576 /* bytes; libarchive 3.6 reads no more */
#define FRAMING_SIZE_MAX                                                       \
	((UINT64_C(1) << 33) - 1) /* bytes that a ustar header can say */

struct framing {
	char type;     /* typeflag, '0' to '6' */
	uint64_t data; /* offset of the entry's data in the file */
	uint64_t size; /* bytes of it; 0 if pax_size */
	bool pax_size; /* the pax header says the size */
};

/*
 * Read the headers of the entry at `offset`. EPROTO if they are not what the
 * agent writes; checksums are the caller's to check.
 */
int framing_read(struct framing *framing, const struct growing *file,
		 uint64_t offset, struct error *err);

/* The archive must end at `offset`, with two blocks of zeros and no more, and
 * the file with it. EPROTO if it does not. */
int framing_check_end(const struct growing *file, uint64_t offset,
		      struct error *err);

#endif
