/* SPDX-License-Identifier: MIT */
/* growing.c - see growing.h */
#include "host/layer/growing.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "guest/shared/io.h"

struct growing_state {
	pthread_mutex_t mutex; /* of all below */
	pthread_cond_t changed;
	uint64_t size; /* bytes that are there */
	bool complete;
	bool abandoned;
};

/* One that a child may end while it holds it: robust. */
static void make_shared(struct growing_state *state)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	(void)pthread_mutexattr_init(&mutex);
	(void)pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST);
	(void)pthread_mutex_init(&state->mutex, &mutex);
	(void)pthread_mutexattr_destroy(&mutex);
	(void)pthread_condattr_init(&cond);
	(void)pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	(void)pthread_cond_init(&state->changed, &cond);
	(void)pthread_condattr_destroy(&cond);
}

int growing_begin(struct growing *growing, int fd, struct error *err)
{
	struct growing_state *state =
		mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (state == MAP_FAILED)
		return error_errno(err, "follow a file");
	make_shared(state);
	*growing = (struct growing){ .fd = fd, .state = state };
	return 0;
}

int growing_whole(struct growing *growing, int fd, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, "stat");
	if (!S_ISREG(st.st_mode))
		return error_set(err, EINVAL, "not a regular file");
	if (growing_begin(growing, fd, err) < 0)
		return -1;
	growing->state->size = (uint64_t)st.st_size;
	growing->state->complete = true;
	return 0;
}

static void lock(struct growing_state *state)
{
	if (pthread_mutex_lock(&state->mutex) == EOWNERDEAD)
		(void)pthread_mutex_consistent(&state->mutex);
}

/* Nothing is shown that was not there: flags and sizes only ever grow. */
static void change(struct growing *growing, uint64_t size, bool complete,
		   bool abandoned)
{
	struct growing_state *state = growing->state;

	lock(state);
	if (size > state->size)
		state->size = size;
	state->complete |= complete;
	state->abandoned |= abandoned;
	(void)pthread_cond_broadcast(&state->changed);
	(void)pthread_mutex_unlock(&state->mutex);
}

void growing_advance(struct growing *growing, uint64_t size)
{
	change(growing, size, false, false);
}

void growing_complete(struct growing *growing)
{
	change(growing, 0, true, false);
}

void growing_abandon(struct growing *growing)
{
	change(growing, 0, false, true);
}

int64_t growing_wait(const struct growing *growing, uint64_t size)
{
	struct growing_state *state = growing->state;
	int64_t there;

	lock(state);
	while (state->size < size && !state->complete && !state->abandoned)
		if (pthread_cond_wait(&state->changed, &state->mutex) ==
		    EOWNERDEAD)
			(void)pthread_mutex_consistent(&state->mutex);
	there = state->abandoned ? -1 : (int64_t)state->size;
	(void)pthread_mutex_unlock(&state->mutex);
	if (there < 0)
		errno = ECANCELED;
	return there;
}

ssize_t growing_read(const struct growing *growing, void *buf, size_t size,
		     uint64_t offset)
{
	int64_t there = growing_wait(growing, offset + size);

	if (there < 0)
		return -1;
	if ((uint64_t)there <= offset)
		return 0;
	if ((uint64_t)there - offset < size)
		size = (size_t)((uint64_t)there - offset);
	return io_pread(growing->fd, buf, size, offset);
}

void growing_release(struct growing *growing)
{
	if (!growing->state)
		return;
	(void)pthread_cond_destroy(&growing->state->changed);
	(void)pthread_mutex_destroy(&growing->state->mutex);
	(void)munmap(growing->state, sizeof(*growing->state));
	growing->state = NULL;
}
