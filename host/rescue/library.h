/* SPDX-License-Identifier: MIT */
/* library.h - libguestfs, loaded when it is wanted */
#ifndef HOST_RESCUE_LIBRARY_H
#define HOST_RESCUE_LIBRARY_H

#include <guestfs.h>

#include "guest/shared/error.h"

/*
 * With libguestfs come libvirt and some forty more libraries. Runs have no use
 * for them: so the program is not linked with it, and a package of the program
 * need not depend on it.
 */
#define LIBRARY_FUNCTIONS(each)                                                \
	each(create) each(close) each(set_error_handler) each(                 \
		last_error) each(last_errno) each(set_backend)                 \
		each(set_backend_setting) each(set_tmpdir) each(               \
			get_path) each(add_drive_opts_argv) each(launch)       \
			each(mount_options) each(readdir) each(                \
				free_dirent_list) each(statns) each(lstatns)   \
				each(free_statns) each(lstatnslist) each(      \
					free_statns_list) each(lgetxattrs)     \
					each(free_xattr_list) each(readlink)   \
						each(pread)

#define LIBRARY_MEMBER(name) __typeof__(guestfs_##name) *name;

/* library->launch is guestfs_launch(), and so on. Usable from { 0 }. */
struct library {
	LIBRARY_FUNCTIONS(LIBRARY_MEMBER)
};

/* Load it, for the rest of the process. ENOENT, with the cure. */
int library_load(struct library *library, struct error *err);

#endif
