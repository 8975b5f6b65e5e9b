/* SPDX-License-Identifier: MIT */
/*
 * embedder.c - a program that has a life of its own beside its runs: an alarm a
 * thousand times a second whose handler restarts nothing, a child, files that
 * are not close-on-exec, two threads.
 *
 *	embedder IMAGE DIR
 *
 * Runs twice at once over IMAGE, into DIR/1.tar and DIR/2.tar, then what fails
 * and what is cancelled, and prints what is not as it should be, a line each.
 * Nothing printed, and the status 0: all is well.
 */
#include <errno.h>
#include <fcntl.h>
#include <overlayvm.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_ulong alarms;
static atomic_int problems;
static pid_t ours; /* the process, whose children have no handler of it */

static void problem(const char *what, const char *more)
{
	printf("%s: %s\n", what, more);
	atomic_fetch_add(&problems, 1);
}

static void on_alarm(int number)
{
	(void)number;
	if (getpid() != ours)
		abort();
	atomic_fetch_add(&alarms, 1);
}

static void begin_alarms(void)
{
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } };
	struct sigaction action = { .sa_handler = on_alarm };

	ours = getpid();
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

/* What a run hears of, and whether all comes to the thread that called. */
struct listener {
	pthread_t thread;
	unsigned steps, ended, ends, strangers;
	char log[4096];
	size_t size;
	int cancel_at_hook; /* an eventfd, or 0 */
};

static void count(struct listener *listener, unsigned *counter)
{
	*counter += 1;
	if (!pthread_equal(listener->thread, pthread_self()))
		listener->strangers++;
}

static void on_step(void *context, const struct overlayvm_step *step)
{
	struct listener *listener = context;

	count(listener, &listener->steps);
	if (listener->cancel_at_hook && strstr(step->name, "preMount"))
		eventfd_write(listener->cancel_at_hook, 1);
}

static void on_step_end(void *context, const struct overlayvm_step *step)
{
	struct listener *listener = context;

	count(listener, &listener->ended);
	if (step->end < step->start)
		problem("step", "it ends before it begins");
}

static void on_log(void *context, const void *bytes, size_t size)
{
	struct listener *listener = context;

	if (size > sizeof(listener->log) - 1 - listener->size)
		size = sizeof(listener->log) - 1 - listener->size;
	memcpy(listener->log + listener->size, bytes, size);
	listener->size += size;
}

static void on_end(void *context)
{
	struct listener *listener = context;

	count(listener, &listener->ends);
}

static struct overlayvm_events events_of(struct listener *listener)
{
	listener->thread = pthread_self();
	return (struct overlayvm_events){
		.size = sizeof(struct overlayvm_events),
		.context = listener,
		.step = on_step,
		.step_end = on_step_end,
		.log = on_log,
		.end = on_end,
	};
}

/* Keys and values, NULL-terminated; NULL where that fails. */
static struct overlayvm_plan *plan_of(const char *const settings[])
{
	struct overlayvm_request *request = overlayvm_request_new();
	struct overlayvm_error err = { 0 };
	struct overlayvm_plan *plan;

	for (size_t i = 0; settings[i]; i += 2)
		if (overlayvm_request_set(request, settings[i], settings[i + 1],
					  &err) < 0)
			problem("request", err.message);
	plan = overlayvm_plan_new(request, &err);
	if (!plan)
		problem("plan", err.message);
	overlayvm_request_free(request);
	return plan;
}

struct job {
	const char *image, *output;
	char diff_id[OVERLAYVM_DIGEST_SIZE];
};

static void check_done(const struct listener *heard,
		       const struct overlayvm_result *result, struct job *job)
{
	const struct overlayvm_layer *layer = overlayvm_result_layer(result, 0);

	if (overlayvm_result_class(result) != OVERLAYVM_NONE ||
	    overlayvm_result_layer_count(result) != 1 || !layer ||
	    overlayvm_result_layer(result, 1))
		problem("result", "not that of a run that was done");
	else
		strcpy(job->diff_id, layer->diff_id);
	if (heard->strangers)
		problem("events", "in another thread");
	if (heard->ends != 1 || heard->steps != heard->ended ||
	    heard->steps != overlayvm_result_step_count(result))
		problem("events", "not as many as there were steps");
	if (!strstr(heard->log, "said by a hook"))
		problem("log", heard->log);
	if (!strstr(overlayvm_result_report(result), layer->diff_id))
		problem("report", "without the layer");
}

static void *work(void *context)
{
	struct job *job = context;
	const char *const settings[] = {
		"fromImage",
		job->image,
		"output",
		job->output,
		"postMount",
		"echo said by a hook; rm -r mnt/dir; echo >mnt/new",
		"accel",
		"tcg",
		"timeout",
		"900",
		NULL,
	};
	struct overlayvm_plan *plan = plan_of(settings);
	struct overlayvm_result *result = NULL;
	struct overlayvm_error err = { 0 };
	struct listener heard = { 0 };
	struct overlayvm_events events = events_of(&heard);

	if (plan && overlayvm_run(plan, &events, -1, &result, &err) < 0)
		problem("run", err.message);
	else if (plan)
		check_done(&heard, result, job);
	overlayvm_result_free(result);
	overlayvm_plan_free(plan);
	return NULL;
}

