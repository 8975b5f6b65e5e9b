/* SPDX-License-Identifier: MIT */
/* name.c - see name.h */
#include "host/image/name.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/image/digest.h"

#define LOWER	     "abcdefghijklmnopqrstuvwxyz"
#define UPPER	     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	     "0123456789"
#define TAG_MAX	     128 /* bytes, as distribution/reference has it */
#define NAME_MAX_LEN 255 /* bytes of host and path */

static bool is_alphanumeric(char c)
{
	return c && strchr(LOWER DIGITS, c);
}

/* One part of a path: letters and digits, with separators between them. */
static bool is_component(const char *text, size_t length)
{
	return length > 0 && is_alphanumeric(text[0]) &&
	       is_alphanumeric(text[length - 1]) &&
	       strspn(text, LOWER DIGITS "._-") >= length;
}

static bool is_path(const char *path)
{
	for (;;) {
		size_t length = strcspn(path, "/");

		if (!is_component(path, length))
			return false;
		if (path[length] == '\0')
			return true;
		path += length + 1;
	}
}

static bool is_host(const char *host)
{
	return *host && host[strspn(host, LOWER UPPER DIGITS ".-:[]")] == '\0';
}

static bool is_tag(const char *tag)
{
	return *tag && *tag != '.' && *tag != '-' && strlen(tag) <= TAG_MAX &&
	       tag[strspn(tag, LOWER UPPER DIGITS "_.-")] == '\0';
}

/* Docker's own rule for telling "host/path" from "path/path". */
static bool looks_like_host(const char *text, size_t length)
{
	return strcspn(text, ".:" UPPER) < length ||
	       (length == strlen("localhost") &&
		strncmp(text, "localhost", length) == 0);
}

/* Ends text at the last `mark` and returns what follows, NULL if none. */
static char *cut_at_last(char *text, char mark)
{
	char *at = strrchr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

/* A ':' before the last '/' belongs to a port. */
static char *cut_tag(char *text)
{
	char *slash = strrchr(text, '/');

	return cut_at_last(slash ? slash : text, ':');
}

/* Returns the path, and the host or NULL; text is cut at the first '/'. */
static char *cut_host(char *text, const char **host)
{
	char *slash = strchr(text, '/');

	*host = NULL;
	if (!slash || !looks_like_host(text, (size_t)(slash - text)))
		return text;
	*slash = '\0';
	*host = text;
	return slash + 1;
}

static char *join(const char *host, const char *path, const char *tag,
		  const char *digest)
{
	bool is_docker = !host || strcmp(host, "docker.io") == 0 ||
			 strcmp(host, "index.docker.io") == 0;
	bool is_official = is_docker && !strchr(path, '/');
	char *name;

	if (!tag && !digest)
		tag = "latest";
	if (asprintf(&name, "%s/%s%s%s%s%s%s", is_docker ? "docker.io" : host,
		     is_official ? "library/" : "", path, tag ? ":" : "",
		     tag ? tag : "", digest ? "@" : "",
		     digest ? digest : "") < 0) {
		errno = ENOMEM;
		return NULL;
	}
	return name;
}

char *image_name_normalise(const char *text)
{
	autofree char *copy = strdup(text);
	const char *host = NULL;
	char *digest_text;
	char *path;
	char *tag;
	struct digest digest;
	struct error unused;

	if (!copy)
		return NULL;

	digest_text = cut_at_last(copy, '@');
	tag = cut_tag(copy);
	if (strlen(copy) <= NAME_MAX_LEN) {
		path = cut_host(copy, &host);
		if (is_path(path) && (!host || is_host(host)) &&
		    (!tag || is_tag(tag)) &&
		    (!digest_text ||
		     digest_parse(&digest, digest_text, &unused) == 0))
			return join(host, path, tag, digest_text);
	}
	errno = EINVAL;
	return NULL;
}

bool image_name_equal(const char *a, const char *b)
{
	autofree char *full_a = NULL;
	autofree char *full_b = NULL;

	if (strcmp(a, b) == 0)
		return true;
	full_a = image_name_normalise(a);
	full_b = image_name_normalise(b);
	return full_a && full_b && strcmp(full_a, full_b) == 0;
}
