/* SPDX-License-Identifier: MIT */
/* qmp.c - see qmp.h */
#include "host/vm/qmp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "guest/shared/json.h"

#define LINE_MAX_BYTES 65536 /* of an answer; QEMU's greeting has 500 */
#define DEPTH	       16

#define HANDSHAKE "{\"execute\":\"qmp_capabilities\"}\n"

/* "events" for the end of a migration, the other for memory in a file. */
#define CAPABILITIES(list)                                                     \
	"{\"execute\":\"migrate-set-capabilities\",\"arguments\":"             \
	"{\"capabilities\":[" list "]}}\n"
#define IGNORE_SHARED "{\"capability\":\"x-ignore-shared\",\"state\":true}"
#define EVENTS	      "{\"capability\":\"events\",\"state\":true}"

struct qmp {
	int fd;
	int limit_ms; /* of one wait */
	char line[LINE_MAX_BYTES];
	size_t used;
};

/* Read until a whole line is there; it ends at *end. */
static int read_line(struct qmp *qmp, char **end, struct error *err)
{
	while (!(*end = memchr(qmp->line, '\n', qmp->used))) {
		struct pollfd event = { .fd = qmp->fd, .events = POLLIN };
		ssize_t n;

		if (qmp->used == sizeof(qmp->line))
			return error_set(err, EPROTO,
					 "QEMU's monitor: a line of more than "
					 "%d bytes",
					 LINE_MAX_BYTES);
		if (poll(&event, 1, qmp->limit_ms) == 0)
			return error_set(err, ETIMEDOUT,
					 "QEMU's monitor does not answer");
		n = read(qmp->fd, qmp->line + qmp->used,
			 sizeof(qmp->line) - qmp->used);
		if (n == 0)
			return error_set(err, EPIPE, "QEMU has ended");
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return error_errno(err, "QEMU's monitor");
		if (n > 0)
			qmp->used += (size_t)n;
	}
	return 0;
}

static struct json_object *next_message(struct qmp *qmp, struct error *err)
{
	struct json_object *message;
	char *end;
	size_t length;

	if (read_line(qmp, &end, err) < 0)
		return NULL;
	length = (size_t)(end - qmp->line) + 1;
	message = json_parse(qmp->line, length, DEPTH, err);
	qmp->used -= length;
	memmove(qmp->line, end + 1, qmp->used);
	return message;
}

/* 1 if the message ends a command well, 0 if it is something else. */
static int is_answer(struct json_object *message, struct error *err)
{
	struct json_object *error;
	const char *why;

	if (json_object_object_get_ex(message, "error", &error)) {
		if (json_get_string(error, "desc", LINE_MAX_BYTES, &why, err) <
		    0)
			return -1;
		return error_set(err, EIO, "QEMU's monitor: %s", why);
	}
	return json_has(message, "return");
}

/* Send a command, with a descriptor if there is one, and wait for its end. */
static int command(struct qmp *qmp, const char *text, int passed,
		   struct error *err)
{
	struct iovec part = { (void *)text, strlen(text) };
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int found = 0;

	if (passed >= 0) {
		struct cmsghdr *header;

		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &passed, sizeof(int));
	}
	if (sendmsg(qmp->fd, &message, MSG_NOSIGNAL) < 0)
		return error_errno(err, "QEMU's monitor");
	while (found == 0) {
		autojson struct json_object *answer = next_message(qmp, err);

		if (!answer)
			return -1;
		found = is_answer(answer, err);
	}
	return found < 0 ? -1 : 0;
}

/* Wait for the event that says how the migration ended. */
static int wait_saved(struct qmp *qmp, struct error *err)
{
	for (;;) {
		autojson struct json_object *message = next_message(qmp, err);
		struct json_object *data;
		const char *status;

		if (!message)
			return -1;
		if (!json_object_object_get_ex(message, "data", &data) ||
		    json_get_string(data, "status", 64, &status, err) < 0)
			continue;
		if (strcmp(status, "completed") == 0)
			return 0;
		if (strcmp(status, "failed") == 0)
			return error_set(err, EIO,
					 "QEMU cannot save the machine");
	}
}

int qmp_save(int fd, int state, int limit_ms, struct error *err)
{
	struct qmp qmp = { .fd = fd, .limit_ms = limit_ms };

	if (command(&qmp, HANDSHAKE, -1, err) < 0 ||
	    command(&qmp, CAPABILITIES(IGNORE_SHARED "," EVENTS), -1, err) <
		    0 ||
	    command(&qmp,
		    "{\"execute\":\"getfd\","
		    "\"arguments\":{\"fdname\":\"state\"}}\n",
		    state, err) < 0 ||
	    command(&qmp,
		    "{\"execute\":\"migrate\","
		    "\"arguments\":{\"uri\":\"fd:state\"}}\n",
		    -1, err) < 0)
		return -1;
	return wait_saved(&qmp, err);
}

int qmp_restore(int fd, int state_fd, struct error *err)
{
	char text[512];
	int length = snprintf(text, sizeof(text),
			      HANDSHAKE CAPABILITIES(
				      IGNORE_SHARED) "{\"execute\":"
						     "\"migrate-incoming\","
						     "\"arguments\":{\"uri\":"
						     "\"fd:%d\"}}\n",
			      state_fd);

	if (io_write(fd, text, (size_t)length) < 0)
		return error_errno(err, "QEMU's monitor");
	return 0;
}
