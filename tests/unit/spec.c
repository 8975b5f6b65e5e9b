/* SPDX-License-Identifier: MIT */
/* spec.c - a request as JSON, and as options */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/cli/options.h"
#include "host/library/handle.h"
#include "host/plan/spec.h"

static char path[] = "/tmp/overlayvm-spec-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	return fd < 0;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_spec(const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static void every_key_has_its_field(void **state)
{
	AUTO(request) r = { 0 };
	struct error err = { 0 };

	(void)state;
	write_spec(
		"{\"name\":\"n\",\"fromImage\":\"i\",\"fromImageName\":\"in\","
		"\"fromImageTag\":\"it\",\"diskSize\":2048,"
		"\"buildVMMemorySize\":\"1G\",\"cpus\":2,"
		"\"preMount\":\"@a\",\"postMount\":\"b\\nc\","
		"\"postUmount\":\"\",\"env\":{\"A\":\"1\"},\"output\":\"o\","
		"\"run\":[\"a\",\"b "
		"c\"],\"layerPerRun\":true,\"keepFailed\":\"k\","
		"\"shellOnFailure\":true,\"verify\":"
		"true,"
		"\"outputImage\":\"oi\",\"config\":[\"user=a\"],"
		"\"report\":\"r\",\"layers\":\"unpack\",\"accel\":\"tcg\","
		"\"noTemplate\":true,\"timeout\":5,\"infraExit\":75,"
		"\"limit\":{\"log\":5,\"layer-size\":\"1G\"},"
		"\"progress\":\"none\"}");
	assert_int_equal(spec_load(&r, path, &err), 0);
	assert_string_equal(r.name, "n");
	assert_string_equal(r.from_image, "i");
	assert_string_equal(r.from_image_name, "in");
	assert_string_equal(r.from_image_tag, "it");
	assert_string_equal(r.disk_size, "2048");
	assert_string_equal(r.memory, "1G");
	assert_string_equal(r.cpus, "2");
	assert_string_equal(r.hooks[HOOK_PRE_MOUNT], "@a");
	assert_string_equal(r.hooks[HOOK_POST_MOUNT], "b\nc");
	assert_string_equal(r.hooks[HOOK_POST_UMOUNT], "");
	assert_string_equal(r.env.item[0], "A=1");
	assert_string_equal(r.output, "o");
	assert_string_equal(r.output_image, "oi");
	assert_string_equal(r.config.item[0], "user=a");
	assert_int_equal(r.run.count, 2);
	assert_string_equal(r.layer_per_run, "true");
	assert_string_equal(r.keep_failed, "k");
	assert_string_equal(r.shell_on_failure, "true");
	assert_string_equal(r.verify, "true");
	assert_string_equal(r.run.item[1], "b c");
	assert_string_equal(r.report, "r");
	assert_string_equal(r.layers, "unpack");
	assert_string_equal(r.accel, "tcg");
	assert_string_equal(r.timeout, "5");
	assert_string_equal(r.limit.item[0], "log=5");
	assert_string_equal(r.limit.item[1], "layer-size=1G");
	assert_string_equal(r.infra_exit, "75");
	assert_string_equal(r.progress, "none");
	assert_string_equal(r.no_template, "true");
}

static void version_1_or_none_is_read(void **state)
{
	static const char *const texts[] = {
		"{\"version\":1,\"name\":\"n\"}",
		"{\"version\":null,\"name\":\"n\"}",
		"{\"name\":\"n\"}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		AUTO(request) r = { 0 };
		struct error err = { 0 };

		write_spec(texts[i]);
		assert_int_equal(spec_load(&r, path, &err), 0);
		assert_string_equal(r.name, "n");
	}
}

static void null_is_not_given(void **state)
{
	AUTO(request) r = { 0 };
	struct error err = { 0 };

	(void)state;
	write_spec("{\"fromImage\":null,\"diskSize\":null}\n");
	assert_int_equal(spec_load(&r, path, &err), 0);
	assert_null(r.from_image);
	assert_null(r.disk_size);
}

