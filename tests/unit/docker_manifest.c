/* SPDX-License-Identifier: MIT */
/* docker_manifest.c - manifest.json, and the choice of an image in it */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "host/image/docker_manifest.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char several[] =
	"[{\"Config\":\"a.json\",\"RepoTags\":[\"foo:1.10\",\"foo:2\"],"
	"\"Layers\":[\"x/layer.tar\",\"y/layer.tar\"]},"
	"{\"Config\":\"" HEX ".json\",\"RepoTags\":null,\"Layers\":null},"
	"{\"Config\":\"c.json\",\"RepoTags\":[\"localhost/bar:latest\","
	"\"Odd Name\"],\"Layers\":[]},"
	"{\"Config\":\"d.json\",\"RepoTags\":[\"twice:1\"]},"
	"{\"Config\":\"e.json\",\"RepoTags\":[\"twice:1\"]}]\n";

static void parse(struct docker_manifest *manifest, const char *text)
{
	struct error err = { 0 };

	if (docker_manifest_parse(manifest, text, strlen(text), &err) < 0)
		fail_msg("%s", err.msg);
}

static void fields_are_read(void **state)
{
	AUTO(docker_manifest) manifest = { 0 };

	(void)state;
	parse(&manifest, several);
	assert_int_equal(manifest.count, 5);
	assert_string_equal(manifest.images[0].config, "a.json");
	assert_int_equal(manifest.images[0].layers.count, 2);
	assert_string_equal(manifest.images[0].layers.item[1], "y/layer.tar");
	assert_int_equal(manifest.images[1].tags.count, 0);
	assert_int_equal(manifest.images[1].layers.count, 0);
	assert_string_equal(manifest.images[2].tags.item[1], "Odd Name");
}

static int choose(const struct docker_manifest *manifest, const char *wanted,
		  const struct docker_image **image, struct error *err)
{
	struct choice choice;

	assert_int_equal(choice_make(&choice, wanted, err), 0);
	return docker_manifest_choose(manifest, &choice, image, err);
}

static const struct {
	const char *wanted;
	const char *config;
} choices[] = {
	{ NULL, "a.json" },
	{ "foo:1.10", "a.json" },
	{ "docker.io/library/foo:2", "a.json" },
	{ "localhost/bar", "c.json" },
	{ "Odd Name", "c.json" },
	{ HEX, HEX ".json" },
	{ "sha256:" HEX, HEX ".json" },
	{ "0123456789ab", HEX ".json" },
	{ "sha256:0123456789abc", HEX ".json" },
	{ "@0", "a.json" },
	{ "@4", "e.json" },
};

static void the_named_image_is_chosen(void **state)
{
	AUTO(docker_manifest) manifest = { 0 };

	(void)state;
	parse(&manifest, several);
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		const struct docker_image *image = NULL;
		struct error err = { 0 };

		assert_int_equal(choose(&manifest, choices[i].wanted, &image,
					&err),
				 0);
		assert_string_equal(image->config, choices[i].config);
	}
}

static void a_missing_name_lists_those_there_are(void **state)
{
	AUTO(docker_manifest) manifest = { 0 };
	const struct docker_image *image = NULL;
	struct error err = { 0 };

	(void)state;
	parse(&manifest, several);
	assert_int_equal(choose(&manifest, "foo:1.1", &image, &err), -1);
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.msg, "holds no image 'foo:1.1'; there is "
				     "foo:1.10, foo:2, localhost/bar:latest, "
				     "Odd Name, twice:1, twice:1");
	assert_int_equal(choose(&manifest, "foo", &image, &err), -1);
	assert_null(image);
}

static void a_long_list_is_cut(void **state)
{
	AUTO(docker_manifest) manifest = { 0 };
	const struct docker_image *image = NULL;
	struct error err = { 0 };

	(void)state;
	parse(&manifest,
	      "[{\"Config\":\"c\",\"RepoTags\":[\"1\",\"2\",\"3\",\"4\",\"5\","
	      "\"6\",\"7\",\"8\",\"9\"]}]");
	assert_int_equal(choose(&manifest, "x", &image, &err), -1);
	assert_string_equal(err.msg, "holds no image 'x'; there is 1, 2, 3, "
				     "4, 5, 6, 7, 8, ...");
}

