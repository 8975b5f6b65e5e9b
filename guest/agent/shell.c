/* SPDX-License-Identifier: MIT */
/* shell.c - see shell.h */
#include "guest/agent/shell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/environment.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define HOOKS	AGENT_RUN "/hooks"
#define GO	AGENT_RUN "/go"
#define REACHED AGENT_RUN "/reached"
#define BLOCK	(32 * 1024) /* bytes of output in one LOG frame */

/*
 * Sourced, not in a loop and not in a function, so that `return`, `break` and
 * `local` mean in a hook what they mean at the top of a script; not in an
 * `||` list, which would switch -e off inside. `builtin` for shells whose
 * hooks define functions of these names.
 */
#define RUN_HOOK                                                               \
	"builtin read -r < " GO "\n"                                           \
	"builtin cd " AGENT_DISK "\n"                                          \
	". " HOOKS "/%s\n"                                                     \
	"builtin echo \"$?\" > " REACHED "\n"

static char *make_driver(struct shell *shell, const struct message_plan *plan)
{
	char *driver = NULL;
	size_t size;
	FILE *out = open_memstream(&driver, &size);

	for (int i = 0; out && i < HOOK_COUNT; i++) {
		if (!plan->hooks[i].text)
			continue;
		shell->last = (enum message_hook)i;
		fprintf(out, RUN_HOOK, message_hook_name((enum message_hook)i));
	}
	if (!out || fclose(out) != 0)
		return NULL;
	return driver;
}

static int write_hook(const char *name, const struct message_text *hook,
		      struct error *err)
{
	char path[128];
	autoclose int fd = -1;

	(void)snprintf(path, sizeof(path), HOOKS "/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 ||
	    (hook->text && io_write(fd, hook->text, hook->length) < 0))
		return error_errno(err, "write '%s'", path);
	return 0;
}

/* Read-write, so that neither side blocks in open or sees an end of file. */
static int make_fifo(const char *path, int *fd, struct error *err)
{
	if (mkfifo(path, 0600) < 0)
		return error_errno(err, "make '%s'", path);
	*fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0)
		return error_errno(err, "open '%s'", path);
	return 0;
}

static int watch_children(struct shell *shell, struct error *err)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	shell->signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (shell->signals < 0)
		return error_errno(err, "watch for SIGCHLD");
	return 0;
}

/* The agent survives a lack of memory; what hooks start need not. */
static void be_killable(void)
{
	autoclose int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd >= 0)
		(void)io_write(fd, "0", 1);
}

static _Noreturn void become_shell(const char *driver, int output, char **env)
{
	const char *const argv[] = { "bash", "-e",	  "-c",
				     driver, "overlayvm", NULL };
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	be_killable();
	(void)setsid();
	(void)umask(022);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(output, STDOUT_FILENO);
	(void)dup2(output, STDERR_FILENO);
	(void)chdir(AGENT_DISK);
	execve("/bin/bash", (char *const *)argv, env);
	_exit(127);
}

static int spawn(struct shell *shell, const struct message_plan *plan,
		 struct error *err)
{
	AUTO(environment) env = { 0 };
	autofree char *driver = make_driver(shell, plan);
	int ends[2];

	if (!driver)
		return error_set(err, ENOMEM, "start bash: out of memory");
	if (environment_make(&env, plan->env, err) < 0)
		return -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	shell->output = ends[0];
	(void)fcntl(shell->output, F_SETFL, O_NONBLOCK);
	shell->pid = fork();
	if (shell->pid == 0)
		become_shell(driver, ends[1], env.values);
	shell->output_end = ends[1];
	if (shell->pid < 0)
		return error_errno(err, "start bash");
	return 0;
}

int shell_start(struct shell *shell, const struct message_plan *plan,
		struct error *err)
{
	bool any = false;

	for (size_t i = 0; i < HOOK_COUNT; i++)
		any |= plan->hooks[i].text != NULL;
	if (!any)
		return 0;

	if (mkdir(HOOKS, 0700) < 0)
		return error_errno(err, "make '%s'", HOOKS);
	for (size_t i = 0; i < HOOK_COUNT; i++)
		if (write_hook(message_hook_name((enum message_hook)i),
			       &plan->hooks[i], err) < 0)
			return -1;
	if (make_fifo(GO, &shell->go, err) < 0 ||
	    make_fifo(REACHED, &shell->reached, err) < 0 ||
	    watch_children(shell, err) < 0)
		return -1;
	return spawn(shell, plan, err);
}

/* Pass on all that is there. A daemon that a hook left may hold the pipe. */
static int pass_output(struct shell *shell, shell_output_fn *output, void *ctx,
		       struct error *err)
{
	char block[BLOCK];
	ssize_t n;

	while ((n = read(shell->output, block, sizeof(block))) > 0)
		if (output(ctx, block, (size_t)n, err) < 0)
			return -1;
	return 0;
}

/* PID 1 is everyone's last parent: reap all, remember how the shell ended. */
static void reap(struct shell *shell)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(shell->signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == shell->pid) {
			shell->wait_status = status;
			shell->pid = 0;
		}
}

/* The status that the hook reached its end with; -1 if it has not. */
static int read_reached(struct shell *shell)
{
	char text[16];
	ssize_t n = read(shell->reached, text, sizeof(text) - 1);

	if (n <= 0)
		return -1;
	text[n] = '\0';
	return (int)(strtoul(text, NULL, 10) & 0xff);
}

static void wait_for_news(struct shell *shell)
{
	struct pollfd events[] = {
		{ .fd = shell->output, .events = POLLIN },
		{ .fd = shell->reached, .events = POLLIN },
		{ .fd = shell->signals, .events = POLLIN },
	};

	(void)poll(events, COUNT_OF(events), -1);
}

static void describe_end(const struct shell *shell,
			 struct message_hook_result *result)
{
	if (WIFSIGNALED(shell->wait_status)) {
		result->signal = WTERMSIG(shell->wait_status);
		result->status = 128 + result->signal;
	} else {
		result->status = WEXITSTATUS(shell->wait_status);
	}
}

/* After the last hook the shell ends, and may run a trap of the hooks'. */
static int wait_for_end(struct shell *shell, shell_output_fn *output, void *ctx,
			struct message_hook_result *result, struct error *err)
{
	while (shell->pid > 0) {
		wait_for_news(shell);
		if (pass_output(shell, output, ctx, err) < 0)
			return -1;
		reap(shell);
	}
	describe_end(shell, result);
	return pass_output(shell, output, ctx, err);
}

int shell_run_hook(struct shell *shell, enum message_hook hook,
		   shell_output_fn *output, void *ctx,
		   struct message_hook_result *result, struct error *err)
{
	struct message_hook_result ended = { .hook = hook, .status = -1 };

	if (shell->pid == 0)
		return error_set(err, ECHILD,
				 "an earlier hook has ended the shell (by "
				 "'exit' or 'exec')");
	if (io_write(shell->go, "\n", 1) < 0)
		return error_errno(err, "start hook %s",
				   message_hook_name(hook));

	while (shell->pid > 0 && ended.status < 0) {
		wait_for_news(shell);
		if (pass_output(shell, output, ctx, err) < 0)
			return -1;
		reap(shell);
		ended.status = read_reached(shell);
	}
	if (pass_output(shell, output, ctx, err) < 0)
		return -1;
	if (ended.status < 0)
		describe_end(shell, &ended);
	else if (hook == shell->last && ended.status == 0 &&
		 wait_for_end(shell, output, ctx, &ended, err) < 0)
		return -1;

	*result = ended;
	return 0;
}
