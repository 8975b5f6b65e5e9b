/* SPDX-License-Identifier: MIT */
/* unbundle.h - a tar of the guest's becomes files of this host, by strict rules */
#ifndef HOST_LAYER_UNBUNDLE_H
#define HOST_LAYER_UNBUNDLE_H

#include <stdint.h>

#include "guest/shared/error.h"

/*
 * Regular files, directories, symlinks that stay inside and hard links to files
 * that came before; nothing else (EINVAL, with its name). The tar is read in a
 * jail (jail.h); what that says is checked again here, where files are made:
 *
 * - a name has no "..", is not absolute, and does not come twice (EEXIST); what
 *   is on the way to it is a directory, never a symlink (openat2(2));
 * - a symlink's target is relative, and its ".." stand in front and are no more
 *   than the directories above the link: so no chain of links leads out;
 * - files get the permissions they had, without set-ID and sticky bits, and
 *   always their owner's to read and write; the user is the owner;
 * - mtimes of files are kept, xattrs are not.
 */
struct unbundle {
	int tar;  /* to be read from its start */
	int into; /* an empty directory */
	int (*advance)(void *context, uint64_t bytes); /* may be NULL */
	void *context;
};

/* What is there after a failure is the caller's to remove. */
int unbundle(const struct unbundle *what, struct error *err);

#endif
