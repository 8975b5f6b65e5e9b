/* SPDX-License-Identifier: MIT */
/* message_commands.h - the part of PLAN that says what --run runs */
#ifndef GUEST_SHARED_MESSAGE_COMMANDS_H
#define GUEST_SHARED_MESSAGE_COMMANDS_H

#include <stdbool.h>

#include <json-c/json.h>

#include "guest/shared/error.h"
#include "guest/shared/message_strings.h"

#define MESSAGE_COMMANDS_MAX 500

/*
 * Commands that run with the merged tree as their root, as a Dockerfile's RUN
 * does: each line is a word behind those of the shell. All are { 0 } where
 * there is no command.
 */
struct message_commands {
	struct message_strings lines;
	struct message_strings shell; /* "/bin/sh", "-c" */
	struct message_strings env; /* "NAME=VALUE"; the last of a name wins */
	char *user;	 /* owned; as the image's config says; "" is root */
	char *directory; /* owned; to start in; "" is "/" */
	/* Each but the last ends a layer: it is sent then, DATA to END. */
	bool layer_each;
};

/* As a JSON object, the caller's. */
struct json_object *message_commands_json(const struct message_commands *from);

/*
 * Read the member "commands" of a PLAN; without one *commands stays { 0 }.
 * Fails with EPROTO and ENOMEM; what was read is the caller's even then.
 */
int message_commands_read(struct message_commands *commands,
			  struct json_object *plan, struct error *err);

void message_commands_release(struct message_commands *commands);

#endif
