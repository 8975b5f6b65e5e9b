/* SPDX-License-Identifier: MIT */
/* message_object.c - see message_object.h */
#include "guest/shared/message_object.h"

#include <errno.h>

#include "guest/shared/json.h"
#include "guest/shared/message.h"

struct json_object *message_object(const struct frame *frame, struct error *err)
{
	struct json_object *object =
		json_parse(frame->payload, frame->length, MESSAGE_DEPTH, err);

	if (object && !json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		object = NULL;
		error_set(err, EPROTO, "not a JSON object");
	}
	if (!object)
		error_prefix(err, "%s message", frame_type_name(frame->type));
	return object;
}

int message_named(const struct frame *frame, int status, struct error *err)
{
	if (status < 0)
		return error_prefix(err, "%s message",
				    frame_type_name(frame->type));
	return 0;
}
