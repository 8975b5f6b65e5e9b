/* SPDX-License-Identifier: MIT */
/* escape.h - bytes of strangers on a terminal */
#ifndef HOST_TEXT_ESCAPE_H
#define HOST_TEXT_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/* The begin of a UTF-8 sequence whose end has not come yet. */
struct escape {
	unsigned char held[4];
	size_t count;
};

/*
 * Print bytes so that a terminal shows them and does nothing else: printable
 * ASCII, newline, tab and well-formed UTF-8 as they are; control characters
 * as ^X, so that what a hook prints can neither colour, clear nor answer for
 * the user; C1 controls and stray bytes as \xNN. Sequences may be cut between
 * calls.
 */
void escape_print(struct escape *escape, const void *bytes, size_t size,
		  FILE *out);

/* The last bytes have come: print what is held. */
void escape_finish(struct escape *escape, FILE *out);

/*
 * Print a message and end its line, wherever it goes: names in it may be a
 * stranger's. As escape_print(), and a newline in it is ^J.
 */
void escape_print_line(const char *text, FILE *out);

/*
 * How many bytes the character has that begins here, if it is ASCII or
 * well-formed UTF-8 and no C1 control; else 0. `text` is terminated.
 */
size_t escape_character(const char *text);

#endif
