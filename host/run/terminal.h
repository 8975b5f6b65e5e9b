/* SPDX-License-Identifier: MIT */
/* terminal.h - the terminal of the user, lent to a program in the guest */
#ifndef HOST_RUN_TERMINAL_H
#define HOST_RUN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"

struct terminal {
	int fd;	     /* owned; the controlling terminal, or -1 */
	int resized; /* owned; signalfd(2) of SIGWINCH, or -1 */
	struct termios saved;
	unsigned leaving; /* TERMINAL_LEAVE in a row */
};

#define TERMINAL_NONE                                                          \
	{                                                                      \
		.fd = -1, .resized = -1                                        \
	}

/*
 * Pressed three times in a row it leaves, whatever the guest does: Ctrl-], as
 * systemd-nspawn(1) has it.
 */
#define TERMINAL_LEAVE 0x1d

/*
 * Take the controlling terminal, wherever the standard streams go, and have
 * it pass on each key as it is. Fails with what open(2) and tcsetattr(3) say;
 * terminal_release() gives it back as it was. SIGWINCH must be blocked in all
 * threads (interrupt_open()).
 */
int terminal_take(struct terminal *terminal, struct error *err);

/* What the guest is to know of it. */
void terminal_describe(const struct terminal *terminal,
		       struct message_terminal *description);

/* The size may have changed: forget that `resized` was readable. */
void terminal_note_resize(const struct terminal *terminal);

/*
 * Read what was typed. Returns the bytes, 0 if the user leaves or the terminal
 * has gone.
 */
size_t terminal_read(struct terminal *terminal, char *keys, size_t size);

/* Show bytes of the guest's as they are, terminal sequences and all. */
void terminal_show(const struct terminal *terminal, const void *bytes,
		   size_t size);

void terminal_release(struct terminal *terminal);

DEFINE_AUTO(terminal, terminal_release)

#endif
