/* SPDX-License-Identifier: MIT */
/* docker_archive.c - docker archives: the choice in them, and bad ones */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/image/docker_archive.h"
#include "tests/unit/image_fixture.h"

/* Any bytes will do: what a layer holds is looked at by who unpacks it. */
#define ONE "one: the bytes of the lowest layer"
#define TWO "two: more bytes, in the middle"

static int open_image(struct image *image, const struct fixture *fixture,
		      const char *text, struct error *err)
{
	AUTO(reference) reference = { 0 };

	assert_int_equal(reference_parse(&reference, text, err), 0);
	return image_open(image, &reference, &fixture->work, err);
}

static void must_open(struct image *image, const struct fixture *fixture,
		      const char *text)
{
	struct error err = { 0 };

	if (open_image(image, fixture, text, &err) < 0)
		fail_msg("%s", err.msg);
}

static void must_not_open(const struct fixture *fixture, const char *text,
			  int code, const char *msg)
{
	AUTO(image) image = { 0 };
	struct error err = { 0 };

	assert_int_equal(open_image(&image, fixture, text, &err), -1);
	assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, code);
	assert_null(image.path);
	assert_null(image.layers);
}

static void pack_two_images(void)
{
	static const char *const first[] = { ONE, NULL };
	static const char *const second[] = { ONE, TWO, NULL };
	struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
	char config[2][100];

	strcpy(config[0], pack_config(&pack, "", ".json", first));
	strcpy(config[1], pack_config(&pack, "", ".json", second));
	pack_text(&pack, "1", ONE);
	pack_text(&pack, "2", TWO);
	pack_manifest(&pack,
		      "[{\"Config\":\"%s\",\"RepoTags\":[\"foo:1.10\"],"
		      "\"Layers\":[\"1\"]},{\"Config\":\"%s\",\"RepoTags\":"
		      "[\"bar:1\",\"docker.io/library/foo:1.1\"],"
		      "\"Layers\":[\"1\",\"2\"]}]",
		      config[0], config[1]);
	pack_end(&pack);
}

static void the_first_of_several_is_taken_with_a_warning(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };

	pack_two_images();
	must_open(&image, fixture, "x.tar");
	assert_int_equal(image.layer_count, 1);
	assert_string_equal(fixture->warning,
			    "image 'x.tar' holds 2 images and none was named: "
			    "taking the first, 'foo:1.10'");
}

static void the_named_one_of_several_is_taken(void **state)
{
	const struct fixture *fixture = *state;
	AUTO(image) image = { 0 };

	pack_two_images();
	must_open(&image, fixture, "docker-archive:x.tar:foo:1.1");
	assert_int_equal(image.layer_count, 2);
	assert_string_equal(image.name, "docker.io/library/foo:1.1");
	assert_string_equal(fixture->warning, "");
	must_not_open(fixture, "docker-archive:x.tar:foo:1", ENOENT,
		      "image 'x.tar': holds no image 'foo:1'; there is "
		      "foo:1.10, bar:1, docker.io/library/foo:1.1");
}

/* Each builds "x.tar"; the message follows "image 'x.tar': ". */
static void no_manifest(struct pack *pack)
{
	pack_text(pack, "a", "b");
}

static void only_repositories(struct pack *pack)
{
	pack_text(pack, "repositories", "{}");
}

static void null_manifest(struct pack *pack)
{
	pack_manifest(pack, "null");
}

static void large_manifest(struct pack *pack)
{
	autofree char *spaces = malloc(DOCKER_MANIFEST_MAX + 1);

	memset(spaces, ' ', DOCKER_MANIFEST_MAX + 1);
	pack_file(pack, "manifest.json", spaces, DOCKER_MANIFEST_MAX + 1);
}

static void large_config(struct pack *pack)
{
	autofree char *spaces = malloc(IMAGE_CONFIG_MAX + 1);

	memset(spaces, ' ', IMAGE_CONFIG_MAX + 1);
	pack_file(pack, "c", spaces, IMAGE_CONFIG_MAX + 1);
	pack_manifest(pack, "[{\"Config\":\"c\"}]");
}

static void missing_config(struct pack *pack)
{
	pack_manifest(pack, "[{\"Config\":\"c.json\"}]");
}

static void config_outside(struct pack *pack)
{
	pack_manifest(pack, "[{\"Config\":\"../../etc/passwd\"}]");
}

