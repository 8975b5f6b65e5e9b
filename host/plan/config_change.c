/* SPDX-License-Identifier: MIT */
/* config_change.c - see config_change.h */
#include "host/plan/config_change.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "guest/shared/json.h"
#include "guest/shared/utf8.h"
#include "host/plan/size.h"

#define WORDS_DEPTH 2 /* an array of strings */
#define PORT_MAX    65535

static int say_memory(struct error *err)
{
	return error_set(err, ENOMEM, "out of memory");
}

static int check_text(const char *text, struct error *err)
{
	for (size_t n; *text; text += n) {
		n = utf8_character(text);
		if (n == 0)
			return error_set(err, EINVAL, "is not UTF-8");
		if (n == 1 && iscntrl((unsigned char)*text) && *text != '\n' &&
		    *text != '\t')
			return error_set(err, EINVAL,
					 "has a control character");
	}
	return 0;
}

static int check_line(const char *text, struct error *err)
{
	if (text[strcspn(text, "\n\t")])
		return error_set(err, EINVAL, "has a control character");
	return 0;
}

/* NAME=VALUE, or NAME alone, which is to be unset. */
static int take_pair(struct config_change *change, const char *text,
		     struct error *err)
{
	size_t length = strcspn(text, "=");

	if (length == 0)
		return error_set(err, EINVAL, "has no name");
	change->name = strndup(text, length);
	if (text[length])
		change->value = strdup(text + length + 1);
	if (!change->name || (text[length] && !change->value))
		return say_memory(err);
	return check_line(change->name, err);
}

static bool is_variable(const char *name)
{
	if (isdigit((unsigned char)*name))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

static int take_env(struct config_change *change, const char *text,
		    struct error *err)
{
	if (take_pair(change, text, err) < 0)
		return -1;
	if (!is_variable(change->name))
		return error_set(err, EINVAL, "is not NAME=VALUE");
	return 0;
}

static int take_value(struct config_change *change, const char *text,
		      struct error *err)
{
	change->value = strdup(text);
	return change->value ? 0 : say_memory(err);
}

static bool are_strings(struct json_object *words)
{
	if (!json_object_is_type(words, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(words); i++) {
		struct json_object *word = json_object_array_get_idx(words, i);

		if (!json_object_is_type(word, json_type_string) ||
		    strlen(json_object_get_string(word)) !=
			    (size_t)json_object_get_string_len(word))
			return false;
	}
	return true;
}

/* A mistake in an array must not become a command for a shell. */
static int take_words(struct config_change *change, const char *text,
		      struct error *err)
{
	autojson struct json_object *words = NULL;
	struct error ignored;

	if (take_value(change, text, err) < 0)
		return -1;
	if (*text != '[')
		return 0;
	words = json_parse(text, strlen(text), WORDS_DEPTH, &ignored);
	if (!are_strings(words))
		return error_set(err, EINVAL,
				 "is not a JSON array of strings (a command "
				 "for a shell begins with 'test', not '[')");
	return 0;
}

static int take_line(struct config_change *change, const char *text,
		     struct error *err)
{
	if (check_line(text, err) < 0)
		return -1;
	return take_value(change, text, err);
}

static int take_path(struct config_change *change, const char *text,
		     struct error *err)
{
	if (*text != '/')
		return error_set(err, EINVAL, "is not an absolute path");
	return take_line(change, text, err);
}

static int take_volume(struct config_change *change, const char *text,
		       struct error *err)
{
	if (take_path(change, text, err) < 0)
		return -1;
	change->name = change->value;
	change->value = NULL;
	return take_value(change, "", err);
}

static int take_port(struct config_change *change, const char *text,
		     struct error *err)
{
	static const char *const protocols[] = { "tcp", "udp", "sctp" };
	size_t length = strcspn(text, "/");
	autofree char *digits = strndup(text, length);
	const char *protocol = text[length] ? text + length + 1 : "tcp";
	struct error ignored;
	uint64_t port;

	if (!digits)
		return say_memory(err);
	for (size_t i = 0; i < COUNT_OF(protocols); i++) {
		if (strcmp(protocol, protocols[i]) != 0 ||
		    number_parse(digits, "", 1, PORT_MAX, &port, &ignored) < 0)
			continue;
		if (asprintf(&change->name, "%u/%s", (unsigned)port, protocol) <
		    0) {
			change->name = NULL;
			return say_memory(err);
		}
		return take_value(change, "", err);
	}
	return error_set(err, EINVAL, "is not PORT, PORT/tcp, /udp or /sctp");
}

static const struct {
	const char *word;
	int (*take)(struct config_change *change, const char *text,
		    struct error *err);
} keys[] = {
	[CONFIG_ENV] = { "env", take_env },
	[CONFIG_CMD] = { "cmd", take_words },
	[CONFIG_ENTRYPOINT] = { "entrypoint", take_words },
	[CONFIG_USER] = { "user", take_line },
	[CONFIG_WORKDIR] = { "workdir", take_path },
	[CONFIG_LABEL] = { "label", take_pair },
	[CONFIG_EXPOSE] = { "expose", take_port },
	[CONFIG_VOLUME] = { "volume", take_volume },
};

const char *config_change_key(size_t i)
{
	return i < COUNT_OF(keys) ? keys[i].word : NULL;
}

static int take_key(struct config_change *change, const char *text,
		    const char **rest, struct error *err)
{
	size_t length = strcspn(text, "=");

	for (size_t i = 0; text[length] && i < COUNT_OF(keys); i++)
		if (strlen(keys[i].word) == length &&
		    strncmp(text, keys[i].word, length) == 0) {
			change->key = (enum config_key)i;
			*rest = text + length + 1;
			return 0;
		}
	return error_set(err, EINVAL,
			 "is not KEY=VALUE, KEY one of: env, cmd, entrypoint, "
			 "user, workdir, label, expose, volume");
}

static int parse(struct config_change *change, const char *text,
		 struct error *err)
{
	const char *rest = text;

	change->text = strdup(text);
	if (!change->text)
		return say_memory(err);
	if (check_text(text, err) < 0 || take_key(change, text, &rest, err) < 0)
		return -1;
	return *rest ? keys[change->key].take(change, rest, err) : 0;
}

int config_change_parse(struct config_change *change, const char *text,
			struct error *err)
{
	AUTO(config_change) made = { 0 };
	struct error why;

	if (parse(&made, text, &why) < 0)
		return error_set(err, why.code, "--config '%.400s' %s", text,
				 why.msg);
	*change = made;
	made = (struct config_change){ 0 };
	return 0;
}

struct json_object *config_change_words(const struct config_change *change)
{
	struct error ignored;

	if (change->value[0] != '[')
		return NULL;
	return json_parse(change->value, strlen(change->value), WORDS_DEPTH,
			  &ignored);
}

void config_change_release(struct config_change *change)
{
	free(change->text);
	free(change->name);
	free(change->value);
	*change = (struct config_change){ 0 };
}
