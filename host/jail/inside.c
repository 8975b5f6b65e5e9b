/* SPDX-License-Identifier: MIT */
/* inside.c - see inside.h, and of jail.h what is called in the child */
#include "host/jail/inside.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "host/jail/filter.h"
#include "host/jail/landlock.h"
#include "host/jail/speech.h"

#define TICK_NS INT64_C(100000000) /* between two signs of life */

struct jail {
	int out;
	int64_t ticked;	 /* when, nanoseconds */
	uint64_t untold; /* bytes that were read since */
};

/* At once or not at all: a message is no longer than a pipe takes whole. */
static int say(struct jail *jail, enum speech_kind kind, const void *bytes,
	       size_t size)
{
	struct speech_header header = { kind, (uint32_t)size };
	struct iovec parts[] = {
		{ &header, sizeof(header) },
		{ (void *)bytes, size },
	};
	size_t left = sizeof(header) + size;

	while (left > 0) {
		ssize_t n = writev(jail->out, parts, COUNT_OF(parts));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		left -= (size_t)n;
		for (size_t i = 0; i < COUNT_OF(parts); i++) {
			size_t done = (size_t)n < parts[i].iov_len
					      ? (size_t)n
					      : parts[i].iov_len;

			parts[i].iov_base = (char *)parts[i].iov_base + done;
			parts[i].iov_len -= done;
			n -= (ssize_t)done;
		}
	}
	return 0;
}

int jail_put(struct jail *jail, const void *bytes, size_t size,
	     struct error *err)
{
	const char *at = bytes;

	while (size > 0) {
		size_t part = size < SPEECH_MAX ? size : SPEECH_MAX;

		if (say(jail, SPEECH_RESULT, at, part) < 0)
			return error_errno(err, "say the result");
		at += part;
		size -= part;
	}
	return 0;
}

static int say_untold(struct jail *jail)
{
	uint64_t bytes = jail->untold;

	jail->untold = 0;
	return say(jail, SPEECH_TICK, &bytes, sizeof(bytes));
}

int jail_tick(void *context, uint64_t bytes)
{
	struct jail *jail = context;
	struct timespec now;
	int64_t ns;

	jail->untold += bytes;
	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	if (ns - jail->ticked < TICK_NS)
		return 0;
	jail->ticked = ns;
	return say_untold(jail);
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void close_from_to(int first, int last)
{
	if (first > last)
		return;
	/* Before Linux 5.9 one by one. */
	if (syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (int fd = first; fd <= last && fd < sysconf(_SC_OPEN_MAX); fd++)
		(void)close(fd);
}

/* Standard input, output and errors too: a terminal is much to have. */
static void close_all_but(const struct jail_work *work, int out)
{
	int kept[JAIL_FDS_MAX + 1];
	int first = 0;

	for (size_t i = 0; i < work->fd_count; i++)
		kept[i] = work->fds[i];
	kept[work->fd_count] = out;
	qsort(kept, work->fd_count + 1, sizeof(*kept), compare);
	for (size_t i = 0; i <= work->fd_count; i++) {
		close_from_to(first, kept[i] - 1);
		first = kept[i] + 1;
	}
	close_from_to(first, INT_MAX);
}

static void limit(int resource, rlim_t most)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0)
		return;
	if (limit.rlim_max > most)
		limit.rlim_max = most;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(resource, &limit);
}

static int give_up_everything(const struct jail_work *work, struct error *err)
{
	AUTO(landlock) landlock = LANDLOCK_NONE;
	AUTO(filter) filter = { 0 };

	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, work->file_size);
#ifndef __SANITIZE_ADDRESS__ /* which takes 16 TiB to begin with */
	limit(RLIMIT_AS, JAIL_MEMORY);
#endif
	if (landlock_begin(&landlock, err) < 0 ||
	    filter_for_reader(&filter, err) < 0)
		return -1;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    landlock_enter(&landlock) < 0)
		return error_errno(err, "confine the reader");
	landlock_release(&landlock);
	if (filter_enter(&filter) < 0)
		return error_errno(err, "confine the reader");
	return 0;
}

/* Of what the parent is to see. */
static void die_as_usual(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS,	 SIGFPE, SIGILL,
				       SIGABRT, SIGXFSZ, SIGSYS };

	for (size_t i = 0; i < COUNT_OF(signals); i++)
		(void)signal(signals[i], SIG_DFL);
}

_Noreturn void inside_run(const struct jail_work *work, int out, pid_t parent)
{
	struct jail jail = { .out = out };
	struct error err = { 0 };

	die_as_usual();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	close_all_but(work, out);
	if (give_up_everything(work, &err) < 0 ||
	    work->work(&jail, work->context, &err) < 0)
		(void)say(&jail, SPEECH_FAILED, &err, sizeof(err));
	else if (say_untold(&jail) == 0)
		(void)say(&jail, SPEECH_DONE, NULL, 0);
	_exit(0);
}
