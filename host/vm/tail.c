/* SPDX-License-Identifier: MIT */
/* tail.c - see tail.h */
#include "host/vm/tail.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void add(struct tail *tail, const char *bytes, size_t size)
{
	size_t keep;

	if (size > TAIL_MAX) {
		bytes += size - TAIL_MAX;
		size = TAIL_MAX;
	}
	keep = tail->used < TAIL_MAX - size ? tail->used : TAIL_MAX - size;
	memmove(tail->bytes, tail->bytes + tail->used - keep, keep);
	memcpy(tail->bytes + keep, bytes, size);
	tail->used = keep + size;
	tail->bytes[tail->used] = '\0';
}

void tail_listen(struct tail *tail, int *fd)
{
	char block[4096];
	ssize_t n;

	while (*fd >= 0 && (n = read(*fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			break;
		add(tail, block, (size_t)n);
	}
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

const char *tail_line(const struct tail *tail, size_t *length)
{
	const char *text = tail->bytes;
	size_t end = *length;
	size_t start;

	while (end > 0 && (unsigned char)text[end - 1] <= ' ')
		end--;
	start = end;
	while (start > 0 && text[start - 1] != '\n')
		start--;
	*length = end - start;
	return text + start;
}
