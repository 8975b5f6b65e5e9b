/* SPDX-License-Identifier: MIT */
/* no_memory.c - preloaded: one allocation fails, the one of this number */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * NO_MEMORY_AT=N: allocation N of this process, from 1, fails; those of the
 * processes that it forks or executes do not. Then the file that
 * NO_MEMORY_MARK names is made, to tell that there was one, with the name of
 * the program or library that asked for it.
 */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static atomic_long left = -1; /* -1: not known yet; 0: no more */
static pid_t self;

/* The C library asks in the name of others: strdup(3), asprintf(3). */
static const char *asker(void)
{
	void *frames[16];
	int count = backtrace(frames, 16);
	Dl_info info;

	for (int i = 0; i < count; i++)
		if (dladdr(frames[i], &info) && info.dli_fname &&
		    !strstr(info.dli_fname, "/libc.so") &&
		    !strstr(info.dli_fname, "no_memory"))
			return info.dli_fname;
	return "?";
}

static void mark(void)
{
	const char *path = getenv("NO_MEMORY_MARK");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644) : -1;
	const char *who = asker();

	if (fd < 0)
		return;
	(void)!write(fd, who, strlen(who));
	close(fd);
}

/* The first time it loads a library, which takes memory. */
__attribute__((constructor)) static void get_ready(void)
{
	void *frame;

	(void)backtrace(&frame, 1);
}

static bool fails(void)
{
	const char *at;

	if (left == 0 || (self && self != getpid()))
		return false;
	if (left < 0) {
		at = getenv("NO_MEMORY_AT");
		self = getpid();
		left = at ? atol(at) : 0;
		if (left <= 0)
			return false;
	}
	if (atomic_fetch_sub(&left, 1) != 1)
		return false;
	mark();
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}
