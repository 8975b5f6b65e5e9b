/* SPDX-License-Identifier: MIT */
/* escape.c - see escape.h */
#include "host/text/escape.h"

#include "guest/shared/utf8.h"

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
	if (escape->count == 0 && utf8_sequence(byte) == 0) {
		print_byte(byte, out);
		return;
	}
	escape->held[escape->count++] = byte;
	if (escape->count < utf8_sequence(escape->held[0]))
		return;
	if (utf8_character((const char *)escape->held) > 0) {
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
	return utf8_character(text);
}
