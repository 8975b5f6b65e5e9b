/* SPDX-License-Identifier: MIT */
/* config.c - the configuration of an image, and the JSON it is written in */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/config.h"
#include "tests/unit/image_fixture.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int parse(struct image_config *config, const char *text, size_t size,
		 struct error *err)
{
	char *bytes = malloc(size + 1);

	assert_non_null(bytes);
	memcpy(bytes, text, size);
	bytes[size] = '\0';
	return image_config_parse(config, bytes, size, err);
}

static void everything_is_read(void **state)
{
	static const char text[] =
		"{\"os\":\"linux\",\"config\":{\"Env\":[\"A=b c\",\"PATH=/\"],"
		"\"User\":\"12:daemon\",\"WorkingDir\":\"/srv\\u00e9\","
		"\"Shell\":[\"/bin/sh\",\"-c\"]},\"rootfs\":{\"type\":"
		"\"layers\",\"diff_ids\":[\"sha256:" HEX "\",\"sha256:" HEX
		"\"]},\"unknown\":[1.5e300,null,{}]}\n";
	AUTO(image_config) config = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(parse(&config, text, strlen(text), &err), 0);
	assert_string_equal(config.bytes, text);
	assert_int_equal(config.size, strlen(text));
	assert_string_equal(config.digest.hex,
			    fixture_sha256(text, strlen(text)));
	assert_int_equal(config.diff_id_count, 2);
	assert_string_equal(config.diff_ids[1].hex, HEX);
	assert_int_equal(config.env.count, 2);
	assert_string_equal(config.env.item[0], "A=b c");
	assert_null(config.env.item[2]);
	assert_string_equal(config.user, "12:daemon");
	assert_string_equal(config.working_dir, "/srv\xc3\xa9");
	assert_int_equal(config.shell.count, 2);
	assert_string_equal(config.shell.item[1], "-c");
}

static void silence_is_nothing(void **state)
{
	static const char *const texts[] = {
		"{}",
		"{\"config\":null,\"rootfs\":null,\"os\":null}",
		"{\"config\":{\"Env\":null,\"User\":null},\"os\":\"\"}",
		" \n{\"rootfs\":{\"diff_ids\":null}} \r\n\t",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		AUTO(image_config) config = { 0 };
		struct error err = { 0 };

		assert_int_equal(parse(&config, texts[i], strlen(texts[i]),
				       &err),
				 0);
		assert_int_equal(config.diff_id_count, 0);
		assert_int_equal(config.env.count, 0);
		assert_string_equal(config.user, "");
		assert_string_equal(config.working_dir, "");
	}
}

static const struct {
	const char *text;
	const char *msg;
} bad[] = {
	{ "", "is not JSON: ends too early" },
	{ "{", "is not JSON: ends too early" },
	{ "{\"a\":\"b", "is not JSON: ends too early" },
	{ "null", "is not a JSON object" },
	{ "[]", "is not a JSON object" },
	{ "1", "is not a JSON object" },
	{ "\"x\"", "is not a JSON object" },
	{ "{}x", "is not JSON: unexpected character at byte 2" },
	{ "{}{}", "is not JSON: unexpected character at byte 2" },
	{ "{\"a\":'b'}", "is not JSON: unexpected character at byte 5" },
	{ "{\"a\":1,}", "is not JSON: unexpected character at byte 7" },
	{ "\xef\xbb\xbf{}", "is not JSON: invalid utf-8 string at byte 0" },
	{ "{\"a\":\"\xff\"}", "is not JSON: invalid utf-8 string at byte 6" },
	{ "{\"os\":1}", "'os' is not a string" },
	{ "{\"os\":\"a\\u0000\"}", "'os' is not a string" },
	{ "{\"config\":[]}", "'config' is not an object" },
	{ "{\"rootfs\":\"x\"}", "'rootfs' is not an object" },
	{ "{\"config\":{\"Env\":{}}}", "'Env' is not an array" },
	{ "{\"config\":{\"Env\":[\"a\",1]}}",
	  "item 2 of 'Env' is not a string" },
	{ "{\"config\":{\"Env\":[null]}}", "item 1 of 'Env' is not a string" },
	{ "{\"config\":{\"User\":0}}", "'User' is not a string" },
	{ "{\"rootfs\":{\"diff_ids\":[\"sha256:x\"]}}",
	  "diff_id 1: digest 'sha256:x' is not 'sha256:' and 64 lower-case "
	  "hexadecimal digits" },
	{ "{\"rootfs\":{\"diff_ids\":\"x\"}}", "'diff_ids' is not an array" },
};

static void what_is_no_config_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(image_config) config = { 0 };
		struct error err = { 0 };

		print_message("%s\n", bad[i].text);
		assert_int_equal(parse(&config, bad[i].text,
				       strlen(bad[i].text), &err),
				 -1);
		assert_string_equal(err.msg, bad[i].msg);
		assert_int_equal(err.code, EINVAL);
		assert_null(config.bytes);
	}
}

static void zero_bytes_are_refused(void **state)
{
	static const char after[] = "{}\0{}";
	static const char inside[] = "{\"os\":\"li\0nux\"}";
	AUTO(image_config) config = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(parse(&config, after, sizeof(after) - 1, &err), -1);
	assert_string_equal(err.msg, "is not JSON: a zero byte at byte 2");
	assert_int_equal(parse(&config, inside, sizeof(inside) - 1, &err), -1);
}

static void deep_nesting_is_refused(void **state)
{
	char text[200] = "{\"a\":";
	AUTO(image_config) config = { 0 };
	struct error err = { 0 };

	(void)state;
	memset(text + 5, '[', 100);
	assert_int_equal(parse(&config, text, 105, &err), -1);
	assert_int_equal(err.code, EINVAL);
	assert_string_equal(err.msg, "is nested more than 32 levels deep");
}

static void other_systems_and_machines_are_refused(void **state)
{
	AUTO(image_config) config = { 0 };
	struct error err = { 0 };
	static const char windows[] = "{\"os\":\"windows\"}";
	static const char vax[] = "{\"architecture\":\"vax\"}";
	static const char type[] = "{\"rootfs\":{\"type\":\"tree\"}}";
	char want[100];

	(void)state;
	assert_int_equal(parse(&config, windows, strlen(windows), &err), -1);
	assert_int_equal(err.code, ENOTSUP);
	assert_string_equal(err.msg,
			    "is for 'windows', only linux images are read");
	assert_int_equal(parse(&config, vax, strlen(vax), &err), -1);
	assert_int_equal(err.code, ENOTSUP);
	snprintf(want, sizeof(want), "is for 'vax', this machine is '%s'",
		 image_config_architecture());
	assert_string_equal(err.msg, want);
	assert_int_equal(parse(&config, type, strlen(type), &err), -1);
	assert_string_equal(err.msg, "rootfs is of type 'tree', not 'layers'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_read),
		cmocka_unit_test(silence_is_nothing),
		cmocka_unit_test(what_is_no_config_is_refused),
		cmocka_unit_test(zero_bytes_are_refused),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(other_systems_and_machines_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
