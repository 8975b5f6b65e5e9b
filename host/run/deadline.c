/* SPDX-License-Identifier: MIT */
/* deadline.c - see deadline.h */
#include "host/run/deadline.h"

#include <limits.h>
#include <time.h>

#define NS_PER_S  UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)

uint64_t clock_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

struct deadline deadline_in(uint64_t seconds)
{
	if (seconds == 0 || seconds > INT64_MAX / NS_PER_S)
		return (struct deadline){ 0 };
	return (struct deadline){ clock_now() + seconds * NS_PER_S };
}

bool deadline_passed(struct deadline deadline)
{
	return deadline.at != 0 && clock_now() >= deadline.at;
}

int deadline_poll(struct deadline deadline)
{
	uint64_t now = clock_now();
	uint64_t left;

	if (deadline.at == 0)
		return -1;
	if (now >= deadline.at)
		return 0;
	left = (deadline.at - now + NS_PER_MS - 1) / NS_PER_MS;
	return left > INT_MAX ? INT_MAX : (int)left;
}

struct deadline deadline_first(struct deadline a, struct deadline b)
{
	if (a.at == 0 || (b.at != 0 && b.at < a.at))
		return b;
	return a;
}
