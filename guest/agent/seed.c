/* SPDX-License-Identifier: MIT */
/* seed.c - see seed.h */
#include "guest/agent/seed.h"

#include <fcntl.h>
#include <linux/random.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "guest/shared/cleanup.h"

#define NS_PER_S INT64_C(1000000000)

/* struct rand_pool_info ends in a flexible array: this is one that is full. */
struct pool {
	int entropy_count; /* bits */
	int buf_size;	   /* bytes */
	uint8_t buf[MESSAGE_ENTROPY];
};

int seed_apply(const struct message_seed *seed, struct error *err)
{
	struct pool pool = { 8 * MESSAGE_ENTROPY, MESSAGE_ENTROPY, { 0 } };
	struct timespec now = { seed->time_ns / NS_PER_S,
				seed->time_ns % NS_PER_S };
	autoclose int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	memcpy(pool.buf, seed->entropy, MESSAGE_ENTROPY);
	if (fd < 0)
		return error_errno(err, "open '/dev/urandom'");
	if (ioctl(fd, RNDADDENTROPY, &pool) < 0)
		return error_errno(err, "add entropy");
	if (ioctl(fd, RNDRESEEDCRNG) < 0)
		return error_errno(err, "reseed the random generator");
	if (clock_settime(CLOCK_REALTIME, &now) < 0)
		return error_errno(err, "set the clock");
	return 0;
}
