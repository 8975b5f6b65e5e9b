/* SPDX-License-Identifier: MIT */
/* note.h - what the user should know although the run goes on */
#ifndef GUEST_AGENT_NOTE_H
#define GUEST_AGENT_NOTE_H

/* Send one line to the host as a NOTE; `agent` is the struct agent. */
void note_send(void *agent, const char *text);

#endif
