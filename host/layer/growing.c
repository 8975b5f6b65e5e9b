/* SPDX-License-Identifier: MIT */
/* growing.c - see growing.h */
#include "host/layer/growing.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"

#define ALIVE_MS 1000 /* between two signs of life of a child that waits */

struct growing_state {
	pthread_mutex_t mutex; /* of the next three */
	pthread_cond_t changed;
	uint64_t size; /* bytes that are there */
	bool complete;
	bool abandoned;

	int told; /* owned; the writer's end of the socket; -1: no child */

	/* In the child. */
	int socket; /* borrowed; -1 in the writer's process */
	int (*alive)(void *context, uint64_t bytes);
	void *context;
};

int growing_begin(struct growing *growing, int fd, struct error *err)
{
	struct growing_state *state = calloc(1, sizeof(*state));

	if (!state)
		return error_errno(err, "follow a file");
	(void)pthread_mutex_init(&state->mutex, NULL);
	(void)pthread_cond_init(&state->changed, NULL);
	state->told = -1;
	state->socket = -1;
	*growing = (struct growing){ .fd = fd, .state = state };
	return 0;
}

int growing_tell(struct growing *growing, int *socket, struct error *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return error_errno(err, "follow a file");
	growing->state->told = pair[0];
	*socket = pair[1];
	return 0;
}

int growing_follow(struct growing *growing, int fd, int socket,
		   int (*alive)(void *context, uint64_t bytes), void *context,
		   struct error *err)
{
	if (growing_begin(growing, fd, err) < 0)
		return -1;
	growing->state->socket = socket;
	growing->state->alive = alive;
	growing->state->context = context;
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

/* What does not go into the socket is made up for by what comes later; that it
 * is closed says that the file is what it is. */
static void tell(struct growing_state *state)
{
	if (state->told < 0)
		return;
	(void)send(state->told, &state->size, sizeof(state->size),
		   MSG_DONTWAIT | MSG_NOSIGNAL);
	if (!state->complete && !state->abandoned)
		return;
	(void)close(state->told);
	state->told = -1;
}

static void change(struct growing *growing, uint64_t size, bool complete,
		   bool abandoned)
{
	struct growing_state *state = growing->state;

	(void)pthread_mutex_lock(&state->mutex);
	if (size > state->size)
		state->size = size;
	state->complete |= complete;
	state->abandoned |= abandoned;
	(void)pthread_cond_broadcast(&state->changed);
	(void)pthread_mutex_unlock(&state->mutex);
	tell(state);
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

bool growing_is_abandoned(const struct growing *growing)
{
	struct growing_state *state = growing->state;
	bool abandoned;

	(void)pthread_mutex_lock(&state->mutex);
	abandoned = state->abandoned;
	(void)pthread_mutex_unlock(&state->mutex);
	return abandoned;
}

/* The child: what has come over the socket since the last time. */
static int listen_once(const struct growing *growing)
{
	struct growing_state *state = growing->state;
	struct pollfd event = { .fd = state->socket, .events = POLLIN };
	uint64_t sizes[64];
	struct stat st;
	ssize_t n;

	if (poll(&event, 1, ALIVE_MS) <= 0)
		return state->alive(state->context, 0) == 0 ? 0 : -1;
	n = read(state->socket, sizes, sizeof(sizes));
	if (n < 0)
		return errno == EINTR ? 0 : -1;
	if (n > 0) {
		state->size = sizes[(size_t)n / sizeof(*sizes) - 1];
		return 0;
	}
	if (fstat(growing->fd, &st) < 0)
		return -1;
	state->size = (uint64_t)st.st_size;
	state->complete = true;
	return 0;
}

static int64_t wait_in_child(const struct growing *growing, uint64_t size)
{
	const struct growing_state *state = growing->state;

	while (state->size < size && !state->complete)
		if (listen_once(growing) < 0) {
			errno = ECANCELED;
			return -1;
		}
	return (int64_t)state->size;
}

int64_t growing_wait(const struct growing *growing, uint64_t size)
{
	struct growing_state *state = growing->state;
	int64_t there;

	if (state->socket >= 0)
		return wait_in_child(growing, size);
	(void)pthread_mutex_lock(&state->mutex);
	while (state->size < size && !state->complete && !state->abandoned)
		(void)pthread_cond_wait(&state->changed, &state->mutex);
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
	if (growing->state->told >= 0)
		(void)close(growing->state->told);
	free(growing->state);
	growing->state = NULL;
}
