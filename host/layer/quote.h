/* SPDX-License-Identifier: MIT */
/* quote.h - names of files on one line each, as ls -b prints them */
#ifndef HOST_LAYER_QUOTE_H
#define HOST_LAYER_QUOTE_H

#include <locale.h>
#include <stdio.h>

#include "guest/shared/cleanup.h"

/* Which characters are printable; { 0 } knows ASCII. */
struct quote {
	locale_t locale; /* owned; 0 for that of the process */
};

/* Take LC_CTYPE from the environment; what it names wrongly is "C". The
 * locale of the process stays as it is. */
void quote_start(struct quote *quote);

/*
 * Print a name so that it can be read back and cannot break the line: space
 * and backslash with a backslash before them, \n and its like as in C, what
 * is not a printable character of the locale as three octal digits a byte.
 * Errors are those of the stream.
 */
void quote_print(const struct quote *quote, const char *name, FILE *out);

void quote_release(struct quote *quote);

DEFINE_AUTO(quote, quote_release)

#endif
