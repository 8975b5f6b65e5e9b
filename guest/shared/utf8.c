/* SPDX-License-Identifier: MIT */
/* utf8.c - see utf8.h */
#include "guest/shared/utf8.h"

#include <stdbool.h>
#include <stdint.h>

size_t utf8_sequence(unsigned char first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 0;
}

/* A whole sequence is neither overlong, a surrogate, nor a C1 control. */
static bool is_harmless(const unsigned char *s, size_t length)
{
	uint32_t code = s[0] & (0xffU >> (length + 1));

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3fU);
	if (length == 2)
		return code >= 0xa0;
	if (length == 3)
		return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
	return code >= 0x10000 && code <= 0x10ffff;
}

size_t utf8_character(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t length = utf8_sequence(s[0]);

	if (length == 0)
		return s[0] < 0x80 ? 1 : 0;
	for (size_t i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return is_harmless(s, length) ? length : 0;
}
