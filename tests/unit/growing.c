/* SPDX-License-Identifier: MIT */
/* growing.c - files that are read while they are written */
#include "tests/unit/unit.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/layer/growing.h"

#define SIZE (3 * 1024 * 1024 + 17) /* bytes */

/* The byte that is at this place. */
static unsigned char byte_at(size_t at)
{
	return (unsigned char)(at * 31 + at / 4096);
}

/* 0 if all of the file comes, byte for byte. */
static int follow(const struct growing *growing)
{
	unsigned char block[10007];
	size_t at = 0;
	ssize_t n;

	while ((n = growing_read(growing, block, sizeof(block), at)) > 0)
		for (ssize_t i = 0; i < n; i++, at++)
			if (block[i] != byte_at(at))
				return 1;
	return n == 0 && at == SIZE ? 0 : 2;
}

static void write_all(struct growing *growing)
{
	unsigned char block[4099];
	size_t at = 0;

	while (at < SIZE) {
		size_t size =
			SIZE - at < sizeof(block) ? SIZE - at : sizeof(block);

		for (size_t i = 0; i < size; i++)
			block[i] = byte_at(at + i);
		assert_int_equal(write(growing->fd, block, size), size);
		at += size;
		growing_advance(growing, at);
	}
	growing_complete(growing);
}

static void *follow_on_thread(void *growing)
{
	return follow(growing) == 0 ? growing : NULL;
}

static int count(void *context, uint64_t bytes)
{
	*(int *)context += 1;
	return bytes != 0;
}

/* The child has no end of the writer's, and tells by its status. */
static _Noreturn void follow_in_child(struct growing *writer, int socket)
{
	AUTO(growing) growing = { 0 };
	struct error err;
	int lives = 0;
	int fd = writer->fd;

	growing_release(writer);
	if (growing_follow(&growing, fd, socket, count, &lives, &err) < 0)
		_exit(3);
	_exit(follow(&growing));
}

static void threads_and_a_child_follow(void **state)
{
	AUTO(growing) growing = { 0 };
	FILE *f = tmpfile();
	struct error err = { 0 };
	pthread_t threads[2];
	pid_t child;
	int socket;
	int status;
	void *result;

	(void)state;
	assert_int_equal(growing_begin(&growing, fileno(f), &err), 0);
	assert_int_equal(growing_tell(&growing, &socket, &err), 0);
	child = fork();
	if (child == 0)
		follow_in_child(&growing, socket);
	(void)close(socket);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						follow_on_thread, &growing),
				 0);
	write_all(&growing);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, &growing);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(growing_wait(&growing, UINT64_MAX), SIZE);
	(void)fclose(f);
}

static void who_waits_for_what_is_abandoned_fails(void **state)
{
	AUTO(growing) growing = { 0 };
	FILE *f = tmpfile();
	struct error err = { 0 };
	pthread_t thread;
	void *result;
	char byte;

	(void)state;
	assert_int_equal(growing_begin(&growing, fileno(f), &err), 0);
	assert_int_equal(pthread_create(&thread, NULL, follow_on_thread,
					&growing),
			 0);
	growing_abandon(&growing);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_null(result);
	errno = 0;
	assert_int_equal(growing_read(&growing, &byte, 1, 0), -1);
	assert_int_equal(errno, ECANCELED);
	(void)fclose(f);
}

/* What lies in the file beyond is not there yet. */
static void no_more_is_read_than_was_announced(void **state)
{
	AUTO(growing) growing = { 0 };
	FILE *f = tmpfile();
	struct error err = { 0 };
	char bytes[8];

	(void)state;
	assert_int_equal(write(fileno(f), "abcdefgh", 8), 8);
	assert_int_equal(growing_begin(&growing, fileno(f), &err), 0);
	growing_advance(&growing, 5);
	assert_int_equal(growing_wait(&growing, 5), 5);
	growing_complete(&growing);
	assert_int_equal(growing_read(&growing, bytes, 8, 2), 3);
	assert_memory_equal(bytes, "cde", 3);
	assert_int_equal(growing_read(&growing, bytes, 8, 5), 0);
	assert_int_equal(growing_read(&growing, bytes, 8, 7), 0);
	(void)fclose(f);
}

static void a_pipe_is_no_whole_file(void **state)
{
	AUTO(growing) growing = { 0 };
	struct error err = { 0 };
	int pipes[2];

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(growing_whole(&growing, pipes[0], &err), -1);
	assert_string_equal(err.msg, "not a regular file");
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_and_a_child_follow),
		cmocka_unit_test(who_waits_for_what_is_abandoned_fails),
		cmocka_unit_test(no_more_is_read_than_was_announced),
		cmocka_unit_test(a_pipe_is_no_whole_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
