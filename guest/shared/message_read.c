/* SPDX-License-Identifier: MIT */
/* message_read.c - see message.h: a frame becomes a struct */
#include "guest/shared/message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/json.h"
#include "guest/shared/message_object.h"

#define ENTROPY_DIGITS (2 * MESSAGE_ENTROPY)

static int copy_string(struct json_object *object, const char *name, char *out,
		       size_t size, struct error *err)
{
	const char *text;

	if (json_get_string(object, name, FRAME_MESSAGE_MAX, &text, err) < 0)
		return -1;
	(void)snprintf(out, size, "%s", text);
	return 0;
}

int message_read_hello(struct message_hello *hello, const struct frame *frame,
		       struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	struct message_hello read = { 0 };
	uint64_t version;

	if (!object)
		return -1;
	if (json_get_uint(object, "version", UINT16_MAX, &version, err) < 0 ||
	    copy_string(object, "kernel", read.kernel, sizeof(read.kernel),
			err) < 0)
		return message_named(frame, -1, err);
	read.version = (unsigned)version;
	*hello = read;
	return 0;
}

int message_read_prepare(struct message_prepare *prepare,
			 const struct frame *frame, struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	uint64_t scratch;
	uint64_t size;

	if (!object)
		return -1;
	if (json_get_uint(object, "scratch", SCRATCH_FORMATTED, &scratch, err) <
		    0 ||
	    json_get_uint(object, "size", INT64_MAX, &size, err) < 0)
		return message_named(frame, -1, err);
	prepare->scratch = (enum message_scratch)scratch;
	prepare->size = size;
	return 0;
}

static int read_entropy(uint8_t out[MESSAGE_ENTROPY], const char *digits,
			struct error *err)
{
	if (strlen(digits) != ENTROPY_DIGITS ||
	    strspn(digits, "0123456789abcdef") != ENTROPY_DIGITS)
		return error_set(err, EPROTO,
				 "field 'entropy' is not %d hex digits",
				 ENTROPY_DIGITS);
	for (size_t i = 0; i < MESSAGE_ENTROPY; i++) {
		char byte[3] = { digits[2 * i], digits[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return 0;
}

int message_read_seed(struct message_seed *seed, const struct frame *frame,
		      struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	struct message_seed read = { 0 };
	const char *digits;

	if (!object)
		return -1;
	if (json_get_string(object, "entropy", FRAME_MESSAGE_MAX, &digits,
			    err) < 0 ||
	    read_entropy(read.entropy, digits, err) < 0 ||
	    json_get_int(object, "timeNs", 0, INT64_MAX, &read.time_ns, err) <
		    0)
		return message_named(frame, -1, err);
	*seed = read;
	return 0;
}

static int read_text(char *out, size_t size, const char *field,
		     const struct frame *frame, struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);

	if (!object)
		return -1;
	return message_named(frame, copy_string(object, field, out, size, err),
			     err);
}

int message_read_step(char *name, size_t size, const struct frame *frame,
		      struct error *err)
{
	return read_text(name, size, "name", frame, err);
}

int message_read_note(char *text, size_t size, const struct frame *frame,
		      struct error *err)
{
	return read_text(text, size, "text", frame, err);
}

static int read_hook_name(enum message_hook *hook, struct json_object *object,
			  struct error *err)
{
	const char *name;

	if (json_get_string(object, "hook", FRAME_MESSAGE_MAX, &name, err) < 0)
		return -1;
	for (size_t i = 0; i <= HOOK_RUN; i++)
		if (strcmp(name, message_hook_name((enum message_hook)i)) ==
		    0) {
			*hook = (enum message_hook)i;
			return 0;
		}
	return error_set(err, EPROTO, "field 'hook' is '%s', no hook", name);
}

/* Which command it is; hooks have none. */
static int read_command(struct message_hook_result *result,
			struct json_object *object, struct error *err)
{
	uint64_t command;

	if (result->hook != HOOK_RUN)
		return 0;
	if (json_get_uint(object, "command", MESSAGE_COMMANDS_MAX, &command,
			  err) < 0)
		return -1;
	if (command == 0)
		return error_set(err, EPROTO, "field 'command' is 0");
	result->command = (unsigned)command;
	return 0;
}

static int read_lack(enum message_lack *lack, struct json_object *object,
		     struct error *err)
{
	const char *name;

	if (json_get_string(object, "lack", 16, &name, err) < 0)
		return -1;
	for (int i = LACK_NOTHING; i <= LACK_TMP; i++)
		if (strcmp(name, message_lack_name((enum message_lack)i)) ==
		    0) {
			*lack = (enum message_lack)i;
			return 0;
		}
	return error_set(err, EPROTO, "field 'lack' is '%.32s', which is none",
			 name);
}

int message_read_hook(struct message_hook_result *result,
		      const struct frame *frame, struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	struct message_hook_result read = { 0 };
	uint64_t status;
	uint64_t signal;

	if (!object)
		return -1;
	if (read_hook_name(&read.hook, object, err) < 0 ||
	    read_command(&read, object, err) < 0 ||
	    json_get_uint(object, "status", 255, &status, err) < 0 ||
	    json_get_uint(object, "signal", 127, &signal, err) < 0 ||
	    json_get_bool(object, "oomKilled", &read.oom_killed, err) < 0 ||
	    read_lack(&read.lack, object, err) < 0)
		return message_named(frame, -1, err);
	read.status = (int)status;
	read.signal = (int)signal;
	*result = read;
	return 0;
}

int message_read_end(struct message_end *end, const struct frame *frame,
		     struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	struct message_end read = { 0 };
	const char *digits;

	if (!object)
		return -1;
	if (json_get_uint(object, "size", INT64_MAX, &read.size, err) < 0 ||
	    json_get_uint(object, "entries", INT64_MAX, &read.entries, err) <
		    0 ||
	    json_get_string(object, "xxh64", 16, &digits, err) < 0)
		return message_named(frame, -1, err);
	read.xxh64 = strtoull(digits, NULL, 16);
	*end = read;
	return 0;
}

int message_read_fail(struct message_fail *fail, const struct frame *frame,
		      struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	struct message_fail read = { 0 };
	const char *name;

	if (!object)
		return -1;
	if (copy_string(object, "step", read.step, sizeof(read.step), err) <
		    0 ||

	    json_get_string(object, "errno", FRAME_MESSAGE_MAX, &name, err) <
		    0 ||
	    read_lack(&read.lack, object, err) < 0 ||
	    copy_string(object, "message", read.message, sizeof(read.message),
			err) < 0)
		return message_named(frame, -1, err);
	read.code = error_code(name);
	*fail = read;
	return 0;
}

int message_read_terminal(struct message_terminal *terminal,
			  const struct frame *frame, struct error *err)
{
	autojson struct json_object *object = message_object(frame, err);
	struct message_terminal read = { 0 };
	uint64_t rows;
	uint64_t columns;

	if (!object)
		return -1;
	if (copy_string(object, "type", read.type, sizeof(read.type), err) <
		    0 ||
	    json_get_uint(object, "rows", MESSAGE_TERMINAL_MAX, &rows, err) <
		    0 ||
	    json_get_uint(object, "columns", MESSAGE_TERMINAL_MAX, &columns,
			  err) < 0)
		return message_named(frame, -1, err);
	read.rows = (unsigned)rows;
	read.columns = (unsigned)columns;
	*terminal = read;
	return 0;
}
