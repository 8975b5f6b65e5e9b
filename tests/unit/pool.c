/* SPDX-License-Identifier: MIT */
/* pool.c - work done by several threads */
#include "tests/unit/unit.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "host/run/pool.h"

#define THINGS 100

struct things {
	atomic_int done[THINGS];
	atomic_int calls;
	size_t fails_at;  /* number; THINGS: none */
	bool until_over;  /* each waits until it is told to give up */
	atomic_int asked; /* how often the user was */
	int patience;	  /* what the user answers the last call with */
};

static int work(struct pool *pool, size_t number, void *context,
		struct error *err)
{
	struct things *things = context;

	atomic_fetch_add(&things->calls, 1);
	while (things->until_over && pool_advance(pool, 0) == 0)
		(void)poll(NULL, 0, 1);
	if (things->until_over)
		return error_set(err, ECANCELED, "told to");
	if (number == things->fails_at)
		return error_set(err, EIO, "thing %zu", number);
	atomic_fetch_add(&things->done[number], 1);
	return 0;
}

static int advance(void *context, uint64_t bytes)
{
	struct things *things = context;

	(void)bytes;
	atomic_fetch_add(&things->asked, 1);
	return things->patience;
}

static int run(struct things *things, size_t count, unsigned int threads,
	       struct error *err)
{
	const struct pool_work all = { work, count, advance, things };

	return pool_run(&all, threads, err);
}

static void each_thing_is_worked_on_once(void **state)
{
	(void)state;
	for (unsigned int threads = 1; threads <= 8; threads++) {
		struct things things = { .fails_at = THINGS };
		struct error err = { 0 };

		assert_int_equal(run(&things, THINGS, threads, &err), 0);
		for (size_t i = 0; i < THINGS; i++)
			assert_int_equal(things.done[i], 1);
	}
}

static void nothing_to_do_is_no_failure(void **state)
{
	struct things things = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(run(&things, 0, 4, &err), 0);
	assert_int_equal(things.calls, 0);
}

static void the_first_failure_ends_it(void **state)
{
	struct things things = { .fails_at = 3 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(run(&things, THINGS, 1, &err), -1);
	assert_int_equal(err.code, EIO);
	assert_string_equal(err.msg, "thing 3");
	assert_int_equal(things.calls, 4);
}

static void the_user_may_end_it(void **state)
{
	struct things things = { .until_over = true, .patience = 1 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(run(&things, THINGS, 2, &err), -1);
	assert_int_equal(err.code, ECANCELED);
	assert_string_equal(err.msg, "cancelled");
	assert_true(things.asked > 0);
	assert_true(things.calls <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_is_worked_on_once),
		cmocka_unit_test(nothing_to_do_is_no_failure),
		cmocka_unit_test(the_first_failure_ends_it),
		cmocka_unit_test(the_user_may_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