static void nameless_images_are_said_to_be(void **state)
{
	AUTO(docker_manifest) manifest = { 0 };
	const struct docker_image *image = NULL;
	struct error err = { 0 };

	(void)state;
	parse(&manifest, "[{\"Config\":\"c\",\"RepoTags\":null}]");
	assert_int_equal(choose(&manifest, "x", &image, &err), -1);
	assert_string_equal(err.msg,
			    "holds no image 'x'; its images have no names");
}

static void an_ambiguous_name_is_refused(void **state)
{
	AUTO(docker_manifest) manifest = { 0 };
	const struct docker_image *image = NULL;
	struct error err = { 0 };

	(void)state;
	parse(&manifest, several);
	assert_int_equal(choose(&manifest, "twice:1", &image, &err), -1);
	assert_int_equal(err.code, EINVAL);
	assert_string_equal(err.msg, "holds two images 'twice:1'");
}

static void a_place_beyond_the_last_is_refused(void **state)
{
	AUTO(docker_manifest) manifest = { 0 };
	const struct docker_image *image = NULL;
	struct error err = { 0 };

	(void)state;
	parse(&manifest, several);
	assert_int_equal(choose(&manifest, "@5", &image, &err), -1);
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.msg,
			    "holds no image '@5'; it has 5, the first is '@0'");
}

static const struct {
	const char *text;
	const char *msg;
} bad[] = {
	{ "", "is not JSON: ends too early" },
	{ "null", "is not an array" },
	{ "{}", "is not an array" },
	{ "[]", "holds no image" },
	{ "[null]", "image 1: is not an object" },
	{ "[[]]", "image 1: is not an object" },
	{ "[{}]", "image 1: has no 'Config'" },
	{ "[{\"Config\":\"\"}]", "image 1: has no 'Config'" },
	{ "[{\"Config\":1}]", "image 1: 'Config' is not a string" },
	{ "[{\"Config\":\"a\"},{\"Config\":\"b\",\"RepoTags\":\"x\"}]",
	  "image 2: 'RepoTags' is not an array" },
	{ "[{\"Config\":\"a\",\"Layers\":{}}]",
	  "image 1: 'Layers' is not an array" },
	{ "[{\"Config\":\"a\",\"Layers\":[{}]}]",
	  "image 1: item 1 of 'Layers' is not a string" },
	{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	  "is nested more than 32 levels deep" },
};

static void what_is_no_manifest_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		AUTO(docker_manifest) manifest = { 0 };
		struct error err = { 0 };

		print_message("%s\n", bad[i].text);
		assert_int_equal(docker_manifest_parse(&manifest, bad[i].text,
						       strlen(bad[i].text),
						       &err),
				 -1);
		assert_int_equal(err.code, EINVAL);
		assert_string_equal(err.msg, bad[i].msg);
		assert_null(manifest.images);
	}
}

static const struct {
	const char *config;
	bool has_id;
} ids[] = {
	{ HEX ".json", true },
	{ "./" HEX ".json", true },
	{ "blobs/sha256/" HEX, true },
	{ "sha256:" HEX, true },
	{ HEX, false },
	{ "config.json", false },
	{ "x" HEX ".json", false },
	{ "../../../../../../../../../../../../../../../../../../../../etc/"
	  ".json",
	  false },
	{ HEX "0.json", false },
	{ "blobs/sha256/" HEX ".json", false },
	{ "blobs/sha512/" HEX, false },
};

static void names_of_configs_say_the_digest(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct docker_image image = { .config = (char *)ids[i].config };
		struct digest id = { 0 };

		print_message("%s\n", ids[i].config);
		assert_int_equal(docker_image_id(&image, &id), ids[i].has_id);
		assert_string_equal(id.hex, ids[i].has_id ? HEX : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_read),
		cmocka_unit_test(the_named_image_is_chosen),
		cmocka_unit_test(a_missing_name_lists_those_there_are),
		cmocka_unit_test(a_long_list_is_cut),
		cmocka_unit_test(nameless_images_are_said_to_be),
		cmocka_unit_test(an_ambiguous_name_is_refused),
		cmocka_unit_test(a_place_beyond_the_last_is_refused),
		cmocka_unit_test(what_is_no_manifest_is_refused),
		cmocka_unit_test(names_of_configs_say_the_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
