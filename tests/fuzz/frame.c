/* SPDX-License-Identifier: MIT */
/* frame.c - fuzz target: what comes out of the port, in two pieces */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guest/shared/frame.h"
#include "guest/shared/io.h"
#include "tests/fuzz/target.h"

static int take_all(struct frame_buffer *in)
{
	struct error err = { 0 };
	struct frame frame;
	int found;

	while ((found = frame_buffer_next(in, &frame, &err)) > 0)
		if (frame.length > frame_limit(frame.type))
			abort();
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(frame_buffer) in = { 0 };
	size_t first = size ? data[0] % size : 0;
	int fd = target_file(data, first);

	(void)lseek(fd, 0, SEEK_SET);
	while (frame_buffer_fill(&in, fd) > 0 && take_all(&in) == 0)
		;
	(void)io_write(fd, data + first, size - first);
	(void)lseek(fd, (off_t)first, SEEK_SET);
	while (frame_buffer_fill(&in, fd) > 0 && take_all(&in) == 0)
		;
	close(fd);
	return 0;
}
