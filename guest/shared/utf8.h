/* SPDX-License-Identifier: MIT */
/* utf8.h - which bytes are characters that text may show */
#ifndef GUEST_SHARED_UTF8_H
#define GUEST_SHARED_UTF8_H

#include <stddef.h>

/* Bytes of the sequence that this one begins, 2 to 4; 0 if it begins none. */
size_t utf8_sequence(unsigned char first);

/*
 * How many bytes the character at the start of `text`, which is not empty,
 * has: 1 for any ASCII, also a control character; 0 for what is not UTF-8,
 * and for the control characters U+0080 to U+009F.
 */
size_t utf8_character(const char *text);

#endif