static void run_twice_at_once(struct job jobs[2])
{
	pthread_t other;

	pthread_create(&other, NULL, work, &jobs[0]);
	work(&jobs[1]);
	pthread_join(other, NULL);
}

/* A run that fails so; an older caller knows of fewer events. */
static void fail(const char *hook, int cancel_at_hook,
		 enum overlayvm_class class_, int status, const char *message)
{
	const char *const settings[] = { "preMount", hook,  "accel", "tcg",
					 "timeout",  "900", NULL };
	struct overlayvm_plan *plan = plan_of(settings);
	struct listener heard = { .cancel_at_hook = cancel_at_hook };
	struct overlayvm_events events = events_of(&heard);
	struct overlayvm_result *result = NULL;
	struct overlayvm_error err = { 0 };

	events.size = offsetof(struct overlayvm_events, end);
	if (overlayvm_run(plan, &events, cancel_at_hook ? cancel_at_hook : -1,
			  &result, &err) == 0)
		problem(hook, "does not fail");
	else if (strcmp(err.message, message) != 0)
		problem(hook, err.message);
	if (overlayvm_result_class(result) != class_ ||
	    overlayvm_result_status(result) != status)
		problem(hook, "another class or status");
	if (heard.ends)
		problem("events", "one that an older caller does not know");
	overlayvm_result_free(result);
	overlayvm_plan_free(plan);
}

/* Called off before it has begun: nothing is started. */
static void never_begin(void)
{
	const char *const settings[] = { "postMount", "true", NULL };
	struct overlayvm_plan *plan = plan_of(settings);
	struct overlayvm_error err = { 0 };
	int told = eventfd(1, 0);

	if (overlayvm_run(plan, NULL, told, NULL, &err) == 0 ||
	    strcmp(err.message, "output: cancelled") != 0)
		problem("cancelled before", err.message);
	close(told);
	overlayvm_plan_free(plan);
}

/* What the process is, to be the same before and after. */
struct state {
	sigset_t mask, pending;
	mode_t umask;
	unsigned descriptors;
	struct sigaction pipe;
};

static struct state look(void)
{
	struct state state = { 0 };

	sigemptyset(&state.pending);
	pthread_sigmask(SIG_SETMASK, NULL, &state.mask);
	sigpending(&state.pending);
	sigaction(SIGPIPE, NULL, &state.pipe);
	state.umask = umask(0);
	umask(state.umask);
	for (int fd = 0; fd < 1024; fd++)
		state.descriptors += fcntl(fd, F_GETFD) >= 0;
	return state;
}

static void compare(const struct state *before, const struct state *after)
{
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&before->mask, i) !=
			    sigismember(&after->mask, i) ||
		    (i != SIGALRM && sigismember(&after->pending, i) == 1))
			problem("signal", strsignal(i));
	if (before->pipe.sa_handler != after->pipe.sa_handler)
		problem("SIGPIPE", "another disposition");
	if (before->umask != after->umask)
		problem("umask", "another");
	if (before->descriptors != after->descriptors)
		problem("descriptors", "not as many as before");
}

/* The only child left is the one that is not the library's. */
static void check_children(pid_t own)
{
	kill(own, SIGKILL);
	if (waitpid(own, NULL, 0) != own)
		problem("child", "somebody has waited for it");
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		problem("children", "there are others");
}

static pid_t have_child(void)
{
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	return child;
}

int main(int argc, char *argv[])
{
	char output[2][256];
	struct job jobs[2] = { { .image = argv[1], .output = output[0] },
			       { .image = argv[1], .output = output[1] } };
	pid_t child = have_child();
	int cancel = eventfd(0, 0);
	struct state before, after;

	if (argc != 3)
		return 2;
	snprintf(output[0], sizeof(output[0]), "%s/1.tar", argv[2]);
	snprintf(output[1], sizeof(output[1]), "%s/2.tar", argv[2]);
	begin_alarms();
	before = look();

	run_twice_at_once(jobs);
	if (strcmp(jobs[0].diff_id, jobs[1].diff_id) != 0)
		problem("two runs", "two layers");
	fail("exit 9", 0, OVERLAYVM_HOOK, 9,
	     "hook preMount: exited with status 9");
	fail("sleep 1000", cancel, OVERLAYVM_CANCELLED, 125,
	     "guest: cancelled");
	never_begin();

	after = look();
	compare(&before, &after);
	check_children(child);
	if (alarms < 1000)
		problem("alarms", "hardly any");
	return problems ? 1 : 0;
}
