/* SPDX-License-Identifier: MIT */
/* command.c - see command.h */
#include "guest/agent/command.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/container.h"
#include "guest/agent/environment.h"
#include "guest/agent/points.h"
#include "guest/agent/process.h"
#include "guest/agent/user.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define BLOCK	   (32 * 1024)	 /* bytes of output in one LOG frame */
#define FILE_BYTES (1024 * 1024) /* more of passwd or group is not read */

#define TREE AGENT_DISK "/" AGENT_MERGED

/* What init tells the agent: how the command ended, or why it did not start. */
struct verdict {
	bool started;
	int wait_status;
	struct error err;
};

/* A process with its two pipes, seen from the agent. */
struct child {
	pid_t pid;
	int pidfd;
	int output;
	int verdict;
};

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

static _Noreturn void become_init(const struct message_commands *commands,
				  size_t index, int output, int to_agent)
{
	struct verdict verdict = { 0 };
	sigset_t none;
	pid_t command = -1;

	process_be_killable();
	(void)setsid();
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (container_enter(TREE, &verdict.err) == 0) {
		redirect(output);
		command = start_command(commands, index, &verdict.err);
	}
	verdict.started = command > 0;
	if (verdict.started)
		verdict.wait_status = wait_for(command);
	(void)io_write(to_agent, &verdict, sizeof(verdict));
	_exit(0);
}

/* fork(2) into namespaces; what is not said here is as with fork. */
static pid_t fork_apart(void)
{
	return (pid_t)syscall(SYS_clone,
			      CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
				      CLONE_NEWUTS | SIGCHLD,
			      NULL, NULL, NULL, NULL);
}

static int start(struct child *child, const struct message_commands *commands,
		 size_t index, struct error *err)
{
	int output[2];
	int verdict[2];

	if (pipe2(output, O_CLOEXEC) < 0 || pipe2(verdict, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	child->output = output[0];
	child->verdict = verdict[0];
	(void)fcntl(child->output, F_SETFL, O_NONBLOCK);
	child->pid = fork_apart();
	if (child->pid == 0)
		become_init(commands, index, output[1], verdict[1]);
	close(output[1]);
	close(verdict[1]);
	if (child->pid < 0)
		return error_errno(err, "start the command");
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0)
		return error_errno(err, "watch the command");
	return 0;
}

static int pass_output(const struct child *child, shell_output_fn *output,
		       void *ctx, struct error *err)
{
	char block[BLOCK];
	ssize_t n;

	while ((n = read(child->output, block, sizeof(block))) > 0)
		if (output(ctx, block, (size_t)n, err) < 0)
			return -1;
	return 0;
}

/* Until init ends; its namespace has ended with it, and so has all output. */
static int follow(const struct child *child, shell_output_fn *output, void *ctx,
		  struct error *err)
{
	struct pollfd events[] = {
		{ .fd = child->output, .events = POLLIN },
		{ .fd = child->pidfd, .events = POLLIN },
	};

	while (!(events[1].revents & POLLIN)) {
		if (poll(events, COUNT_OF(events), -1) < 0 && errno != EINTR)
			return error_errno(err, "wait for the command");
		if (pass_output(child, output, ctx, err) < 0)
			return -1;
		/* All have closed it: what remains is to wait for the end. */
		if (events[0].revents & POLLHUP)
			events[0].fd = -1;
	}
	return pass_output(child, output, ctx, err);
}

/* An init that was killed, for want of memory maybe, took the command along. */
static int judge(const struct child *child, struct message_hook_result *result,
		 struct error *err)
{
	struct verdict verdict = { 0 };
	int status;

	if (waitpid(child->pid, &status, 0) < 0)
		return error_errno(err, "wait for the command");
	if (io_read(child->verdict, &verdict, sizeof(verdict)) ==
	    sizeof(verdict)) {
		status = verdict.wait_status;
		if (!verdict.started) {
			*err = verdict.err;
			return -1;
		}
	}
	result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	result->status =
		result->signal ? 128 + result->signal : WEXITSTATUS(status);
	return 0;
}

static void child_release(struct child *child)
{
	const int fds[] = { child->pidfd, child->output, child->verdict };

	for (size_t i = 0; i < COUNT_OF(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int run(const struct message_commands *commands, size_t index,
	       shell_output_fn *output, void *ctx,
	       struct message_hook_result *result, struct error *err)
{
	struct child child = { -1, -1, -1, -1 };
	int status;

	if (start(&child, commands, index, err) < 0)
		status = -1;
	else if (follow(&child, output, ctx, err) < 0)
		status = -1;
	else
		status = judge(&child, result, err);
	child_release(&child);
	return status;
}

int command_run(const struct message_commands *commands, size_t index,
		shell_output_fn *output, void *ctx,
		struct message_hook_result *result, struct error *err)
{
	autoclose int root = open(TREE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct message_hook_result ended = { .hook = HOOK_RUN };
	struct points points;

	if (root < 0)
		return error_errno(err, "open '%s'", AGENT_MERGED);
	ended.command = (unsigned)index + 1;
	if (points_make(&points, root, err) < 0 ||
	    run(commands, index, output, ctx, &ended, err) < 0 ||
	    points_remove(&points, root, err) < 0)
		return error_prefix(err, "command %u", ended.command);
	*result = ended;
	return 0;
}
