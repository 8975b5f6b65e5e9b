/* SPDX-License-Identifier: MIT */
/* passt.c - see passt.h */
#include "host/vm/passt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/shared/addresses.h"
#include "host/jail/child.h"
#include "host/vm/arp.h"
#include "host/vm/confine.h"

/*
 * The loopback is what it takes addresses from that it is told anyway: so it
 * starts on a host that has no other interface, too. Where it sends what the
 * guest sends is the kernel's to decide.
 */
int passt_args(struct args *args, const char *program, struct error *err)
{
	args_add(args, program);
	args_add(args, "--foreground");
	args_add(args, "--quiet");
	args_add_pair(args, "--fd", "%d", PASST_GUEST_FD);
	args_add(args, "--ipv4-only");
	args_add_pair(args, "--interface", "lo");
	args_add_pair(args, "--address", ADDRESS_GUEST);
	args_add_pair(args, "--netmask", ADDRESS_NETMASK);
	args_add_pair(args, "--gateway", ADDRESS_HOST);
	args_add_pair(args, "--mac-addr", ADDRESS_HOST_CARD);
	args_add_pair(args, "--dns-forward", ADDRESS_RESOLVER);
	args_add_pair(args, "--tcp-ports", "none");
	args_add_pair(args, "--udp-ports", "none");
	return args_finish(args, err);
}

/* What the child has, in the order of its descriptors. */
enum child_end { END_NULL, END_OUTPUT, END_ERRORS, END_GUEST, END_COUNT };

_Static_assert(END_GUEST == PASST_GUEST_FD, "they are placed by number");

/* They are moved out of the way first: one may have the number of another. */
static int place(int ends[END_COUNT])
{
	for (int i = 0; i < END_COUNT; i++)
		if ((ends[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, 16)) < 0)
			return -1;
	for (int i = 0; i < END_COUNT; i++)
		if (dup2(ends[i], i) < 0)
			return -1;
	return (int)syscall(SYS_close_range, END_COUNT, ~0U, 0);
}

