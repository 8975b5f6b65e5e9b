/* SPDX-License-Identifier: MIT */
/* speech.h - what a jailed child says to its parent; for this folder */
#ifndef HOST_JAIL_SPEECH_H
#define HOST_JAIL_SPEECH_H

#include <stdint.h>

/*
 * Messages over a pipe, each a header and its bytes. Both sides are the same
 * program, so numbers are in the machine's order; but the child may have been
 * taken over, and the parent takes what it says for no more than bytes.
 */
enum speech_kind {
	SPEECH_TICK,   /* uint64_t: bytes that were read */
	SPEECH_RESULT, /* some of the result */
	SPEECH_FAILED, /* struct error; the last one */
	SPEECH_DONE,   /* nothing; the last one */
};

#define SPEECH_MAX  65536   /* bytes of one message */
#define SPEECH_PIPE 1048576 /* bytes; the most that any user may ask for */

struct speech_header {
	uint32_t kind;
	uint32_t size; /* bytes, at most SPEECH_MAX */
};

#endif
