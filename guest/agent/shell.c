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
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/beat.h"
#include "guest/agent/environment.h"
#include "guest/agent/process.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define HOOKS	AGENT_RUN "/hooks"
#define DRIVER	AGENT_RUN "/driver"
#define GO	AGENT_RUN "/go"
#define REACHED AGENT_RUN "/reached"
#define BLOCK	(32 * 1024) /* bytes of output in one LOG frame */

#define START_LIMIT_MS 60000 /* for a shell that is not there at all */

/* What the shell is started with: it says that it is there, and waits. */
#define WAIT                                                                   \
	"builtin echo > " REACHED "\n"                                         \
	"builtin read -r < " GO "\n"                                           \
	". " DRIVER "\n"

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

/* All shells of one template would have the same luck, and an old clock. */
static int begin_anew(FILE *out, struct error *err)
{
	unsigned luck;

	if (getrandom(&luck, sizeof(luck), 0) != sizeof(luck))
		return error_errno(err, "get entropy");
	fprintf(out, "RANDOM=%u\nSECONDS=0\n", luck);
	return 0;
}

static int write_driver(struct shell *shell, const struct message_plan *plan,
			const struct environment *env, struct error *err)
{
	FILE *out = fopen(DRIVER, "we");

	if (!out)
		return error_errno(err, "make '%s'", DRIVER);
	if (begin_anew(out, err) < 0) {
		(void)fclose(out);
		return -1;
	}
	if (environment_is_plain(env))
		environment_print(env, out);
	for (int i = 0; i < HOOK_COUNT; i++) {
		if (!plan->hooks[i].text)
			continue;
		shell->last = (enum message_hook)i;
		fprintf(out, RUN_HOOK, message_hook_name((enum message_hook)i));
	}
	if (fclose(out) != 0)
		return error_errno(err, "write '%s'", DRIVER);
	return 0;
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

static _Noreturn void become_shell(int output, char **env)
{
	const char *const argv[] = {
		"bash", "-e", "-c", WAIT, "overlayvm", NULL
	};
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	process_be_killable();
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

/* What bash has to do before it can do anything, is done when this returns. */
static int wait_for_shell(struct shell *shell, struct error *err)
{
	struct pollfd event = { .fd = shell->reached, .events = POLLIN };
	char byte;

	while (poll(&event, 1, START_LIMIT_MS) < 0)
		if (errno != EINTR)
			return error_errno(err, "wait for bash");
	if (read(shell->reached, &byte, 1) != 1)
		return error_set(err, ETIMEDOUT, "bash does not start");
	return 0;
}

static int spawn(struct shell *shell, char **env, struct error *err)
{
	shell->pid = fork();
	if (shell->pid == 0)
		become_shell(shell->output_end, env);
	if (shell->pid < 0)
		return error_errno(err, "start bash");
	return wait_for_shell(shell, err);
}

static int make_output(struct shell *shell, struct error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	shell->output = ends[0];
	shell->output_end = ends[1];
	(void)fcntl(shell->output, F_SETFL, O_NONBLOCK);
	return 0;
}

int shell_start(struct shell *shell, struct error *err)
{
	AUTO(environment) env = { 0 };

	if (mkdir(HOOKS, 0700) < 0)
		return error_errno(err, "make '%s'", HOOKS);
	if (make_fifo(GO, &shell->go, err) < 0 ||
	    make_fifo(REACHED, &shell->reached, err) < 0 ||
	    make_output(shell, err) < 0 || watch_children(shell, err) < 0 ||
	    environment_make(&env, NULL, err) < 0)
		return -1;
	return spawn(shell, env.values, err);
}

static int start_another(struct shell *shell, char **env, struct error *err)
{
	(void)kill(shell->pid, SIGKILL);
	if (waitpid(shell->pid, NULL, 0) < 0)
		return error_errno(err, "wait for bash");
	return spawn(shell, env, err);
}

static int let_go(struct shell *shell, struct error *err)
{
	if (io_write(shell->go, "\n", 1) < 0)
		return error_errno(err, "tell bash to go on");
	return 0;
}

int shell_assign(struct shell *shell, const struct message_plan *plan,
		 struct error *err)
{
	AUTO(environment) env = { 0 };
	bool any = false;

	for (size_t i = 0; i < HOOK_COUNT; i++)
		any |= plan->hooks[i].text != NULL;
	if (!any)
		return 0;

	for (size_t i = 0; i < HOOK_COUNT; i++)
		if (write_hook(message_hook_name((enum message_hook)i),
			       &plan->hooks[i], err) < 0)
			return -1;
	if (environment_make(&env, plan->env, err) < 0 ||
	    write_driver(shell, plan, &env, err) < 0)
		return -1;
	if (!environment_is_plain(&env) &&
	    start_another(shell, env.values, err) < 0)
		return -1;
	return let_go(shell, err);
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

	(void)poll(events, COUNT_OF(events), BEAT_MS);
	beat();
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
	if (let_go(shell, err) < 0)
		return -1;
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
