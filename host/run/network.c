/* SPDX-License-Identifier: MIT */
/* network.c - see state.h: the guest's way out, if it is to have one */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "host/run/state.h"
#include "host/vm/passt.h"
#include "host/vm/program.h"

#define ANSWER_LIMIT 10 /* seconds; passt takes some hundredths of one */

static const char *const names[] = {
	[QEMU_NETWORK_NONE] = "none",
	[QEMU_NETWORK_USER] = "qemu",
	[QEMU_NETWORK_SOCKET] = "passt",
};

int run_find_passt(struct run *run, struct error *err)
{
	const struct plan *plan = run->plan;

	if (!plan->passt ||
	    program_find(plan->passt, &run->passt_program, err) == 0)
		return 0;
	if (!plan->passt_named)
		return 0;
	if (err->code == ENOENT && !strchr(plan->passt, '/'))
		error_set(err, ENOENT,
			  "no '%s' in PATH (on Debian and Ubuntu: apt-get "
			  "install passt)",
			  plan->passt);
	return error_prefix(err, "OVERLAYVM_PASST");
}

static enum qemu_network kind_of(const struct run *run)
{
	if (run->plan->network == PLAN_NETWORK_NONE)
		return QEMU_NETWORK_NONE;
	return run->passt_program ? QEMU_NETWORK_SOCKET : QEMU_NETWORK_USER;
}

static int start_passt(struct run *run, struct error *err)
{
	struct deadline limit =
		deadline_first(deadline_in(ANSWER_LIMIT), run->deadline);

	passt_release(&run->passt);
	run->passt = (struct passt)PASST_NONE;
	if (passt_start(&run->passt, run->passt_program, err) < 0)
		return -1;
	return passt_greet(&run->passt, run->interrupt->fd,
			   deadline_poll(limit), err);
}

/* It goes on with QEMU, if that is as good to the user. */
static int do_without(struct run *run, struct error *err)
{
	char text[sizeof(*err) + 128];

	if (interrupt_pending(run->interrupt) || deadline_passed(run->deadline))
		return -1;
	if (run->plan->passt_named)
		return error_prefix(err, "OVERLAYVM_PASST: '%s'",
				    run->passt_program);
	(void)snprintf(text, sizeof(text),
		       "'%s' does not work here, QEMU is the network instead: "
		       "%s",
		       run->passt_program, err->msg);
	run_note(run, text);
	passt_end(&run->passt);
	passt_leave(&run->passt);
	free(take_pointer(&run->passt_program));
	return 0;
}

int run_raise_network(struct run *run, struct error *err)
{
	if (run->passt_program && start_passt(run, err) < 0 &&
	    do_without(run, err) < 0)
		return -1;
	run->result->network = names[kind_of(run)];
	return 0;
}

/* The other end of it is nobody's. */
static int open_nowhere(int *fd, struct error *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return error_errno(err, "make a pair of sockets");
	*fd = pair[0];
	close(pair[1]);
	return 0;
}

int run_network_end(struct run *run, enum qemu_start start,
		    enum qemu_network *kind, int *fd, struct error *err)
{
	*fd = -1;
	*kind = kind_of(run);
	if (*kind == QEMU_NETWORK_NONE)
		return 0;
	if (start == QEMU_MAKE) {
		*kind = QEMU_NETWORK_SOCKET;
		return open_nowhere(fd, err);
	}
	/* The one that there was has ended with its machine. */
	if (*kind == QEMU_NETWORK_SOCKET && run->passt.guest < 0 &&
	    run_raise_network(run, err) < 0)
		return -1;
	*kind = kind_of(run);
	*fd = take_fd(&run->passt.guest);
	return 0;
}

void run_check_network(struct run *run)
{
	char words[512];
	char text[sizeof(words) + 64];

	if (!passt_fell(&run->passt))
		return;
	passt_end(&run->passt);
	passt_last_words(&run->passt, words, sizeof(words));
	(void)snprintf(text, sizeof(text),
		       "the guest lost its network: passt: %s", words);
	run_note(run, text);
}
