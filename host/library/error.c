/* SPDX-License-Identifier: MIT */
/* error.c - what a caller is told of a failure, see handle.h */
#include "host/library/handle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "host/run/failure.h"

/* A message fits, whole. */
static_assert(sizeof(((struct error *)0)->msg) == OVERLAYVM_MESSAGE_SIZE,
	      "the two boxes have the same size");

/* The classes are the same numbers. */
static_assert((int)OVERLAYVM_NONE == (int)FAILURE_NONE, "none");
static_assert((int)OVERLAYVM_USAGE == (int)FAILURE_USAGE, "usage");
static_assert((int)OVERLAYVM_INPUT == (int)FAILURE_INPUT, "input");
static_assert((int)OVERLAYVM_HOST == (int)FAILURE_HOST, "host");
static_assert((int)OVERLAYVM_GUEST == (int)FAILURE_GUEST, "guest");
static_assert((int)OVERLAYVM_HOOK == (int)FAILURE_HOOK, "hook");
static_assert((int)OVERLAYVM_TIMEOUT == (int)FAILURE_TIMEOUT, "timeout");
static_assert((int)OVERLAYVM_CANCELLED == (int)FAILURE_CANCELLED, "cancelled");
static_assert((int)OVERLAYVM_INTERNAL == (int)FAILURE_INTERNAL, "internal");

int error_give(struct overlayvm_error *to, const struct error *from)
{
	if (to) {
		to->code = from->code;
		memcpy(to->message, from->msg, sizeof(to->message));
	}
	return -1;
}

void *error_give_null(struct overlayvm_error *to, const struct error *from)
{
	(void)error_give(to, from);
	return NULL;
}

const char *overlayvm_class_name(enum overlayvm_class class_)
{
	if (class_ < OVERLAYVM_NONE || class_ > OVERLAYVM_INTERNAL)
		return NULL;
	return failure_class_name((enum failure_class)class_);
}

const char *overlayvm_version(void)
{
	return OVERLAYVM_VERSION;
}
