/* SPDX-License-Identifier: MIT */
/* libraries.h - the shared libraries that a program brings along */
#ifndef IMAGES_LIBRARIES_H
#define IMAGES_LIBRARIES_H

#include "guest/shared/error.h"
#include "images/initramfs.h"
#include "images/name_list.h"

/*
 * Put the loader and the libraries of the program `path`, whose content is
 * `program`, into the tree, where they lie on this machine. Nothing to do for
 * a static program. ENOENT if the loader does not find one of them.
 */
int libraries_add(struct initramfs *fs, const char *path,
		  const struct blob *program, struct error *err);

/*
 * The files named in what "ld.so --list" prints. ENOENT if it says "not
 * found" of one.
 */
int libraries_parse(struct name_list *files, const char *list,
		    struct error *err);

/*
 * Where the file `path` (absolute) of this machine goes in the guest, in
 * which /bin, /sbin, /lib and /lib64 are links into /usr: "usr/lib/libc.so.6"
 * for "/lib/libc.so.6". "." and ".." are resolved. The caller's to free; NULL
 * with ENOMEM.
 */
char *libraries_place(const char *path);

#endif
