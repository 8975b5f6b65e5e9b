/* SPDX-License-Identifier: MIT */
/* filter.h - which system calls a process may still make (seccomp(2)) */
#ifndef HOST_JAIL_FILTER_H
#define HOST_JAIL_FILTER_H

#include <stdbool.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct filter {
	void *context; /* owned; libseccomp's; NULL: nothing is filtered */
};

/* Does this kernel filter system calls, and kill for one? */
bool filter_works(void);

/*
 * For a reader of hostile bytes: memory, reading and writing what is open, and
 * ending. What libraries try on the side, as opening a configuration, fails
 * (EACCES); any other system call kills the process.
 */
int filter_for_reader(struct filter *filter, struct error *err);

/*
 * For a program that is executed and then reads hostile bytes: it may open
 * files and start threads, but no process (EPERM), and have nothing to do with
 * networks, unless `network` says so, other processes' memory, namespaces, mounts, modules, io_uring
 * (which passes by such filters) or the kernel's rarer parts.
 */
int filter_for_program(struct filter *filter, bool network, struct error *err);

/* From here on, for this thread and what it starts. -1 with errno. */
int filter_enter(const struct filter *filter);

void filter_release(struct filter *filter);

DEFINE_AUTO(filter, filter_release)

#endif
