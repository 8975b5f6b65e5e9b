/* SPDX-License-Identifier: MIT */
/* message_object.h - the JSON object of a frame; for the readers of messages */
#ifndef GUEST_SHARED_MESSAGE_OBJECT_H
#define GUEST_SHARED_MESSAGE_OBJECT_H

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "guest/shared/frame.h"

/* The object, the caller's to json_object_put(); NULL with EPROTO if the
 * payload is not exactly one. */
struct json_object *message_object(const struct frame *frame,
				   struct error *err);

/* Every reader ends here, so that each failure names its message. */
int message_named(const struct frame *frame, int status, struct error *err);

#endif