static void config_that_is_none(struct pack *pack)
{
	pack_text(pack, "c.json", "[]");
	pack_manifest(pack, "[{\"Config\":\"c.json\"}]");
}

static void config_of_another_digest(struct pack *pack)
{
	pack_text(pack,
		  "00000000000000000000000000000000"
		  "00000000000000000000000000000000.json",
		  "{}");
	pack_manifest(pack, "[{\"Config\":\"00000000000000000000000000000000"
			    "00000000000000000000000000000000.json\"}]");
}

static void other_machine(struct pack *pack)
{
	pack_text(pack, "c.json", "{\"os\":\"plan9\"}");
	pack_manifest(pack, "[{\"Config\":\"c.json\"}]");
}

static void pack_with_layers(struct pack *pack, const char *layers)
{
	static const char *const two[] = { ONE, TWO, NULL };

	pack_text(pack, "1", ONE);
	pack_directory(pack, "2");
	pack_link(pack, "loop", "loop", false);
	pack_link(pack, "passwd", "/etc/passwd", false);
	pack_manifest(pack, "[{\"Config\":\"%s\",\"Layers\":[%s]}]",
		      pack_config(pack, "", ".json", two), layers);
}

static void three_layers_two_ids(struct pack *pack)
{
	pack_with_layers(pack, "\"1\",\"1\",\"1\"");
}

static void missing_layer(struct pack *pack)
{
	pack_with_layers(pack, "\"1\",\"none/layer.tar\"");
}

static void directory_layer(struct pack *pack)
{
	pack_with_layers(pack, "\"1\",\"2\"");
}

static void looping_layer(struct pack *pack)
{
	pack_with_layers(pack, "\"1\",\"loop\"");
}

static void absolute_layer(struct pack *pack)
{
	pack_with_layers(pack, "\"1\",\"/etc/passwd\"");
}

static void escaping_layer(struct pack *pack)
{
	pack_with_layers(pack, "\"1\",\"passwd\"");
}

static const struct {
	void (*build)(struct pack *pack);
	int code;
	const char *msg;
} bad[] = {
	{ no_manifest, EINVAL, "contains no manifest.json" },
	{ only_repositories, EINVAL,
	  "contains no manifest.json (archives of Docker before 1.10 are not "
	  "read; load and save it with a newer one)" },
	{ null_manifest, EINVAL, "manifest.json: is not an array" },
	{ large_manifest, EFBIG,
	  "'manifest.json' has 1048577 bytes, more than 1048576" },
	{ large_config, EFBIG,
	  "config: 'c' has 4194305 bytes, more than 4194304" },
	{ missing_config, ENOENT, "config: 'c.json' is not in the archive" },
	{ config_outside, EINVAL,
	  "config: '../../etc/passwd' is not a name within the archive" },
	{ config_that_is_none, EINVAL,
	  "config 'c.json': is not a JSON object" },
	{ config_of_another_digest, EBADMSG,
	  "config '0000000000000000000000000000000000000000000000000000000000"
	  "000000.json': content is sha256:44136fa355b3678a1146ad16f7e8649e94"
	  "fb4fc21fe77e8310c060f61caaff8a" },
	{ other_machine, ENOTSUP,
	  "config 'c.json': is for 'plan9', only linux images are read" },
	{ three_layers_two_ids, EINVAL,
	  "has 3 layers but its config has 2 diff_ids" },
	{ missing_layer, ENOENT,
	  "layer 2: 'none/layer.tar' is not in the archive" },
	{ directory_layer, EINVAL, "layer 2: '2' is not a regular file" },
	{ looping_layer, ELOOP, "layer 2: 'loop' is a link to another link" },
	{ absolute_layer, EINVAL,
	  "layer 2: '/etc/passwd' is not a name within the archive" },
	{ escaping_layer, EINVAL,
	  "layer 2: 'passwd' is a link out of the archive ('/etc/passwd')" },
};

static void bad_archives_are_refused(void **state)
{
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct pack pack = fixture_pack("x.tar", COMPRESSION_NONE);
		char want[400];

		bad[i].build(&pack);
		pack_end(&pack);
		snprintf(want, sizeof(want), "image 'x.tar': %s", bad[i].msg);
		must_not_open(*state, "x.tar", bad[i].code, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(the_first_of_several_is_taken_with_a_warning),
		WITH_FIXTURE(the_named_one_of_several_is_taken),
		WITH_FIXTURE(bad_archives_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
