/* SPDX-License-Identifier: MIT */
/* beneath.h - open what an untrusted path names, below a directory */
#ifndef GUEST_SHARED_BENEATH_H
#define GUEST_SHARED_BENEATH_H

/*
 * Open `path`, relative, below the directory `root` ("" is the root itself);
 * the kernel refuses to leave it and to follow any symlink on the way, the last
 * component included (ELOOP, EXDEV; openat2(2)). `flags` are open(2)'s, not
 * O_CREAT; O_CLOEXEC is added. Returns a descriptor or -1 and errno.
 */
int beneath_open(int root, const char *path, int flags);

/* The directory that `path` is in, with O_PATH. */
int beneath_open_parent(int root, const char *path);

#endif
