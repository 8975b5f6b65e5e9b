/* SPDX-License-Identifier: MIT */
/* note.c - see note.h */
#include "guest/agent/note.h"

#include "guest/agent/agent.h"

void note_send(void *agent, const char *text)
{
	const struct agent *sender = agent;
	struct error ignored;

	/* A channel that is broken shows at the next frame that matters. */
	(void)message_send_note(sender->channel.fd, text, &ignored);
}
