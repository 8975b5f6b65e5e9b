/* SPDX-License-Identifier: MIT */
/* jail.c - see jail.h: the parent's side */
#include "host/jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/jail/child.h"
#include "host/jail/inside.h"
#include "host/jail/speech.h"

#define TICK_MS	 100  /* between two calls of advance() */
#define DYING_MS 5000 /* that a child takes to be gone */

struct warden {
	const struct jail_work *work;
	pid_t pid; /* 0 when it has been waited for */
	int in;	   /* owned; our end of the pipe */
	time_t heard;
	struct jail_result result;
	struct error failure; /* of the function */
	bool failed;
	bool done;
	size_t used; /* bytes of the buffer */
	char buffer[sizeof(struct speech_header) + SPEECH_MAX];
};

static time_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void warden_release(struct warden *warden)
{
	if (warden->pid > 0) {
		(void)kill(warden->pid, SIGKILL);
		while (waitpid(warden->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (warden->in >= 0)
		(void)close(warden->in);
	jail_result_release(&warden->result);
}

DEFINE_AUTO(warden, warden_release)

static int start(struct warden *warden, struct error *err)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, "read %s", warden->work->what);
	warden->in = ends[0];
	if (warden->work->take)
		(void)fcntl(ends[0], F_SETPIPE_SZ, SPEECH_PIPE);
	warden->pid = child_fork();
	if (warden->pid == 0)
		inside_run(warden->work, ends[1], parent);
	(void)close(ends[1]);
	if (warden->pid < 0) {
		warden->pid = 0;
		return error_errno(err, "read %s", warden->work->what);
	}
	warden->heard = now();
	return 0;
}

static int say_nonsense(const struct warden *warden, struct error *err)
{
	return error_set(err, EPROTO,
			 "read %s: its reader says what none can say",
			 warden->work->what);
}

static int advance(const struct warden *warden, uint64_t bytes,
		   struct error *err)
{
	const struct jail_work *work = warden->work;

	if (work->advance && work->advance(work->advance_context, bytes) != 0)
		return error_set(err, ECANCELED, "cancelled");
	return 0;
}

static int on_tick(struct warden *warden, const void *bytes, size_t size,
		   struct error *err)
{
	uint64_t count;

	if (size != sizeof(count))
		return say_nonsense(warden, err);
	memcpy(&count, bytes, sizeof(count));
	return advance(warden, count, err);
}

static int on_result(struct warden *warden, const void *bytes, size_t size,
		     struct error *err)
{
	const struct jail_work *work = warden->work;
	struct jail_result *result = &warden->result;
	void *larger;

	if (work->take)
		return work->take(work->take_context, bytes, size, err);
	if (size > work->result_max - result->size)
		return say_nonsense(warden, err);
	larger = realloc(result->bytes, result->size + size + 1);
	if (!larger)
		return error_set(err, ENOMEM, "out of memory");
	memcpy((char *)larger + result->size, bytes, size);
	result->bytes = larger;
	result->size += size;
	return 0;
}

/* What it says of its failure is made printable, as any hostile text. */
static int on_failed(struct warden *warden, const void *bytes, size_t size,
		     struct error *err)
{
	struct error said;

	if (size != sizeof(said))
		return say_nonsense(warden, err);
	memcpy(&said, bytes, sizeof(said));
	said.msg[sizeof(said.msg) - 1] = '\0';
	if (said.code < 0 || jail_is_mistake(said.code))
		return say_nonsense(warden, err);
	(void)error_set(&warden->failure, said.code, "%s", said.msg);
	warden->failed = true;
	return 0;
}

static int on_message(struct warden *warden, const struct speech_header *header,
		      const void *bytes, struct error *err)
{
	if (warden->done || warden->failed)
		return say_nonsense(warden, err);
	switch (header->kind) {
	case SPEECH_TICK:
		return on_tick(warden, bytes, header->size, err);
	case SPEECH_RESULT:
		return on_result(warden, bytes, header->size, err);
	case SPEECH_FAILED:
		return on_failed(warden, bytes, header->size, err);
	case SPEECH_DONE:
		warden->done = true;
		return 0;
	default:
		return say_nonsense(warden, err);
	}
}

static int take_messages(struct warden *warden, struct error *err)
{
	struct speech_header header;
	size_t at = 0;

	while (warden->used - at >= sizeof(header)) {
		memcpy(&header, warden->buffer + at, sizeof(header));
		if (header.size > SPEECH_MAX)
			return say_nonsense(warden, err);
		if (warden->used - at < sizeof(header) + header.size)
			break;
		at += sizeof(header);
		if (on_message(warden, &header, warden->buffer + at, err) < 0)
			return -1;
		at += header.size;
	}
	warden->used -= at;
	memmove(warden->buffer, warden->buffer + at, warden->used);
	return 0;
}

static int check_silence(const struct warden *warden, struct error *err)
{
	unsigned limit =
		warden->work->silence ? warden->work->silence : JAIL_SILENCE;

	if (now() - warden->heard <= (time_t)limit)
		return 0;
	return error_set(err, JAIL_HUNG,
			 "read %s: its reader has hung, and was ended after "
			 "%u s",
			 warden->work->what, limit);
}

/* 1: there is more to come, 0: that was all. */
static int hear(struct warden *warden, struct error *err)
{
	struct pollfd event = { .fd = warden->in, .events = POLLIN };
	ssize_t n;

	if (advance(warden, 0, err) < 0)
		return -1;
	if (poll(&event, 1, TICK_MS) <= 0)
		return check_silence(warden, err) < 0 ? -1 : 1;
	n = read(warden->in, warden->buffer + warden->used,
		 sizeof(warden->buffer) - warden->used);
	if (n < 0 && errno == EINTR)
		return 1;
	if (n < 0)
		return error_errno(err, "read %s", warden->work->what);
	if (n == 0)
		return 0;
	warden->used += (size_t)n;
	warden->heard = now();
	return take_messages(warden, err) < 0 ? -1 : 1;
}

static bool has_ended(const struct warden *warden)
{
	autoclose int pidfd = (int)syscall(SYS_pidfd_open, warden->pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return pidfd >= 0 && poll(&end, 1, DYING_MS) == 1;
}

/* It has closed the pipe and did not say how it went. */
static int say_how_it_ended(struct warden *warden, struct error *err)
{
	const char *what = warden->work->what;
	int status;

	/* Who has ended closes it last: a pipe that is closed by one who lives
	 * on was closed on purpose. */
	if (!has_ended(warden))
		return say_nonsense(warden, err);
	while (waitpid(warden->pid, &status, 0) < 0 && errno == EINTR)
		;
	warden->pid = 0;
	if (!WIFSIGNALED(status))
		return say_nonsense(warden, err);
	if (WTERMSIG(status) == SIGKILL)
		return error_set(err, ENOMEM,
				 "read %s: its reader was ended by SIGKILL; is "
				 "this host out of memory?",
				 what);
	return error_set(err, JAIL_CRASHED,
			 "read %s: its reader was ended by SIG%s, which is a "
			 "mistake in overlayvm or its libraries",
			 what, sigabbrev_np(WTERMSIG(status)));
}

int jail_run(const struct jail_work *work, struct jail_result *result,
	     struct error *err)
{
	AUTO(warden) warden = { .work = work, .in = -1 };
	int more;

	if (start(&warden, err) < 0)
		return -1;
	while ((more = hear(&warden, err)) > 0)
		;
	if (more < 0)
		return -1;
	if (warden.failed) {
		*err = warden.failure;
		return -1;
	}
	if (!warden.done)
		return say_how_it_ended(&warden, err);
	*result = warden.result;
	warden.result = (struct jail_result){ 0 };
	return 0;
}

void jail_result_release(struct jail_result *result)
{
	free(result->bytes);
	*result = (struct jail_result){ 0 };
}
