/* SPDX-License-Identifier: MIT */
/* jail.c - what a function in a jail can do, and how it ends */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/jail/filter.h"
#include "host/jail/jail.h"
#include "host/jail/landlock.h"

static int run(int (*function)(struct jail *, void *, struct error *),
	       void *context, struct jail_result *result, struct error *err)
{
	const struct jail_work work = {
		.what = "the test",
		.work = function,
		.context = context,
		.result_max = 100000,
		.silence = 1,
	};

	return jail_run(&work, result, err);
}

static int put_numbers(struct jail *jail, void *context, struct error *err)
{
	const size_t *count = context;

	for (uint32_t i = 0; i < *count; i++)
		if (jail_put(jail, &i, sizeof(i), err) < 0)
			return -1;
	return 0;
}

static void its_result_comes_back(void **state)
{
	AUTO(jail_result) result = { 0 };
	struct error err = { 0 };
	size_t count = 20000;

	(void)state;
	assert_int_equal(run(put_numbers, &count, &result, &err), 0);
	assert_int_equal(result.size, count * sizeof(uint32_t));
	assert_int_equal(((uint32_t *)result.bytes)[count - 1], count - 1);
}

static void a_result_beyond_its_limit_is_refused(void **state)
{
	AUTO(jail_result) result = { 0 };
	struct error err = { 0 };
	size_t count = 25001;

	(void)state;
	assert_int_equal(run(put_numbers, &count, &result, &err), -1);
	assert_int_equal(err.code, EPROTO);
	assert_string_equal(err.msg, "read the test: its reader says what none "
				     "can say");
	assert_null(result.bytes);
}

static int refuse(struct jail *jail, void *context, struct error *err)
{
	(void)jail;
	return error_set(err, EBADMSG, "bad %s", (const char *)context);
}

static void its_failure_comes_back(void **state)
{
	AUTO(jail_result) result = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(run(refuse, (void *)"bytes", &result, &err), -1);
	assert_int_equal(err.code, EBADMSG);
	assert_string_equal(err.msg, "bad bytes");
}

static int call(struct jail *jail, void *context, struct error *err)
{
	int (*function)(void) = *(int (**)(void))context;
	int value = function();

	if (value == 0)
		return error_set(err, 0, "that worked");
	if (value == -1)
		return error_errno(err, "refused");
	return jail_put(jail, &value, sizeof(value), err);
}

static int open_a_file(void)
{
	return open("/etc/passwd", O_RDONLY) < 0 ? -1 : 0;
}

static int make_a_file(void)
{
	return open("/tmp/new", O_WRONLY | O_CREAT, 0600) < 0 ? -1 : 0;
}

static int make_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? -1 : 0;
}

static int make_a_process(void)
{
	return fork() < 0 ? -1 : 0;
}

static int execute(void)
{
	return execl("/bin/true", "true", NULL) < 0 ? -1 : 0;
}

static int trace_the_parent(void)
{
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) < 0 ? -1 : 0;
}

static int signal_the_parent(void)
{
	return kill(getppid(), 0) < 0 ? -1 : 0;
}

static int remove_a_file(void)
{
	return unlink("/tmp/new") < 0 ? -1 : 0;
}

static int make_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		       ? -1
		       : 0;
}

static int use_null(void)
{
	*(volatile int *)NULL = 1;
	return 0;
}

static int give_up(void)
{
	abort();
}

static int be_killed_for_memory(void)
{
	return raise(SIGKILL);
}

static int say_nothing(void)
{
	for (;;)
		(void)sched_yield();
	return 0;
}

static int leave_in_silence(void)
{
	_exit(0);
}

static int talk_out_of_turn(void)
{
	for (int fd = 0; fd < 100; fd++)
		(void)write(fd, "\1\2\3\4\1\0\0\0xyz", 11);
	return 1;
}

static const char by_sigsys[] =
	"read the test: its reader was ended by SIGSYS, which is a mistake in "
	"overlayvm or its libraries";

static const struct {
	const char *name;
	int (*function)(void);
	int code;
	const char *message;
} ends[] = {
	{ "open", open_a_file, EACCES, "refused: Permission denied" },
	{ "create", make_a_file, EACCES, "refused: Permission denied" },
	{ "socket", make_a_socket, JAIL_CRASHED, by_sigsys },
	{ "fork", make_a_process, JAIL_CRASHED, by_sigsys },
	{ "exec", execute, JAIL_CRASHED, by_sigsys },
	{ "ptrace", trace_the_parent, JAIL_CRASHED, by_sigsys },
	{ "kill", signal_the_parent, JAIL_CRASHED, by_sigsys },
	{ "unlink", remove_a_file, JAIL_CRASHED, by_sigsys },
	{ "code", make_code, JAIL_CRASHED, by_sigsys },
	{ "crash", use_null, JAIL_CRASHED,
	  "read the test: its reader was ended by SIGSEGV, which is a mistake "
	  "in overlayvm or its libraries" },
	{ "abort", give_up, JAIL_CRASHED,
	  "read the test: its reader was ended by SIGABRT, which is a mistake "
	  "in overlayvm or its libraries" },
	{ "kill -9", be_killed_for_memory, ENOMEM,
	  "read the test: its reader was ended by SIGKILL; is this host out of "
	  "memory?" },
	{ "hang", say_nothing, JAIL_HUNG,
	  "read the test: its reader has hung, and was ended after 1 s" },
	{ "exit", leave_in_silence, EPROTO,
	  "read the test: its reader says what none can say" },
	{ "nonsense", talk_out_of_turn, EPROTO,
	  "read the test: its reader says what none can say" },
};

