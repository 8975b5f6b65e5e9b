/* SPDX-License-Identifier: MIT */
/* passt.c - passt's command line, word for word, and who does not answer */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/vm/passt.h"

#define LIMIT_MS 60000

static void words(void **state)
{
	static const char *const want[] = {
		"/opt/p, x/passt",
		"--foreground",
		"--quiet",
		"--fd",
		"3",
		"--ipv4-only",
		"--interface",
		"lo",
		"--address",
		"10.0.2.15",
		"--netmask",
		"255.255.255.0",
		"--gateway",
		"10.0.2.2",
		"--mac-addr",
		"52:55:0a:00:02:02",
		"--dns-forward",
		"10.0.2.3",
		"--tcp-ports",
		"none",
		"--udp-ports",
		"none",
		NULL,
	};
	AUTO(args) args = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(passt_args(&args, want[0], &err), 0);
	assert_int_equal(args.count, COUNT_OF(want) - 1);
	for (size_t i = 0; want[i]; i++)
		assert_string_equal(args.words[i], want[i]);
	assert_null(args.words[args.count]);
}

/* A script in the place of passt. */
static char program[] = "/tmp/overlayvm-passt.XXXXXX";

static int make_program(void **state)
{
	int fd = mkstemp(program);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_program(void **state)
{
	(void)state;
	return unlink(program);
}

static void write_program(const char *text)
{
	FILE *file = fopen(program, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fchmod(fileno(file), 0700), 0);
	assert_int_equal(fclose(file), 0);
}

static int greet(const char *text, int limit_ms, struct error *err)
{
	AUTO(passt) passt = PASST_NONE;

	write_program(text);
	assert_int_equal(passt_start(&passt, program, err), 0);
	return passt_greet(&passt, -1, limit_ms, err);
}

static void who_does_not_answer_says_why(void **state)
{
	/* Of bash, whose printf(1) knows \x. */
	static const struct {
		const char *text;
		int code;
		const char *message;
	} cases[] = {
		{ "#!/bin/bash\necho some words >&2\necho No lo here >&2\n",
		  ECHILD, "No lo here" },
		{ "#!/bin/bash\necho No lo here >&2\n"
		  "echo 'Failed to send 11 bytes to syslog' >&2\n",
		  ECHILD, "No lo here" },
		{ "#!/bin/bash\nexit 3\n", ECHILD, "it exited with status 3" },
		{ "#!/bin/bash\nkill -SEGV $$\n", ECHILD,
		  "it was ended by SIGSEGV" },
		{ "no program\n", ECHILD, "Exec format error" },
		{ "#!/bin/bash\nprintf '\\x01\\0\\0\\0' >&3; exec sleep 600\n",
		  EPROTO, "it sends a frame of 16777216 bytes" },
		{ "#!/bin/bash\nfor i in {1..16}; do printf '\\0\\0\\0\\x02ab' "
		  ">&3; done; exec sleep 600\n",
		  EPROTO, "it does not answer, but sends frames" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = { 0 };

		print_message("%s", cases[i].text);
		assert_int_equal(greet(cases[i].text, LIMIT_MS, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(err.code, cases[i].code);
	}
}

static void who_says_nothing_is_not_waited_for(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(greet("#!/bin/bash\nexec sleep 600\n", 1, &err), -1);
	assert_int_equal(err.code, ETIMEDOUT);
	assert_string_equal(err.msg, "it does not answer");
}

static void a_signal_ends_the_wait(void **state)
{
	AUTO(passt) passt = PASST_NONE;
	struct error err = { 0 };
	int wake[2];

	(void)state;
	assert_int_equal(pipe(wake), 0);
	assert_int_equal(write(wake[1], "", 1), 1);
	write_program("#!/bin/bash\nexec sleep 600\n");
	assert_int_equal(passt_start(&passt, program, &err), 0);
	assert_int_equal(passt_greet(&passt, wake[0], LIMIT_MS, &err), -1);
	assert_int_equal(err.code, EINTR);
	(void)close(wake[0]);
	(void)close(wake[1]);
}

/* RFC 826, from the guest's card to all: who has 10.0.2.2? */
static void it_is_asked_for_the_gateway(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(greet("#!/bin/bash\n"
			       "head -c 46 <&3 | od -An -v -w46 -tx1 >&2\n",
			       LIMIT_MS, &err),
			 -1);
	assert_string_equal(err.msg,
			    " 00 00 00 2a ff ff ff ff ff ff 52 54 00 12 34 56"
			    " 08 06 00 01 08 00 06 04 00 01 52 54 00 12 34 56"
			    " 0a 00 02 0f 00 00 00 00 00 00 0a 00 02 02");
}

/* Other frames may come before; the next one stays for QEMU. */
static void the_answer_is_seen_among_others(void **state)
{
	static const char text[] =
		"#!/bin/bash\n"
		"head -c 46 <&3 >/dev/null\n"
		"printf '\\0\\0\\0\\x02ab' >&3\n"
		"printf '\\0\\0\\0\\x2a\\x52\\x54\\0\\x12\\x34\\x56RUUUUU\\x08"
		"\\x06\\0\\x01\\x08\\0\\x06\\x04\\0\\x02RUUUUU\\x0a\\0\\x02\\x0"
		"2"
		"\\x52\\x54\\0\\x12\\x34\\x56\\x0a\\0\\x02\\x0f' >&3\n"
		"printf '\\0\\0\\0\\x04next' >&3\n"
		"exec sleep 600\n";
	AUTO(passt) passt = PASST_NONE;
	struct error err = { 0 };
	char next[8];

	(void)state;
	write_program(text);
	assert_int_equal(passt_start(&passt, program, &err), 0);
	assert_int_equal(passt_greet(&passt, -1, LIMIT_MS, &err), 0);
	assert_int_equal(read(passt.guest, next, sizeof(next)), sizeof(next));
	assert_memory_equal(next, "\0\0\0\4next", sizeof(next));
	assert_false(passt_fell(&passt));
}

/* Of ours it has four descriptors, and of our directory nothing. */
static void it_inherits_nothing_else(void **state)
{
	static const char text[] = "#!/bin/bash\n"
				   "here=$(pwd)\n"
				   "set -- /proc/self/fd/*\n"
				   "echo \"$here ${*##*/} ${SECRET-no secret} "
				   "$OVERLAYVM_X\" >&2\n";
	struct error err = { 0 };
	int open_fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_true(open_fd >= 0);
	assert_int_equal(setenv("SECRET", "x", 1), 0);
	assert_int_equal(setenv("OVERLAYVM_X", "passed", 1), 0);
	assert_int_equal(greet(text, LIMIT_MS, &err), -1);
	/* 255 is the script, and 4 the directory while it is read. */
	assert_string_equal(err.msg, "/ 0 1 2 255 3 4 no secret passed");
	(void)close(open_fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(who_does_not_answer_says_why),
		cmocka_unit_test(who_says_nothing_is_not_waited_for),
		cmocka_unit_test(a_signal_ends_the_wait),
		cmocka_unit_test(it_is_asked_for_the_gateway),
		cmocka_unit_test(the_answer_is_seen_among_others),
		cmocka_unit_test(it_inherits_nothing_else),
	};

	return cmocka_run_group_tests(tests, make_program, remove_program);
}
