/* SPDX-License-Identifier: MIT */
/* command_init.c - see command_init.h */
#include "guest/agent/command_init.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/agent/container.h"
#include "guest/agent/environment.h"
#include "guest/agent/process.h"
#include "guest/agent/user.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define FILE_BYTES (1024 * 1024) /* more of passwd or group is not read */

/* The text of a regular file of the image; "" if there is none. */
static char *read_text(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char *text = calloc(1, FILE_BYTES + 1);
	struct stat st;
	ssize_t size = 0;

	if (text && fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		size = io_read(fd, text, FILE_BYTES);
	if (text)
		text[size > 0 ? size : 0] = '\0';
	return text;
}

static int find_user(struct user *user, const char *spec, struct error *err)
{
	autofree char *passwd = read_text("/etc/passwd");
	autofree char *group = read_text("/etc/group");

	if (!passwd || !group)
		return error_set(err, ENOMEM, "out of memory");
	return user_find(user, spec, passwd, group, err);
}

/* As runc does, a directory that is not there is made, with its parents. */
static int enter_directory(const char *directory, struct error *err)
{
	autofree char *path = strdup(*directory ? directory : "/");

	if (!path)
		return error_set(err, ENOMEM, "out of memory");
	for (char *at = path + 1; path[0] && *at; at++)
		if (*at == '/') {
			*at = '\0';
			(void)mkdir(path, 0755);
			*at = '/';
		}
	(void)mkdir(path, 0755);
	if (chdir(path) < 0)
		return error_errno(err, "change to the working directory '%s'",
				   path);
	return 0;
}

static _Noreturn void become_command(const struct user *user, char **argv,
				     char **env)
{
	int code;

	environ = env;
	(void)signal(SIGPIPE, SIG_DFL);
	if (setgroups(user->group_count, user->groups) == 0 &&
	    setgid(user->gid) == 0 && setuid(user->uid) == 0)
		execvp(argv[0], argv);
	code = errno;
	dprintf(STDERR_FILENO, "overlayvm: run '%s': %s\n", argv[0],
		strerror(code));
	_exit(code == ENOENT ? 127 : 126);
}

/* The command's words: those of the shell, then the line. */
static char **make_words(const struct message_commands *commands, size_t index)
{
	size_t count = commands->shell.count;
	char **words = calloc(count + 2, sizeof(*words));

	if (!words)
		return NULL;
	for (size_t i = 0; i < count; i++)
		words[i] = commands->shell.item[i];
	words[count] = commands->lines.item[index];
	return words;
}

/* Start the command. Returns its process ID, or -1. */
static pid_t start_command(const struct message_commands *commands,
			   size_t index, struct error *err)
{
	AUTO(environment) env = { 0 };
	AUTO(user) user = { 0 };
	autofree char **words = make_words(commands, index);
	pid_t pid;

	if (!words)
		return error_set(err, ENOMEM, "out of memory");
	if (find_user(&user, commands->user, err) < 0 ||
	    environment_make_command(&env, user.home, commands->env.item, err) <
		    0 ||
	    enter_directory(commands->directory, err) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		become_command(&user, words, env.values);
	if (pid < 0)
		return error_errno(err, "start the command");
	return pid;
}

/* PID 1 of the namespace reaps all; the command is the one that counts. */
static int wait_for(pid_t command)
{
	int status = 0;
	pid_t pid;

	do
		pid = waitpid(-1, &status, 0);
	while (pid != command && (pid > 0 || errno == EINTR));
	return status;
}

static void redirect(int output)
{
	int null = open("/dev/null", O_RDONLY);

	(void)dup2(null, STDIN_FILENO);
	(void)dup2(output, STDOUT_FILENO);
	(void)dup2(output, STDERR_FILENO);
}

_Noreturn void command_init(const struct message_commands *commands,
			    size_t index, int output, int to_agent)
{
	struct command_verdict verdict = { 0 };
	sigset_t none;
	pid_t command = -1;

	process_be_killable();
	(void)setsid();
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (container_enter(COMMAND_TREE, &verdict.err) == 0) {
		redirect(output);
		command = start_command(commands, index, &verdict.err);
	}
	verdict.started = command > 0;
	if (verdict.started)
		verdict.wait_status = wait_for(command);
	(void)io_write(to_agent, &verdict, sizeof(verdict));
	_exit(0);
}
