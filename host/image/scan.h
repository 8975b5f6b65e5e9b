/* SPDX-License-Identifier: MIT */
/* scan.h - find out what is where in a tar file */
#ifndef HOST_IMAGE_SCAN_H
#define HOST_IMAGE_SCAN_H

#include <stdbool.h>

#include "guest/shared/error.h"
#include "host/image/member.h"
#include "host/image/source.h"
#include "host/image/work.h"

/*
 * List the members of a plain tar file, sorted, by their headers alone: the
 * data in between is skipped. libarchive reads the headers, in a jail (jail.h).
 *
 * A member whose name is absolute or leads out of the archive is left out:
 * nothing can ask for it. *is_cut says that nothing follows the last member,
 * not even the mark of the end, as when the rest of the file is missing.
 *
 * EINVAL for what is no tar, damaged, or cut off within a member; ECANCELED;
 * and what members_add() and read(2) say.
 */
int scan_members(const struct source *source, const struct image_work *work,
		 struct members *members, bool *is_cut, struct error *err);

/*
 * Whether a file of plain bytes begins as a tar does, an empty one included.
 * EINVAL if it does not, and what read(2) says.
 */
int scan_first(int fd, uint64_t size, struct error *err);

#endif