static _Noreturn void become_passt(const struct args *args, char **environment,
				   int ends[END_COUNT], pid_t parent)
{
	static const struct rlimit no_core = { 0 };

	child_unblock();
	/* A terminal's Ctrl-C is ours to act on. */
	(void)setsid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	if (place(ends) == 0 && chdir("/") == 0 &&
	    setrlimit(RLIMIT_CORE, &no_core) == 0 &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		execve(args->words[0], args->words, environment);
	(void)dprintf(STDERR_FILENO, "%s\n", strerrordesc_np(errno));
	_exit(127);
}

/*
 * What this has no room for passt throws away, and sends again when the guest
 * misses it: a fetch takes five times as long. The kernel gives less, what
 * net.core.wmem_max says (socket(7)).
 */
#define ROOM (16 * 1024 * 1024) /* bytes */

static int start(struct passt *passt, const struct args *args, int ends[],
		 struct error *err)
{
	static const int room = ROOM;
	autofree char **environment = NULL;
	pid_t parent = getpid();
	int guest[2];
	int errors[2];

	if (confine_environment(&environment, err) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, guest) < 0)
		return error_errno(err, "start '%s'", args->words[0]);
	passt->guest = guest[0];
	ends[END_GUEST] = guest[1];
	(void)setsockopt(guest[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	/* Nobody reads it while the guest runs: what there is no room for is
	 * lost, and does not stop the network. */
	if (pipe2(errors, O_CLOEXEC | O_NONBLOCK) < 0)
		return error_errno(err, "start '%s'", args->words[0]);
	passt->errors = errors[0];
	ends[END_ERRORS] = errors[1];
	ends[END_OUTPUT] = fcntl(errors[1], F_DUPFD_CLOEXEC, 0);
	ends[END_NULL] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (ends[END_OUTPUT] < 0 || ends[END_NULL] < 0)
		return error_errno(err, "start '%s'", args->words[0]);
	passt->pid = child_fork();
	if (passt->pid == 0)
		become_passt(args, environment, ends, parent);
	if (passt->pid < 0) {
		passt->pid = 0;
		return error_errno(err, "start '%s'", args->words[0]);
	}
	return 0;
}

int passt_start(struct passt *passt, const char *program, struct error *err)
{
	int ends[END_COUNT] = { -1, -1, -1, -1 };
	AUTO(args) args = { 0 };
	int status = passt_args(&args, program, err);

	if (status == 0)
		status = start(passt, &args, ends, err);
	for (int i = 0; i < END_COUNT; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	if (status < 0)
		passt_release(passt);
	return status;
}

/* Before each frame is its size (QEMU, -netdev socket). */
#define PREFIX_SIZE 4	  /* bytes, big-endian */
#define FRAME_MAX   65550 /* bytes */

/* So much may come before the answer. */
#define FRAMES_MAX 16

struct patience {
	int wake;
	int limit_ms;
};

static int say_ended(struct passt *passt, struct error *err)
{
	char words[512];

	passt_end(passt);
	passt_last_words(passt, words, sizeof(words));
	return error_set(err, ECHILD, "%s", words);
}

static int await(const struct passt *passt, const struct patience *patience,
		 struct error *err)
{
	struct pollfd events[] = { { .fd = passt->guest, .events = POLLIN },
				   { .fd = patience->wake, .events = POLLIN } };
	int ready;

	do
		ready = poll(events, COUNT_OF(events), patience->limit_ms);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return error_errno(err, "wait for its answer");
	if (ready == 0)
		return error_set(err, ETIMEDOUT, "it does not answer");
	return events[1].revents ? error_set(err, EINTR, "interrupted") : 0;
}

static int take(struct passt *passt, void *bytes, size_t size,
		const struct patience *patience, struct error *err)
{
	for (size_t done = 0; done < size;) {
		ssize_t n;

		if (await(passt, patience, err) < 0)
			return -1;
		n = recv(passt->guest, (char *)bytes + done, size - done,
			 MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return say_ended(passt, err);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return error_errno(err, "read its answer");
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}

/* A whole frame, so that QEMU finds the beginning of the next. */
static int take_frame(struct passt *passt, uint8_t frame[FRAME_MAX],
		      size_t *size, const struct patience *patience,
		      struct error *err)
{
	uint32_t prefix;

	if (take(passt, &prefix, PREFIX_SIZE, patience, err) < 0)
		return -1;
	*size = ntohl(prefix);
	if (*size > FRAME_MAX)
		return error_set(err, EPROTO, "it sends a frame of %zu bytes",
				 *size);
	return take(passt, frame, *size, patience, err);
}

static int ask(struct passt *passt, struct error *err)
{
	uint8_t question[PREFIX_SIZE + ARP_FRAME_SIZE] = { 0, 0, 0,
							   ARP_FRAME_SIZE };

	arp_ask(question + PREFIX_SIZE);
	if (send(passt->guest, question, sizeof(question), MSG_NOSIGNAL) >= 0)
		return 0;
	return errno == EPIPE ? say_ended(passt, err)
			      : error_errno(err, "ask it");
}

int passt_greet(struct passt *passt, int wake, int limit_ms, struct error *err)
{
	const struct patience patience = { wake, limit_ms };
	uint8_t frame[FRAME_MAX];
	size_t size;

	if (ask(passt, err) < 0)
		return -1;
	for (int i = 0; i < FRAMES_MAX; i++) {
		if (take_frame(passt, frame, &size, &patience, err) < 0)
			return -1;
		if (arp_is_answer(frame, size))
			return 0;
	}
	return error_set(err, EPROTO, "it does not answer, but sends frames");
}

void passt_leave(struct passt *passt)
{
	if (passt->guest >= 0)
		close(passt->guest);
	passt->guest = -1;
}

bool passt_fell(const struct passt *passt)
{
	siginfo_t ended = { 0 };

	return passt->pid > 0 &&
	       waitid(P_PID, (id_t)passt->pid, &ended,
		      WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       ended.si_pid != 0 &&
	       (ended.si_code != CLD_EXITED || ended.si_status != 0);
}

void passt_end(struct passt *passt)
{
	if (passt->pid <= 0)
		return;
	(void)kill(passt->pid, SIGKILL);
	while (waitpid(passt->pid, &passt->status, 0) < 0 && errno == EINTR)
		;
	passt->pid = 0;
	tail_listen(&passt->errors_tail, &passt->errors);
}

/* Where there is no system log it says after each line that it has none. */
static bool is_of_the_log(const char *line, size_t length)
{
	static const char end[] = "bytes to syslog";

	return length >= strlen(end) &&
	       memcmp(line + length - strlen(end), end, strlen(end)) == 0;
}

void passt_last_words(const struct passt *passt, char *words, size_t size)
{
	size_t length = passt->errors_tail.used;
	const char *line = tail_line(&passt->errors_tail, &length);

	while (is_of_the_log(line, length)) {
		length = (size_t)(line - passt->errors_tail.bytes);
		line = tail_line(&passt->errors_tail, &length);
	}
	if (length > 0)
		(void)snprintf(words, size, "%.*s", (int)length, line);
	else if (WIFSIGNALED(passt->status))
		(void)snprintf(words, size, "it was ended by SIG%s",
			       sigabbrev_np(WTERMSIG(passt->status)));
	else
		(void)snprintf(words, size, "it exited with status %d",
			       WEXITSTATUS(passt->status));
}

void passt_release(struct passt *passt)
{
	passt_end(passt);
	passt_leave(passt);
	if (passt->errors >= 0)
		close(passt->errors);
	passt->errors = -1;
}