static void config_is_said_as_json_has_it(void **state)
{
	static const char *const want[] = {
		"env=A=1",	  "env=B=",    "cmd=[ \"a\", \"b\" ]",
		"entrypoint=x y", "label=k=v", "expose=80",
		"expose=53/udp",  "user=",
	};
	AUTO(request) r = { 0 };
	struct error err = { 0 };

	(void)state;
	write_spec("{\"config\":{\"env\":{\"A\":\"1\",\"B\":\"\"},\"cmd\":["
		   "\"a\",\"b\"],\"entrypoint\":\"x y\",\"workdir\":null,"
		   "\"label\":{\"k\":\"v\"},\"expose\":[\"80\",\"53/udp\"],"
		   "\"user\":\"\"}}");
	assert_int_equal(spec_load(&r, path, &err), 0);
	assert_int_equal(r.config.count, 8);
	for (size_t i = 0; i < r.config.count; i++)
		assert_string_equal(r.config.item[i], want[i]);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{ "", "not valid JSON: it ends too early" },
		{ "[]", "not a JSON object" },
		{ "{\"disk\":1}", "unknown key 'disk'" },
		{ "{\"diskSise\":1}",
		  "unknown key 'diskSise' (did you mean 'diskSize'?)" },
		{ "{\"vesrion\":1}",
		  "unknown key 'vesrion' (did you mean 'version'?)" },
		{ "{\"disk\":1,\"version\":2}",
		  "version 2, and this program reads version 1" },
		{ "{\"version\":\"1\"}", "'version' is not a number" },
		{ "{\"diskSize\":true}", "'diskSize' is not a number or "
					 "string" },
		{ "{\"name\":1}", "'name' is not a string" },
		{ "{\"noTemplate\":1}", "'noTemplate' is not true or false" },
		{ "{\"env\":1}", "'env' is neither an object nor an array" },
		{ "{\"run\":{\"a\":\"b\"}}", "'run' is not an array" },
		{ "{\"run\":\"a\"}", "'run' is not an array" },
		{ "{\"env\":[1]}", "'env' has an element that is not a "
				   "string" },
		{ "{\"env\":{\"A\":1}}", "'env.A' is not a string" },
		{ "{\"config\":1}",
		  "'config' is neither an object nor an array" },
		{ "{\"config\":{\"user\":1}}", "'config.user' is not a "
					       "string" },
		{ "{\"config\":{\"env\":{\"A\":[]}}}", "'config.env.A' is not "
						       "a string" },
		{ "{\"preMount\":\"a\\u0000b\"}", "'preMount' holds a NUL "
						  "byte" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(request) r = { 0 };
		struct error err = { 0 };
		char want[256];

		write_spec(cases[i].text);
		assert_int_equal(spec_load(&r, path, &err), -1);
		(void)snprintf(want, sizeof(want), "spec '%s': %s", path,
			       cases[i].message);
		assert_string_equal(err.msg, want);
	}
}

static void options_win_over_the_spec_wherever_it_stands(void **state)
{
	char *argv[] = { (char *)"run",
			 (char *)"--disk-size=7",
			 (char *)"--no-template",
			 (char *)"--spec",
			 path,
			 (char *)"--env=B=2",
			 (char *)"--dry-run",
			 NULL };
	AUTO(options) options = { 0 };
	struct error err = { 0 };

	(void)state;
	write_spec("{\"diskSize\":1,\"cpus\":3,\"env\":[\"A=1\"]}");
	assert_int_equal(options_parse(&options, options_of_run(), 7, argv,
				       &err),
			 0);
	assert_string_equal(options.request->request.disk_size, "7");
	assert_string_equal(options.request->request.cpus, "3");
	assert_string_equal(options.request->request.env.item[0], "A=1");
	assert_string_equal(options.request->request.env.item[1], "B=2");
	assert_true(options.dry_run);
	assert_string_equal(options.request->request.no_template, "true");
}

static void wrong_options_are_one_line(void **state)
{
	static const struct {
		const char *words[3];
		const char *message;
	} cases[] = {
		{ { "--no-such" },
		  "unknown option '--no-such' (try 'overlayvm run --help')" },
		{ { "--outptu=a" },
		  "unknown option '--outptu=a' (did you mean '--output'? try "
		  "'overlayvm run --help')" },
		{ { "--output" },
		  "option '--output' needs a value (try 'overlayvm run "
		  "--help')" },
		{ { "image.tar" },
		  "'image.tar' is no option (try 'overlayvm run --help')" },
		{ { "--dry-run=1" },
		  "unknown option '--dry-run=1' (try 'overlayvm run "
		  "--help')" },
		{ { "--pre-mount", "@/no/such" },
		  "--pre-mount: open '/no/such': No such file or directory" },
		{ { "--spec", "/no/such" },
		  "spec '/no/such': open: No such file or directory" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *argv[] = { (char *)"run", (char *)cases[i].words[0],
				 (char *)cases[i].words[1], NULL };
		AUTO(options) options = { 0 };
		struct error err = { 0 };

		assert_int_equal(options_parse(&options, options_of_run(),
					       argv[2] ? 3 : 2, argv, &err),
				 -1);
		assert_string_equal(err.msg, cases[i].message);
	}
}

static void a_hook_option_reads_a_file(void **state)
{
	char word[64];
	char *argv[] = { (char *)"run", (char *)"--post-mount", word, NULL };
	AUTO(options) options = { 0 };
	struct error err = { 0 };

	(void)state;
	write_spec("echo hello\n");
	(void)snprintf(word, sizeof(word), "@%s", path);
	assert_int_equal(options_parse(&options, options_of_run(), 3, argv,
				       &err),
			 0);
	assert_string_equal(options.request->request.hooks[HOOK_POST_MOUNT],
			    "echo hello\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_has_its_field),
		cmocka_unit_test(version_1_or_none_is_read),
		cmocka_unit_test(null_is_not_given),
		cmocka_unit_test(config_is_said_as_json_has_it),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(options_win_over_the_spec_wherever_it_stands),
		cmocka_unit_test(wrong_options_are_one_line),
		cmocka_unit_test(a_hook_option_reads_a_file),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
