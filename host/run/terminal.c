/* SPDX-License-Identifier: MIT */
/* terminal.c - see terminal.h */
#include "host/run/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "guest/shared/io.h"

#define LEAVE_TIMES 3

static int watch_size(struct terminal *terminal, struct error *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	terminal->resized = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (terminal->resized < 0)
		return error_errno(err, "watch the terminal's size");
	return 0;
}

int terminal_take(struct terminal *terminal, struct error *err)
{
	struct termios raw;

	if (watch_size(terminal, err) < 0)
		return -1;
	terminal->fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (terminal->fd < 0)
		return error_errno(err, "open /dev/tty");
	if (tcgetattr(terminal->fd, &terminal->saved) == 0) {
		raw = terminal->saved;
		cfmakeraw(&raw);
		if (tcsetattr(terminal->fd, TCSAFLUSH, &raw) == 0)
			return 0;
	}
	(void)error_errno(err, "set up the terminal");
	close(terminal->fd);
	terminal->fd = -1;
	return -1;
}

void terminal_describe(const struct terminal *terminal,
		       struct message_terminal *description)
{
	const char *type = getenv("TERM");
	struct winsize size;

	*description = (struct message_terminal){ .rows = 24, .columns = 80 };
	(void)snprintf(description->type, sizeof(description->type), "%s",
		       type && *type ? type : "dumb");
	if (ioctl(terminal->fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 ||
	    size.ws_col == 0 || size.ws_row > MESSAGE_TERMINAL_MAX ||
	    size.ws_col > MESSAGE_TERMINAL_MAX)
		return;
	description->rows = size.ws_row;
	description->columns = size.ws_col;
}

void terminal_note_resize(const struct terminal *terminal)
{
	struct signalfd_siginfo info;

	while (read(terminal->resized, &info, sizeof(info)) > 0)
		;
}

size_t terminal_read(struct terminal *terminal, char *keys, size_t size)
{
	ssize_t n = read(terminal->fd, keys, size);

	for (ssize_t i = 0; i < n; i++) {
		terminal->leaving =
			keys[i] == TERMINAL_LEAVE ? terminal->leaving + 1 : 0;
		if (terminal->leaving == LEAVE_TIMES)
			return 0;
	}
	return n < 0 ? 0 : (size_t)n;
}

void terminal_show(const struct terminal *terminal, const void *bytes,
		   size_t size)
{
	(void)!io_write(terminal->fd, bytes, size);
}

void terminal_release(struct terminal *terminal)
{
	if (terminal->fd >= 0) {
		(void)tcsetattr(terminal->fd, TCSAFLUSH, &terminal->saved);
		close(terminal->fd);
	}
	if (terminal->resized >= 0)
		close(terminal->resized);
	*terminal = (struct terminal)TERMINAL_NONE;
}
