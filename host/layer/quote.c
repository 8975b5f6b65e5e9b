/* SPDX-License-Identifier: MIT */
/* quote.c - see quote.h */
#include "host/layer/quote.h"

#include <errno.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

void quote_start(struct quote *quote)
{
	*quote = (struct quote){ newlocale(LC_CTYPE_MASK, "", (locale_t)0) };
}

/* Bytes of the character at `at` if it is printable as it is; 0 if not. Keeps
 * errno, which is to say why the stream failed. */
static size_t printable(const char *at)
{
	int saved = errno;
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t length = mbrtowc(&wide, at, strlen(at), &state);

	errno = saved;
	if (length == (size_t)-1 || length == (size_t)-2)
		return 0;
	return iswprint((wint_t)wide) ? length : 0;
}

/* What C has a letter for; the order is that of the letters below. */
static char letter_of(char byte)
{
	static const char bytes[] = "\a\b\f\n\r\t\v\\ ";
	static const char letters[] = "abfnrtv\\ ";
	const char *found = strchr(bytes, byte);

	if (!found)
		return '\0';
	return letters[found - bytes];
}

void quote_print(const struct quote *quote, const char *name, FILE *out)
{
	locale_t before = (locale_t)0;

	if (quote->locale)
		before = uselocale(quote->locale);
	while (*name) {
		char letter = letter_of(*name);
		size_t length = letter ? 0 : printable(name);

		if (letter)
			(void)fprintf(out, "\\%c", letter);
		else if (length > 0)
			(void)fwrite(name, 1, length, out);
		else
			(void)fprintf(out, "\\%03o", (unsigned char)*name);
		name += length > 0 ? length : 1;
	}
	if (before)
		(void)uselocale(before);
}

void quote_release(struct quote *quote)
{
	if (quote->locale)
		freelocale(quote->locale);
	*quote = (struct quote){ 0 };
}
