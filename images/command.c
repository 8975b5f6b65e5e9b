/* SPDX-License-Identifier: MIT */
/* command.c - see command.h */
#include "images/command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest/shared/io.h"
#include "images/text.h"

#define OUTPUT_MAX  (16 * 1024 * 1024) /* bytes */
#define SYSTEM_PATH "/usr/bin:/usr/sbin:/bin:/sbin"

/* LD_LIBRARY_PATH and the like must not decide what goes into a guest. */
static const char *const environment[] = { "LC_ALL=C", "PATH=" SYSTEM_PATH,
					   NULL };

static int find_along(char **found, const char *path, const char *name,
		      struct error *err)
{
	while (*path) {
		int length = (int)strcspn(path, ":");
		autofree char *candidate =
			text_format("%.*s/%s", length, path, name);
		struct stat st;

		if (!candidate)
			return error_errno(err, "look for '%s'", name);
		if (path[0] == '/' && stat(candidate, &st) == 0 &&
		    S_ISREG(st.st_mode) && access(candidate, X_OK) == 0) {
			*found = take_pointer(&candidate);
			return 0;
		}
		path += length + (path[length] == ':');
	}
	*found = NULL;
	return 0;
}

int command_find(char **path, const char *name, struct error *err)
{
	const char *user = getenv("PATH");

	if (find_along(path, SYSTEM_PATH, name, err) < 0)
		return -1;
	return *path || !user ? 0 : find_along(path, user, name, err);
}

/* The last line of what the program complained about, "" if nothing. */
static void last_line(char *line, size_t size, int fd)
{
	struct stat st;
	ssize_t got;
	char *start;

	line[0] = '\0';
	if (fstat(fd, &st) < 0)
		return;
	got = io_pread(fd, line, size - 1,
		       st.st_size < (off_t)size
			       ? 0
			       : (uint64_t)st.st_size - (size - 1));
	while (got > 0 && line[got - 1] == '\n')
		got--;
	line[got > 0 ? got : 0] = '\0';
	start = strrchr(line, '\n');
	if (start)
		memmove(line, start + 1, strlen(start));
}

static int start(pid_t *pid, char *const argv[], int out, int complaints)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int code;

	/* The builder holds signals back; what it starts must not. */
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, complaints, 2);

	code = posix_spawn(pid, argv[0], &actions, &attr, argv,
			   (char *const *)environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return code;
}

static int judge(int status, const char *program, int complaints,
		 struct error *err)
{
	char line[256];

	if (WIFSIGNALED(status))
		return error_set(err, EIO, "run '%s': ended by signal %d",
				 program, WTERMSIG(status));
	if (WEXITSTATUS(status) == 0)
		return 0;

	last_line(line, sizeof(line), complaints);
	return error_set(err, EIO, "run '%s': exit status %d%s%s", program,
			 WEXITSTATUS(status), line[0] ? ": " : "", line);
}

/* What was written to a memory file. */
static int take_output(struct blob *output, int fd, const char *program,
		       struct error *err)
{
	AUTO(blob) b = { 0 };
	struct stat st;
	ssize_t got;

	if (fstat(fd, &st) < 0)
		return error_errno(err, "run '%s'", program);
	if (st.st_size > OUTPUT_MAX)
		return error_set(err, EFBIG,
				 "run '%s': it prints more than "
				 "%d MiB",
				 program, OUTPUT_MAX >> 20);

	b.data = malloc((size_t)st.st_size + 1);
	if (!b.data)
		return error_errno(err, "run '%s'", program);
	got = io_pread(fd, b.data, (size_t)st.st_size, 0);
	if (got < 0)
		return error_errno(err, "run '%s'", program);

	b.size = (size_t)got;
	b.data[b.size] = '\0';
	*output = b;
	b = (struct blob){ 0 };
	return 0;
}

int command_output(struct blob *output, char *const argv[], struct error *err)
{
	/* Memory files instead of pipes: nothing to poll, nothing to block. */
	autoclose int out = memfd_create("stdout", MFD_CLOEXEC);
	autoclose int complaints = memfd_create("stderr", MFD_CLOEXEC);
	pid_t pid, ended;
	int code, status;

	if (out < 0 || complaints < 0)
		return error_errno(err, "run '%s'", argv[0]);

	code = start(&pid, argv, out, complaints);
	if (code != 0)
		return error_set(err, code, "run '%s': %s", argv[0],
				 strerror(code));
	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended < 0)
		return error_errno(err, "wait for '%s'", argv[0]);

	if (judge(status, argv[0], complaints, err) < 0)
		return -1;
	return take_output(output, out, argv[0], err);
}
