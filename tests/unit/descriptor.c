/* SPDX-License-Identifier: MIT */
/* descriptor.c - descriptors, their annotations and platforms */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/config.h"
#include "host/image/descriptor.h"
#include "host/image/document.h"

#define HEX	 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define EMPTY	 "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
#define GOOD	 "\"mediaType\":\"t\",\"digest\":\"sha256:" HEX "\""
#define WITH(it) "{" GOOD ",\"size\":7," it "}"

static int read_text(struct descriptor *descriptor, const char *text,
		     struct error *err)
{
	autodocument struct json_object *document = NULL;

	assert_int_equal(document_parse(&document, text, strlen(text), err), 0);
	return descriptor_read(descriptor, document, err);
}

static void everything_is_read(void **state)
{
	AUTO(descriptor) descriptor = { 0 };
	struct error err = { 0 };
	char name[40];

	(void)state;
	assert_int_equal(
		read_text(&descriptor,
			  WITH("\"urls\":[],\"annotations\":{\"a\":\"1\","
			       "\"b\":\"\\u00e9\",\"a\":\"2\"},\"platform\":"
			       "{\"os\":\"linux\",\"architecture\":\"arm\","
			       "\"variant\":\"v7\",\"os.version\":\"x\"}"),
			  &err),
		0);
	assert_string_equal(descriptor.media_type, "t");
	assert_string_equal(descriptor.digest.hex, HEX);
	assert_int_equal(descriptor.size, 7);
	assert_int_equal(descriptor.annotations.count, 2);
	assert_string_equal(annotations_find(&descriptor.annotations, "a"),
			    "2");
	assert_string_equal(annotations_find(&descriptor.annotations, "b"),
			    "\xc3\xa9");
	assert_null(annotations_find(&descriptor.annotations, "c"));
	platform_name(&descriptor.platform, name, sizeof(name));
	assert_string_equal(name, "linux/arm/v7");
}

static void embedded_data_may_be_there(void **state)
{
	AUTO(descriptor) descriptor = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(
		read_text(&descriptor,
			  "{\"mediaType\":\"t\",\"digest\":\"sha256:" EMPTY
			  "\",\"size\":2,\"data\":\"e30=\"}",
			  &err),
		0);
}

static const struct {
	const char *text;
	int code;
	const char *msg;
} bad[] = {
	{ "[]", EINVAL, "is not an object" },
	{ "{}", EINVAL, "has no 'mediaType'" },
	{ "{\"mediaType\":1}", EINVAL, "'mediaType' is not a string" },
	{ "{\"mediaType\":\"t\",\"size\":1}", EINVAL, "has no 'digest'" },
	{ "{\"mediaType\":\"t\",\"size\":1,\"digest\":\"sha256:../x\"}", EINVAL,
	  "digest 'sha256:../x' is not 'sha256:' and 64 lower-case hexadecimal "
	  "digits" },
	{ "{\"mediaType\":\"t\",\"size\":1,\"digest\":\"sha512:" HEX HEX "\"}",
	  EINVAL,
	  "digest 'sha512:0123456789abcdef0123456789abcdef0123456789abcdef01234"
	  "56789abcdef0123456789abcdef0123456789abc' is not a sha256 digest; "
	  "no "
	  "other algorithm is supported" },
	{ "{\"mediaType\":\"t\",\"size\":1,\"digest\":\"../../etc/passwd\"}",
	  EINVAL, "digest '../../etc/passwd' does not start with 'sha256:'" },
	{ "{" GOOD "}", EINVAL, "has no 'size'" },
	{ "{" GOOD ",\"size\":-1}", EINVAL, "'size' is negative" },
	{ "{" GOOD ",\"size\":-99999999999999999999}", EINVAL,
	  "'size' is negative" },
	{ "{" GOOD ",\"size\":99999999999999999999}", EINVAL,
	  "'size' is too large" },
	{ "{" GOOD ",\"size\":9223372036854775808}", EINVAL,
	  "'size' is too large" },
	{ "{" GOOD ",\"size\":1.5}", EINVAL, "'size' is not a whole number" },
	{ "{" GOOD ",\"size\":\"1\"}", EINVAL, "'size' is not a whole number" },
	{ WITH("\"annotations\":[]"), EINVAL,
	  "'annotations' is not an object" },
	{ WITH("\"annotations\":{\"a\":1}"), EINVAL,
	  "'annotations': 'a' is not a string" },
	{ WITH("\"platform\":{\"os\":[]}"), EINVAL,
	  "'platform': 'os' is not a string" },
	{ WITH("\"data\":\"e30=\""), EBADMSG,
	  "'data' is not of its digest and size" },
	{ "{\"mediaType\":\"t\",\"digest\":\"sha256:" EMPTY
	  "\",\"size\":3,\"data\":\"e30=\"}",
	  EBADMSG, "'data' is not of its digest and size" },
	{ WITH("\"data\":\"e3\""), EINVAL, "'data' is not base64" },
};

static void what_is_no_descriptor_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(descriptor) descriptor = { 0 };
		struct error err = { 0 };

		print_message("%s\n", bad[i].text);
		assert_int_equal(read_text(&descriptor, bad[i].text, &err), -1);
		assert_string_equal(err.msg, bad[i].msg);
		assert_int_equal(err.code, bad[i].code);
		assert_null(descriptor.media_type);
	}
}

static int rank(const char *os, const char *architecture, const char *variant)
{
	const struct platform platform = { (char *)os, (char *)architecture,
					   (char *)variant };

	return platform_rank(&platform);
}

static void the_oldest_variant_suits_best(void **state)
{
	const char *us = image_config_architecture();

	(void)state;
	assert_int_equal(rank("linux", us, ""), 0);
	assert_int_equal(rank("linux", us, "v1"), 0);
	assert_true(rank("linux", us, "v2") >= 0);
	assert_true(rank("linux", us, "v9") > rank("linux", us, ""));
	assert_true(rank("linux", us, "v10") > rank("linux", us, "v9"));
	assert_true(rank("linux", us, "odd") > rank("linux", us, "v10"));
	assert_true(rank("", "", "") > rank("linux", us, "odd"));
	assert_int_equal(rank("linux", "vax", ""), -1);
	assert_int_equal(rank("windows", us, ""), -1);
	assert_int_equal(rank("", us, ""), -1);
	assert_int_equal(rank("unknown", "unknown", ""), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_read),
		cmocka_unit_test(embedded_data_may_be_there),
		cmocka_unit_test(what_is_no_descriptor_is_refused),
		cmocka_unit_test(the_oldest_variant_suits_best),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
