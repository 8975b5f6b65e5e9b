/* SPDX-License-Identifier: MIT */
/* scratch_marks.h - what a scratch disk that is kept says of its upper layer */
#ifndef GUEST_SHARED_SCRATCH_MARKS_H
#define GUEST_SHARED_SCRATCH_MARKS_H

/*
 * Paths from the root of the disk, made by the agent where the disk is to be
 * kept if the run fails, and read by overlayvm rescue. They lie in overlayfs'
 * work directory, where hooks have no business.
 *
 * The first is a directory with the attributes that the root of the upper
 * directory had before the hooks: whether it has changed decides whether the
 * layer has an entry for it. The second is there when the upper directory has
 * been brought into OCI form (upper_convert()).
 */
#define SCRATCH_MARK_ROOT      "work/root"
#define SCRATCH_MARK_CONVERTED "work/converted"

#endif
