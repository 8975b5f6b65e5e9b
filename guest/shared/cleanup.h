/* SPDX-License-Identifier: MIT */
/* cleanup.h - what a scope frees and closes when it is left */
#ifndef GUEST_SHARED_CLEANUP_H
#define GUEST_SHARED_CLEANUP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Every scoped variable must be initialised where it is declared: NULL, or -1
 * for a descriptor. The handlers keep errno, so that they are safe between a
 * failure and its report.
 */

static inline void scope_free(void *p)
{
	free(*(void **)p);
}

static inline void scope_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd); /* never retried: Linux has closed it already */
	errno = saved;
}

static inline void scope_fclose(FILE **f)
{
	int saved = errno;

	if (*f)
		(void)fclose(*f);
	errno = saved;
}

#define autofree   __attribute__((cleanup(scope_free)))
#define autoclose  __attribute__((cleanup(scope_close)))
#define autofclose __attribute__((cleanup(scope_fclose)))

/* DEFINE_AUTO(disk, disk_release) lets callers write: AUTO(disk) d = { 0 }; */
#define DEFINE_AUTO(tag, release)                                              \
	static inline void scope_##tag(struct tag *p)                          \
	{                                                                      \
		release(p);                                                    \
	}
#define AUTO(tag) __attribute__((cleanup(scope_##tag))) struct tag

/* Hand a descriptor to a new owner: the scope no longer closes it. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* Hand an allocation to a new owner: the scope no longer frees it. */
static inline void *take_pointer(void *pp)
{
	void *taken = *(void **)pp;

	*(void **)pp = NULL;
	return taken;
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
