/* SPDX-License-Identifier: MIT */
/* escape.c - see escape.h */
#include "host/cli/escape.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes of the sequence that this one begins; 0 if it begins none. */
static size_t sequence_length(unsigned char first)
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

static void print_byte(unsigned char byte, FILE *out)
{
	if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7f))
		(void)fputc(byte, out);
	else if (byte < 0x20 || byte == 0x7f)
		fprintf(out, "^%c", byte ^ 0x40);
	else
		fprintf(out, "\\x%02x", byte);
}

void escape_finish(struct escape *escape, FILE *out)
{
	for (size_t i = 0; i < escape->count; i++)
		print_byte(escape->held[i], out);
	escape->count = 0;
}

static void print_one(struct escape *escape, unsigned char byte, FILE *out)
{
	if (escape->count > 0 && (byte & 0xc0) != 0x80)
		escape_finish(escape, out); /* it was cut short */
	if (escape->count == 0 && sequence_length(byte) == 0) {
		print_byte(byte, out);
		return;
	}
	escape->held[escape->count++] = byte;
	if (escape->count < sequence_length(escape->held[0]))
		return;
	if (is_harmless(escape->held, escape->count)) {
		fwrite(escape->held, 1, escape->count, out);
		escape->count = 0;
	} else {
		escape_finish(escape, out);
	}
}

void escape_print(struct escape *escape, const void *bytes, size_t size,
		  FILE *out)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++)
		print_one(escape, byte[i], out);
}

void escape_print_line(const char *text, FILE *out)
{
	struct escape escape = { 0 };

	for (const char *c = text; *c; c++)
		escape_print(&escape, *c == '\n' ? "^J" : c, *c == '\n' ? 2 : 1,
			     out);
	escape_finish(&escape, out);
	(void)fputc('\n', out);
}

size_t escape_character(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t length = sequence_length(s[0]);

	if (length == 0)
		return s[0] < 0x80 ? 1 : 0;
	for (size_t i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return is_harmless(s, length) ? length : 0;
}
