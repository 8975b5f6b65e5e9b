/* SPDX-License-Identifier: MIT */
/* rundir.c - tests of host/run/rundir.h */
#include "host/run/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define RUNS  8	  /* at once */
#define TIMES 400 /* that each makes and removes its directory */

static char base[] = "/tmp/overlayvm-rundir.XXXXXX";

static int make_base(void **state)
{
	(void)state;
	return mkdtemp(base) ? 0 : -1;
}

static int remove_base(void **state)
{
	(void)state;
	return rmdir(base); /* nothing may be left in it */
}

/* Prints why, as an assertion in a child would not reach cmocka. */
static int create_again_and_again(void)
{
	for (int i = 0; i < TIMES; i++) {
		struct rundir rundir = RUNDIR_NONE;
		struct error err = { 0 };
		struct stat st;

		if (rundir_create(&rundir, base, &err) < 0) {
			fprintf(stderr, "%s\n", err.msg);
			return 1;
		}
		if (fstat(rundir.fd, &st) < 0 || st.st_nlink == 0 ||
		    stat(rundir.path, &st) < 0)
			return 2;
		rundir_release(&rundir);
	}
	return 0;
}

static void runs_at_once_do_not_reap_each_other(void **state)
{
	int status, failed = 0;

	(void)state;
	for (int i = 0; i < RUNS; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(create_again_and_again());
	}
	for (int i = 0; i < RUNS; i++) {
		assert_true(wait(&status) > 0);
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
}

static void what_a_killed_run_left_is_removed(void **state)
{
	struct rundir killed = RUNDIR_NONE, next = RUNDIR_NONE;
	struct error err = { 0 };
	int file;

	(void)state;
	assert_int_equal(rundir_create(&killed, base, &err), 0);
	file = openat(killed.fd, "scratch", O_WRONLY | O_CREAT, 0600);
	assert_true(file >= 0);
	close(file);
	close(killed.fd); /* with it goes the lock */

	assert_int_equal(rundir_create(&next, base, &err), 0);
	assert_int_equal(access(killed.path, F_OK), -1);
	assert_int_equal(errno, ENOENT);
	rundir_release(&next);
	free(killed.path);
}

static void directory_of_a_run_that_lives_stays(void **state)
{
	struct rundir lives = RUNDIR_NONE, next = RUNDIR_NONE;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(rundir_create(&lives, base, &err), 0);
	assert_int_equal(rundir_create(&next, base, &err), 0);
	assert_int_equal(access(lives.path, F_OK), 0);
	rundir_release(&next);
	rundir_release(&lives);
}

static void base_that_is_not_there_is_refused(void **state)
{
	struct rundir rundir = RUNDIR_NONE;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(rundir_create(&rundir, "/nonexistent", &err), -1);
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.msg,
			    "use '/nonexistent' for temporary files: No such "
			    "file or directory (OVERLAYVM_TMPDIR names another "
			    "place)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_at_once_do_not_reap_each_other),
		cmocka_unit_test(what_a_killed_run_left_is_removed),
		cmocka_unit_test(directory_of_a_run_that_lives_stays),
		cmocka_unit_test(base_that_is_not_there_is_refused),
	};

	return cmocka_run_group_tests(tests, make_base, remove_base);
}