static void whatever_it_does_is_a_failure_with_a_name(void **state)
{
	(void)state;
	if (!filter_works())
		skip();
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		AUTO(jail_result) result = { 0 };
		struct error err = { 0 };
		int (*function)(void) = ends[i].function;

		print_message("%s\n", ends[i].name);
		assert_int_equal(run(call, &function, &result, &err), -1);
		assert_string_equal(err.msg, ends[i].message);
		assert_int_equal(err.code, ends[i].code);
		assert_null(result.bytes);
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

struct pair {
	int in;
	int out;
	int other;
};

static int copy(struct jail *jail, void *context, struct error *err)
{
	const struct pair *pair = context;
	char text[16];
	ssize_t n = io_pread(pair->in, text, sizeof(text), 0);

	(void)jail;
	if (n < 0 || io_write(pair->out, text, (size_t)n) < 0)
		return error_errno(err, "copy");
	if (fcntl(pair->other, F_GETFD) >= 0)
		return error_set(err, 0, "there is another descriptor");
	return 0;
}

static void it_has_its_descriptors_and_no_others(void **state)
{
	const struct pair pair = { memfd_create("in", 0),
				   memfd_create("out", 0),
				   memfd_create("other", 0) };
	const struct jail_work work = {
		.what = "the test",
		.work = copy,
		.context = (void *)&pair,
		.fds = (const int[]){ pair.out, pair.in },
		.fd_count = 2,
		.file_size = 5,
	};
	AUTO(jail_result) result = { 0 };
	struct error err = { 0 };
	char text[16] = { 0 };

	(void)state;
	assert_int_equal(io_write(pair.in, "hello", 5), 5);
	assert_int_equal(jail_run(&work, &result, &err), 0);
	assert_int_equal(io_pread(pair.out, text, sizeof(text), 0), 5);
	assert_string_equal(text, "hello");
	(void)close(pair.in);
	(void)close(pair.out);
	(void)close(pair.other);
}

static int tick_for_ever(struct jail *jail, void *context, struct error *err)
{
	(void)context;
	while (jail_tick(jail, 1) == 0)
		;
	return error_set(err, EPIPE, "nobody listens");
}

static int enough(void *context, uint64_t bytes)
{
	uint64_t *told = context;

	*told += bytes;
	return *told > 0;
}

static void it_is_ended_when_advance_says_so(void **state)
{
	uint64_t told = 0;
	const struct jail_work work = {
		.what = "the test",
		.work = tick_for_ever,
		.advance = enough,
		.advance_context = &told,
	};
	AUTO(jail_result) result = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(jail_run(&work, &result, &err), -1);
	assert_int_equal(err.code, ECANCELED);
	assert_true(told > 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* In a child of its own: it is for good. */
static int landlocked(const char *allowed, const char *path, int flags)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		AUTO(landlock) landlock = LANDLOCK_NONE;
		struct error err;
		int fd;

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    landlock_begin(&landlock, &err) < 0 ||
		    landlock_allow(&landlock, AT_FDCWD, allowed, LANDLOCK_READ,
				   &err) < 0 ||
		    landlock_enter(&landlock) < 0)
			_exit(2);
		fd = open(path, flags);
		_exit(fd >= 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void landlock_allows_what_is_listed(void **state)
{
	AUTO(landlock) landlock = LANDLOCK_NONE;
	struct error err;

	(void)state;
	assert_int_equal(landlock_begin(&landlock, &err), 0);
	if (landlock.version == 0)
		skip();
	assert_int_equal(landlocked("/etc", "/etc/passwd", O_RDONLY), 0);
	assert_int_equal(landlocked("/etc", "/etc/passwd", O_RDWR), 1);
	assert_int_equal(landlocked("/etc", "/usr", O_RDONLY), 1);
	assert_int_equal(landlocked("/etc/passwd", "/etc/passwd", O_RDONLY), 0);
	assert_int_equal(landlocked("/etc/passwd", "/etc", O_RDONLY), 1);
	assert_int_equal(landlocked("/nonexistent", "/etc", O_RDONLY), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_result_comes_back),
		cmocka_unit_test(a_result_beyond_its_limit_is_refused),
		cmocka_unit_test(its_failure_comes_back),
		cmocka_unit_test(whatever_it_does_is_a_failure_with_a_name),
		cmocka_unit_test(it_has_its_descriptors_and_no_others),
		cmocka_unit_test(it_is_ended_when_advance_says_so),
		cmocka_unit_test(landlock_allows_what_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
