/* SPDX-License-Identifier: MIT */
/* machine.h - a running QEMU and its ends */
#ifndef HOST_VM_MACHINE_H
#define HOST_VM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/vm/args.h"
#include "host/vm/confine.h"
#include "host/vm/tail.h"

struct machine {
	pid_t pid;   /* 0 if there is none */
	int pidfd;   /* readable when QEMU has ended */
	int control; /* the conversation, our end; blocking */
	int console; /* the kernel's console, our end; non-blocking */
	int errors;  /* what QEMU prints; non-blocking */
	int monitor; /* QMP, our end */
	bool fell;   /* it has ended, and not by machine_end() */
	int status;  /* of waitpid(2), if it fell */
	struct tail console_tail;
	struct tail errors_tail;
};

#define MACHINE_NONE                                                           \
	{                                                                      \
		.pidfd = -1, .control = -1, .console = -1, .errors = -1,       \
		.monitor = -1                                                  \
	}

/* How QEMU is started. */
struct machine_start {
	const struct args *args; /* its words */
	int dir;		 /* its working directory */
	int state;		 /* QEMU_STATE_FD; -1: nothing is restored */
	int network;		 /* QEMU_NETWORK_FD; -1: it has no such */
	const struct confine *confine;
};

/*
 * Start QEMU, with the descriptors of qemu.h and no others. It gets SIGKILL
 * when this process ends, however it ends. Fails with what execve(2) says, or
 * whatever would confine it; *machine must be MACHINE_NONE, and on failure is
 * so again.
 */
int machine_start(struct machine *machine, const struct machine_start *how,
		  struct error *err);

/* Take what the console and QEMU have printed into the tails. */
void machine_listen(struct machine *machine);

/* Give a QEMU that has closed its ends the time to end by itself. */
void machine_await(const struct machine *machine, int limit_ms);

/*
 * End QEMU if it runs, and wait until it is gone. The tails stay readable.
 * Does nothing the second time.
 */
void machine_end(struct machine *machine);

/*
 * After machine_end(), what says best why the guest or QEMU ended: the kernel's
 * "Kernel panic" line, else the signal that ended QEMU, else its last words,
 * else its status; "" if it did not end by itself and said nothing. Cut to
 * `size` bytes with its terminator.
 */
void machine_last_words(const struct machine *machine, char *words,
			size_t size);

void machine_release(struct machine *machine);

DEFINE_AUTO(machine, machine_release)

#endif
