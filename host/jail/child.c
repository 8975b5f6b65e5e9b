/* SPDX-License-Identifier: MIT */
/* child.c - see child.h */
#include "host/jail/child.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "host/jail/signals.h"

static void catch_nothing(void)
{
	struct sigaction action;

	for (int number = 1; number < NSIG; number++)
		if (sigaction(number, NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN &&
		    action.sa_handler != SIG_DFL)
			(void)signal(number, SIG_DFL);
}

pid_t child_fork(void)
{
	sigset_t before;
	pid_t pid;
	int code;

	signals_hold(&before);
	pid = fork();
	code = errno;
	if (pid == 0)
		catch_nothing();
	else
		signals_release(&before);
	errno = code;
	return pid;
}

void child_unblock(void)
{
	sigset_t none;

	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGXFSZ, SIG_DFL);
	sigemptyset(&none);
	signals_release(&none);
}
