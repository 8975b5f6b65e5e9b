/* SPDX-License-Identifier: MIT */
/* pool.c - see pool.h */
#include "host/run/pool.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "guest/shared/cleanup.h"
#include "host/run/thread.h"

#define TICK_NS	    100000000L /* between two calls of advance() */
#define SECOND_NS   1000000000L
#define THREADS_MAX 64

struct pool {
	const struct pool_work *work;
	pthread_mutex_t mutex; /* of all below but `over` */
	pthread_cond_t ended;  /* a thread has */
	size_t next;	       /* to be worked on */
	size_t running;	       /* threads */
	struct error err;      /* of the first failure */
	bool failed;
	atomic_ullong bytes; /* that advance() has not heard of */
	atomic_bool over;    /* nobody should begin, or go on */
};

int pool_advance(void *pool, uint64_t bytes)
{
	struct pool *p = pool;

	if (bytes > 0)
		(void)atomic_fetch_add(&p->bytes, bytes);
	return atomic_load(&p->over);
}

unsigned int pool_processors(void)
{
	cpu_set_t set;
	int count;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	count = CPU_COUNT(&set);
	return count > 0 ? (unsigned int)count : 1;
}

static void fail(struct pool *pool, const struct error *err)
{
	(void)pthread_mutex_lock(&pool->mutex);
	if (!pool->failed)
		pool->err = *err;
	pool->failed = true;
	(void)pthread_mutex_unlock(&pool->mutex);
	atomic_store(&pool->over, true);
}

/* false: there is nothing left. */
static bool take(struct pool *pool, size_t *number)
{
	bool taken;

	(void)pthread_mutex_lock(&pool->mutex);
	taken = pool->next < pool->work->count && !atomic_load(&pool->over);
	*number = pool->next;
	pool->next += taken;
	(void)pthread_mutex_unlock(&pool->mutex);
	return taken;
}

static void *run_thread(void *context)
{
	struct pool *pool = context;
	struct error err = { 0 };
	size_t number;

	while (take(pool, &number))
		if (pool->work->work(pool, number, pool->work->context, &err) <
		    0)
			fail(pool, &err);
	(void)pthread_mutex_lock(&pool->mutex);
	pool->running--;
	(void)pthread_cond_signal(&pool->ended);
	(void)pthread_mutex_unlock(&pool->mutex);
	return NULL;
}

/* The mutex is held. */
static void watch(struct pool *pool)
{
	const struct pool_work *work = pool->work;
	const struct error cancelled = { ECANCELED, "cancelled" };

	while (pool->running > 0) {
		struct timespec until;

		(void)clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += TICK_NS;
		until.tv_sec += until.tv_nsec / SECOND_NS;
		until.tv_nsec %= SECOND_NS;
		(void)pthread_cond_timedwait(&pool->ended, &pool->mutex,
					     &until);
		if (pool->failed || !work->advance ||
		    work->advance(work->context,
				  atomic_exchange(&pool->bytes, 0)) == 0)
			continue;
		pool->err = cancelled;
		pool->failed = true;
		atomic_store(&pool->over, true);
	}
}

static size_t start(struct pool *pool, pthread_t ids[THREADS_MAX],
		    unsigned int threads, struct error *err)
{
	size_t started = 0;
	int code = 0;

	while (started < threads && started < pool->work->count &&
	       started < THREADS_MAX) {
		pool->running++;
		code = thread_start(&ids[started], run_thread, pool);
		if (code != 0) {
			pool->running--;
			break;
		}
		started++;
	}
	/* Fewer than were wanted do it as well. */
	if (started == 0 && code != 0)
		error_set(err, code, "start a thread: %s", strerror(code));
	return started;
}

int pool_run(const struct pool_work *work, unsigned int threads,
	     struct error *err)
{
	struct pool pool = {
		.work = work,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.ended = PTHREAD_COND_INITIALIZER,
	};
	pthread_t ids[THREADS_MAX];
	size_t started;

	if (work->count == 0)
		return 0;
	(void)pthread_mutex_lock(&pool.mutex);
	started = start(&pool, ids, threads, err);
	watch(&pool);
	(void)pthread_mutex_unlock(&pool.mutex);
	for (size_t i = 0; i < started; i++)
		(void)pthread_join(ids[i], NULL);
	if (started == 0)
		return -1;
	if (pool.failed)
		*err = pool.err;
	return pool.failed ? -1 : 0;
}
