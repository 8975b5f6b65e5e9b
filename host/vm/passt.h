/* SPDX-License-Identifier: MIT */
/* passt.h - passt(1), a process that is the network of a guest */
#ifndef HOST_VM_PASST_H
#define HOST_VM_PASST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/vm/args.h"
#include "host/vm/tail.h"

/*
 * It opens sockets of this host for what the guest sends, and has the guest's
 * frames by one end of a pair of sockets. QEMU gets the other, and so needs no
 * right to make a socket itself. It ends when that is closed.
 */
struct passt {
	pid_t pid;  /* 0 if there is none */
	int guest;  /* QEMU's end; -1 once QEMU alone has it */
	int errors; /* what it prints; non-blocking */
	int status; /* of waitpid(2), after passt_end() */
	struct tail errors_tail;
};

#define PASST_NONE                                                             \
	{                                                                      \
		.guest = -1, .errors = -1                                      \
	}

/* The descriptor that it inherits. */
#define PASST_GUEST_FD 3

/*
 * The whole argument list, a pure function. *args must be { 0 }; it owns the
 * words. ENOMEM is the only failure.
 */
int passt_args(struct args *args, const char *program, struct error *err);

/*
 * Start it, with no descriptor but its own; what it makes of itself, a user
 * namespace and a filter of system calls among it, it does alone. It gets
 * SIGKILL when this process ends, unless that is root's: then it changes its
 * user, and ends with QEMU. *passt must be PASST_NONE, and on failure is so
 * again. That it cannot be executed is noticed by passt_greet().
 */
int passt_start(struct passt *passt, const char *program, struct error *err);

/*
 * Wait until it answers as the guest's gateway: then it works. EINTR if `wake`
 * is readable before, ETIMEDOUT after `limit_ms` of silence, EPROTO for what no
 * passt says, and ECHILD if it has ended: then its last words are the message.
 */
int passt_greet(struct passt *passt, int wake, int limit_ms, struct error *err);

/* QEMU has its end. */
void passt_leave(struct passt *passt);

/*
 * Has it ended otherwise than because QEMU did? Then the guest has no network
 * any more.
 */
bool passt_fell(const struct passt *passt);

/* End it if it runs, and wait until it is gone. The tail stays readable. */
void passt_end(struct passt *passt);

/* After passt_end(), what it said last, else how it ended. */
void passt_last_words(const struct passt *passt, char *words, size_t size);

void passt_release(struct passt *passt);

DEFINE_AUTO(passt, passt_release)

#endif
