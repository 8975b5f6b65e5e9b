/* SPDX-License-Identifier: MIT */
/* process.c - see process.h */
#include "guest/agent/process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define OUTPUT_MAX 512 /* bytes of standard error that a message can use */

static _Noreturn void become(const char *const argv[], int output)
{
	int null = open("/dev/null", O_RDWR);

	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
	(void)dup2(output, STDERR_FILENO);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

/* The last line that is not empty, which is where programs say why. */
static const char *last_line(char *text)
{
	char *line;

	for (size_t n = strlen(text);
	     n > 0 && isspace((unsigned char)text[n - 1]);)
		text[--n] = '\0';
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

int process_run(const char *const argv[], struct error *err)
{
	char output[OUTPUT_MAX + 1] = { 0 };
	autoclose int in = -1;
	int ends[2];
	int status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, "run '%s'", argv[0]);
	in = ends[0];
	pid = fork();
	if (pid == 0)
		become(argv, ends[1]);
	close(ends[1]);
	if (pid < 0)
		return error_errno(err, "run '%s'", argv[0]);

	if (io_read(in, output, OUTPUT_MAX) == OUTPUT_MAX) {
		char rest[4096];

		while (io_read(in, rest, sizeof(rest)) > 0)
			; /* so that the program does not block */
	}
	if (waitpid(pid, &status, 0) < 0)
		return error_errno(err, "wait for '%s'", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return error_set(err, ENOENT,
				 "run '%s': not in the guest image", argv[0]);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return error_set(err, EIO, "run '%s': %s", argv[0],
				 last_line(output));
	return 0;
}

/* A kernel thread has no program; nor has a zombie, which is gone already. */
static bool is_program(pid_t pid)
{
	char path[64];
	char target[1];

	(void)snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return readlink(path, target, sizeof(target)) > 0;
}

/* Returns how many processes were still there to be killed. */
static size_t kill_others(pid_t keep)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 1 || pid == keep || !is_program(pid))
			continue;
		(void)kill(pid, SIGKILL);
		count++;
	}
	if (proc)
		(void)closedir(proc);
	return count;
}

/* Reap whatever has ended, but for `keep`, whose status others want. */
static void reap(pid_t keep)
{
	siginfo_t info = { 0 };

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid != 0 && info.si_pid != keep) {
		(void)waitpid(info.si_pid, NULL, 0);
		info.si_pid = 0;
	}
}

void process_end_others(pid_t keep)
{
	/* From PID 1, -1 is everyone else (kill(2)), at one moment. */
	(void)kill(-1, SIGSTOP);
	while (kill_others(keep) > 0) {
		struct timespec tick = { 0, 1000000 };
		sigset_t child;

		/* The kernel says when one is gone; the tick is for those
		 * whose parent is not yet PID 1. */
		sigemptyset(&child);
		sigaddset(&child, SIGCHLD);
		(void)sigtimedwait(&child, NULL, &tick);
		reap(keep);
	}
	reap(keep);
	if (keep > 0)
		(void)kill(keep, SIGCONT);
}

void process_be_killable(void)
{
	autoclose int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd >= 0)
		(void)io_write(fd, "0", 1);
}

unsigned long process_oom_kills(void)
{
	autofclose FILE *stat = fopen("/proc/vmstat", "re");
	char line[128];
	unsigned long kills = 0;

	while (stat && fgets(line, sizeof(line), stat))
		if (sscanf(line, "oom_kill %lu", &kills) == 1)
			break;
	return kills;
}
