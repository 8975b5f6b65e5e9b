/* SPDX-License-Identifier: MIT */
/* message_commands.c - see message_commands.h */
#include "guest/shared/message_commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/frame.h"
#include "guest/shared/json.h"
#include "guest/shared/json_make.h"

#define SHELL_MAX 64   /* words */
#define ENV_MAX	  4096 /* variables */

struct json_object *message_commands_json(const struct message_commands *from)
{
	struct json_object *object = json_make_object();

	json_add(object, "lines", message_strings_json(&from->lines));
	json_add(object, "shell", message_strings_json(&from->shell));
	json_add(object, "env", message_strings_json(&from->env));
	json_add(object, "user", json_make_string(from->user));
	json_add(object, "directory", json_make_string(from->directory));
	json_add(object, "layerEach", json_make_bool(from->layer_each));
	return object;
}

static int read_text(char **text, struct json_object *object, const char *name,
		     struct error *err)
{
	const char *read;

	if (json_get_string(object, name, FRAME_MESSAGE_MAX, &read, err) < 0)
		return -1;
	*text = strdup(read);
	if (!*text)
		return error_set(err, ENOMEM, "out of memory");
	return 0;
}

int message_commands_read(struct message_commands *commands,
			  struct json_object *plan, struct error *err)
{
	struct json_object *object;

	if (!json_object_object_get_ex(plan, "commands", &object))
		return 0;
	if (!json_object_is_type(object, json_type_object))
		return error_set(err, EPROTO, "field 'commands' is no object");
	if (message_strings_read(&commands->lines, object, "lines",
				 MESSAGE_COMMANDS_MAX, err) < 0 ||
	    message_strings_read(&commands->shell, object, "shell", SHELL_MAX,
				 err) < 0 ||
	    message_strings_read(&commands->env, object, "env", ENV_MAX, err) <
		    0 ||
	    read_text(&commands->user, object, "user", err) < 0)
		return -1;
	if (read_text(&commands->directory, object, "directory", err) < 0)
		return -1;
	return json_get_bool(object, "layerEach", &commands->layer_each, err);
}

void message_commands_release(struct message_commands *commands)
{
	message_strings_release(&commands->lines);
	message_strings_release(&commands->shell);
	message_strings_release(&commands->env);
	free(commands->user);
	free(commands->directory);
	*commands = (struct message_commands){ 0 };
}
