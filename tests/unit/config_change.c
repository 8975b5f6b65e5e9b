/* SPDX-License-Identifier: MIT */
/* config_change.c - --config, as it is typed */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "host/plan/config_change.h"

static const struct {
	const char *text;
	enum config_key key;
	const char *name;
	const char *value;
} good[] = {
	{ "env=A=b c", CONFIG_ENV, "A", "b c" },
	{ "env=A=", CONFIG_ENV, "A", "" },
	{ "env=_A1=b=c\nd", CONFIG_ENV, "_A1", "b=c\nd" },
	{ "env=A", CONFIG_ENV, "A", NULL },
	{ "env=", CONFIG_ENV, NULL, NULL },
	{ "cmd=echo \"a\"", CONFIG_CMD, NULL, "echo \"a\"" },
	{ "cmd=[\"a\",\"b c\"]", CONFIG_CMD, NULL, "[\"a\",\"b c\"]" },
	{ "cmd=[]", CONFIG_CMD, NULL, "[]" },
	{ "cmd=", CONFIG_CMD, NULL, NULL },
	{ "entrypoint=/bin/x", CONFIG_ENTRYPOINT, NULL, "/bin/x" },
	{ "user=12:daemon", CONFIG_USER, NULL, "12:daemon" },
	{ "workdir=/srv/\xc3\xa9", CONFIG_WORKDIR, NULL, "/srv/\xc3\xa9" },
	{ "workdir=", CONFIG_WORKDIR, NULL, NULL },
	{ "label=org.x=y=z", CONFIG_LABEL, "org.x", "y=z" },
	{ "label=org.x", CONFIG_LABEL, "org.x", NULL },
	{ "expose=80", CONFIG_EXPOSE, "80/tcp", "" },
	{ "expose=53/udp", CONFIG_EXPOSE, "53/udp", "" },
	{ "volume=/data", CONFIG_VOLUME, "/data", "" },
	{ "volume=", CONFIG_VOLUME, NULL, NULL },
};

static void assert_text(const char *text, const char *want)
{
	if (want)
		assert_string_equal(text, want);
	else
		assert_null(text);
}

static void each_key_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		AUTO(config_change) change = { 0 };
		struct error err = { 0 };

		print_message("%s\n", good[i].text);
		assert_int_equal(config_change_parse(&change, good[i].text,
						     &err),
				 0);
		assert_int_equal(change.key, good[i].key);
		assert_string_equal(change.text, good[i].text);
		assert_text(change.name, good[i].name);
		assert_text(change.value, good[i].value);
	}
}

#define NO_KEY                                                                 \
	"is not KEY=VALUE, KEY one of: env, cmd, entrypoint, user, workdir, "  \
	"label, expose, volume"
#define NO_WORDS                                                               \
	"is not a JSON array of strings (a command for a shell begins with "   \
	"'test', not '[')"
#define NO_PORT "is not PORT, PORT/tcp, /udp or /sctp"

static const struct {
	const char *text;
	const char *shown;
	const char *why;
} bad[] = {
	{ "", "", NO_KEY },
	{ "env", "env", NO_KEY },
	{ "=x", "=x", NO_KEY },
	{ "en=x", "en=x", NO_KEY },
	{ "Env=A=b", "Env=A=b", NO_KEY },
	{ "env==x", "env==x", "has no name" },
	{ "env=1A=x", "env=1A=x", "is not NAME=VALUE" },
	{ "env=A B=x", "env=A B=x", "is not NAME=VALUE" },
	{ "label==x", "label==x", "has no name" },
	{ "label=a\nb=x", "label=a?b=x", "has a control character" },
	{ "cmd=[\"a\"", "cmd=[\"a\"", NO_WORDS },
	{ "cmd=[ -f /x ]", "cmd=[ -f /x ]", NO_WORDS },
	{ "cmd=[\"a\",1]", "cmd=[\"a\",1]", NO_WORDS },
	{ "cmd=[[\"a\"]]", "cmd=[[\"a\"]]", NO_WORDS },
	{ "cmd=[\"a\\u0000\"]", "cmd=[\"a\\u0000\"]", NO_WORDS },
	{ "cmd=a\033[1m", "cmd=a?[1m", "has a control character" },
	{ "user=a\nb", "user=a?b", "has a control character" },
	{ "user=\xff", "user=\xff", "is not UTF-8" },
	{ "workdir=srv", "workdir=srv", "is not an absolute path" },
	{ "volume=data", "volume=data", "is not an absolute path" },
	{ "expose=0", "expose=0", NO_PORT },
	{ "expose=65536", "expose=65536", NO_PORT },
	{ "expose=80/icmp", "expose=80/icmp", NO_PORT },
	{ "expose=80/", "expose=80/", NO_PORT },
};

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(config_change) change = { 0 };
		struct error err = { 0 };
		char want[512];

		assert_int_equal(config_change_parse(&change, bad[i].text,
						     &err),
				 -1);
		(void)snprintf(want, sizeof(want), "--config '%s' %s",
			       bad[i].shown, bad[i].why);
		assert_string_equal(err.msg, want);
		assert_int_equal(err.code, EINVAL);
		assert_null(change.text);
	}
}

static void an_array_is_words_and_all_else_a_command(void **state)
{
	AUTO(config_change) array = { 0 }, command = { 0 };
	struct json_object *words;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(config_change_parse(&array, "cmd=[\"a\", \"b\"]",
					     &err),
			 0);
	words = config_change_words(&array);
	assert_int_equal(json_object_array_length(words), 2);
	json_object_put(words);
	assert_int_equal(config_change_parse(&command, "cmd=a b", &err), 0);
	assert_null(config_change_words(&command));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_is_read),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(an_array_is_words_and_all_else_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
