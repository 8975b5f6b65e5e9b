/* SPDX-License-Identifier: MIT */
/* message.c - messages, to the byte and as hostile peers send them */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/message.h"

/* Both ends of a pipe with one frame in it, taken out again. */
struct exchange {
	int ends[2];
	struct frame_buffer buffer;
	struct frame frame;
};

static int open_exchange(void **state)
{
	struct exchange *x = calloc(1, sizeof(*x));

	*state = x;
	return x ? pipe2(x->ends, O_CLOEXEC) : -1;
}

static int close_exchange(void **state)
{
	struct exchange *x = *state;

	close(x->ends[0]);
	close(x->ends[1]);
	frame_buffer_release(&x->buffer);
	free(x);
	return 0;
}

static void take(struct exchange *x)
{
	struct error err = { 0 };

	assert_true(frame_buffer_fill(&x->buffer, x->ends[0]) > 0);
	assert_int_equal(frame_buffer_next(&x->buffer, &x->frame, &err), 1);
}

static void assert_payload(const struct exchange *x, const char *want)
{
	assert_int_equal(x->frame.length, strlen(want));
	assert_memory_equal(x->frame.payload, want, strlen(want));
}

static struct frame frame_of(enum frame_type type, const char *json)
{
	return (struct frame){ type, (uint32_t)strlen(json),
			       (const uint8_t *)json };
}

static void hello_is_golden(void **state)
{
	struct exchange *x = *state;
	struct message_hello in = { 1, "6.1.0-56-cloud-amd64" };
	struct message_hello out = { 0 };
	struct error err = { 0 };

	assert_int_equal(message_send_hello(x->ends[1], &in, &err), 0);
	take(x);
	assert_int_equal(x->frame.type, FRAME_HELLO);
	assert_payload(x, "{\"version\":1,"
			  "\"kernel\":\"6.1.0-56-cloud-amd64\"}");
	assert_int_equal(message_read_hello(&out, &x->frame, &err), 0);
	assert_int_equal(out.version, 1);
	assert_string_equal(out.kernel, in.kernel);
}

static void seed_is_golden(void **state)
{
	struct exchange *x = *state;
	struct message_seed in = { { 0xde, 0xad, [31] = 0x01 },
				   INT64_C(1700000000123456789) };
	struct message_seed out = { 0 };
	struct error err = { 0 };

	assert_int_equal(message_send_seed(x->ends[1], &in, &err), 0);
	take(x);
	assert_payload(x, "{\"entropy\":\"dead000000000000000000000000"
			  "000000000000000000000000000000000001\","
			  "\"timeNs\":1700000000123456789}");
	assert_int_equal(message_read_seed(&out, &x->frame, &err), 0);
	assert_memory_equal(out.entropy, in.entropy, MESSAGE_ENTROPY);
	assert_true(out.time_ns == in.time_ns);
}

static void prepare_is_golden(void **state)
{
	struct exchange *x = *state;
	struct message_prepare in = { SCRATCH_FORMATTED, 1048576 };
	struct message_prepare out = { 0 };
	struct error err = { 0 };

	assert_int_equal(message_send_prepare(x->ends[1], &in, &err), 0);
	take(x);
	assert_payload(x, "{\"scratch\":2,\"size\":1048576}");
	assert_int_equal(message_read_prepare(&out, &x->frame, &err), 0);
	assert_int_equal(out.scratch, SCRATCH_FORMATTED);
	assert_int_equal(out.size, 1048576);
}

static char *env_values[] = { (char *)"A=1", (char *)"B=\xff \n", NULL };

static struct message_layer layer_values[] = {
	{ KIND_TAR, (char *)"a b/layer.tar", (char *)"sha256:aa", 512, 10240 },
	{ KIND_SQUASHFS, (char *)"c", (char *)"sha256:bb", 0, 0, 2, 3, true,
	  false, true },
};

static void plan_is_golden_and_its_strings_are_bytes(void **state)
{
	struct exchange *x = *state;
	struct message_plan in = {
		.layers = layer_values,
		.layer_count = 2,
		.hooks[HOOK_POST_MOUNT] = { (char *)"rm 'a/b'\n", 9 },
		.env = env_values,
		.env_count = 2,
		.has_clamp = true,
		.clamp = 1,
	};
	AUTO(message_plan) out = { 0 };
	struct error err = { 0 };

	assert_int_equal(message_send_plan(x->ends[1], &in, &err), 0);
	take(x);
	assert_payload(x, "{\"layers\":[{\"name\":\"a b/layer.tar\","
			  "\"diffId\":\"sha256:aa\",\"kind\":\"tar\","
			  "\"offset\":512,\"size\":10240},"
			  "{\"name\":\"c\",\"diffId\":\"sha256:bb\","
			  "\"kind\":\"squashfs\",\"partition\":2,\"place\":3,"
			  "\"rootImplied\":true,\"opaqueRoot\":false,"
			  "\"whiteouts\":true}],"
			  "\"hooks\":{\"postMount\":\"rm 'a/b'\\n\"},"
			  "\"env\":[\"A=1\",\"B=\xff \\n\"],"
			  "\"clampMtime\":1}");
	assert_int_equal(message_read_plan(&out, &x->frame, &err), 0);
	assert_int_equal(out.layer_count, 2);
	assert_string_equal(out.layers[0].name, "a b/layer.tar");
	assert_int_equal(out.layers[0].offset, 512);
	assert_int_equal(out.layers[1].kind, KIND_SQUASHFS);
	assert_int_equal(out.layers[1].partition, 2);
	assert_int_equal(out.layers[1].place, 3);
	assert_true(out.layers[1].root_implied);
	assert_false(out.layers[1].opaque_root);
	assert_true(out.layers[1].whiteouts);
	assert_null(out.hooks[HOOK_PRE_MOUNT].text);
	assert_string_equal(out.hooks[HOOK_POST_MOUNT].text, "rm 'a/b'\n");
	assert_int_equal(out.hooks[HOOK_POST_MOUNT].length, 9);
	assert_string_equal(out.env[1], "B=\xff \n");
	assert_null(out.env[2]);
	assert_true(out.has_clamp);
	assert_int_equal(out.clamp, 1);
}

static void commands_come_with_a_plan_that_has_some(void **state)
{
	static char *lines[] = { (char *)"echo 'a b'", (char *)"\xff", NULL };
	static char *shell[] = { (char *)"/bin/sh", (char *)"-c", NULL };
	struct exchange *x = *state;
	struct message_plan in = {
		.commands = {
			.lines = { lines, 2 },
			.shell = { shell, 2 },
			.user = (char *)"app",
			.directory = (char *)"/srv",
			.layer_each = true,
		},
	};
	AUTO(message_plan) out = { 0 };
	struct error err = { 0 };

	assert_int_equal(message_send_plan(x->ends[1], &in, &err), 0);
	take(x);
	assert_payload(
		x,
		"{\"commands\":{\"lines\":[\"echo 'a b'\",\"\xff\"],"
		"\"shell\":[\"/bin/sh\",\"-c\"],\"env\":[],"
		"\"user\":\"app\",\"directory\":\"/srv\",\"layerEach\":true},"
		"\"layers\":[],\"hooks\":{},\"env\":[]}");
	assert_int_equal(message_read_plan(&out, &x->frame, &err), 0);
	assert_int_equal(out.commands.lines.count, 2);
	assert_string_equal(out.commands.lines.item[1], "\xff");
	assert_string_equal(out.commands.shell.item[0], "/bin/sh");
	assert_int_equal(out.commands.env.count, 0);
	assert_string_equal(out.commands.user, "app");
	assert_string_equal(out.commands.directory, "/srv");
	assert_true(out.commands.layer_each);
}

static void an_empty_plan_has_no_clamp(void **state)
{
	struct exchange *x = *state;
	struct message_plan in = { 0 };
	AUTO(message_plan) out = { 0 };
	struct error err = { 0 };

	assert_int_equal(message_send_plan(x->ends[1], &in, &err), 0);
	take(x);
	assert_payload(x, "{\"layers\":[],\"hooks\":{},\"env\":[]}");
	assert_int_equal(message_read_plan(&out, &x->frame, &err), 0);
	assert_int_equal(out.layer_count, 0);
	assert_false(out.has_clamp);
}

static void hook_end_and_fail_survive_the_way(void **state)
{
	struct exchange *x = *state;
	struct message_hook_result hook = { HOOK_POST_UMOUNT, 0, 137, 9, true,
					    LACK_TMP };
	struct message_end end = { 1024, 3, UINT64_C(0xabc) };
	struct message_fail fail = { "unpack the layers", ENOSPC, "layer 1",
				     LACK_INODES };
	struct error err = { 0 };

	assert_int_equal(message_send_hook(x->ends[1], &hook, &err), 0);
	take(x);
	assert_payload(x, "{\"hook\":\"postUmount\",\"status\":137,"
			  "\"signal\":9,\"oomKilled\":true,"
			  "\"lack\":\"tmp\"}");
	hook = (struct message_hook_result){ 0 };
	assert_int_equal(message_read_hook(&hook, &x->frame, &err), 0);
	assert_int_equal(hook.hook, HOOK_POST_UMOUNT);
	assert_int_equal(hook.status, 137);
	assert_true(hook.oom_killed);
	assert_int_equal(hook.lack, LACK_TMP);

	assert_int_equal(message_send_end(x->ends[1], &end, &err), 0);
	take(x);
	assert_payload(x, "{\"size\":1024,\"entries\":3,"
			  "\"xxh64\":\"0000000000000abc\"}");
	assert_int_equal(message_read_end(&end, &x->frame, &err), 0);
	assert_int_equal(end.entries, 3);
	assert_true(end.xxh64 == 0xabc);

	assert_int_equal(message_send_fail(x->ends[1], &fail, &err), 0);
	take(x);
	assert_payload(x, "{\"step\":\"unpack the layers\","
			  "\"errno\":\"ENOSPC\",\"message\":\"layer "
			  "1\",\"lack\":\"inodes\"}");
	fail = (struct message_fail){ 0 };
	assert_int_equal(message_read_fail(&fail, &x->frame, &err), 0);
	assert_int_equal(fail.code, ENOSPC);
	assert_string_equal(fail.step, "unpack the layers");
}

static void a_terminal_survives_the_way(void **state)
{
	const struct message_terminal sent = { "screen", 24, 80 };
	struct message_terminal read = { 0 };
	struct exchange *x = *state;
	struct error err = { 0 };

	assert_int_equal(message_send_terminal(x->ends[1], &sent, &err), 0);
	take(x);
	assert_payload(x, "{\"type\":\"screen\",\"rows\":24,\"columns\":80}");
	assert_int_equal(message_read_terminal(&read, &x->frame, &err), 0);
	assert_string_equal(read.type, "screen");
	assert_int_equal(read.rows, 24);
	assert_int_equal(read.columns, 80);
}

static void long_texts_are_cut_to_the_box(void **state)
{
	struct exchange *x = *state;
	char text[300];
	char out[16];
	struct error err = { 0 };

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(message_send_step(x->ends[1], text, &err), 0);
	take(x);
	assert_int_equal(message_read_step(out, sizeof(out), &x->frame, &err),
			 0);
	assert_string_equal(out, "xxxxxxxxxxxxxxx");
}

/* What END may not look like; the other readers share its parts. */
static void broken_messages_are_refused(void **state)
{
	static const struct {
		const char *json;
		const char *message;
	} cases[] = {
		{ "", "not valid JSON: it ends too early" },
		{ "{", "not valid JSON: it ends too early" },
		{ "{}x", "not valid JSON: something follows it" },
		{ "null\n", "not valid JSON: null" },
		{ "[]", "not a JSON object" },
		{ "{\"size\":1,}", "not valid JSON: unexpected character" },
		{ "{}", "field 'size' is missing" },
		{ "{\"size\":null}", "field 'size' is missing" },
		{ "{\"size\":\"1\"}", "field 'size' is not of type int" },
		{ "{\"size\":1.5}", "field 'size' is not of type int" },
		{ "{\"size\":-1}",
		  "field 'size' is -1, not in 0 to 9223372036854775807" },
		{ "{\"size\":18446744073709551615}",
		  "field 'size' is 18446744073709551615, not in 0 to "
		  "9223372036854775807" },
		{ "{\"size\":1,\"entries\":2}", "field 'xxh64' is missing" },
		{ "{\"size\":1,\"entries\":2,\"xxh64\":\"a\\u0000b\"}",
		  "field 'xxh64' holds a NUL byte" },
		{ "{\"a\":[[[[[[[[1]]]]]]]]}",
		  "not valid JSON: nesting too deep" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct frame frame = frame_of(FRAME_END, cases[i].json);
		struct message_end end = { 0 };
		struct error err = { 0 };
		char want[256];

		(void)snprintf(want, sizeof(want), "END message: %s",
			       cases[i].message);
		assert_int_equal(message_read_end(&end, &frame, &err), -1);
		assert_string_equal(err.msg, want);
		assert_int_equal(err.code, EPROTO);
	}
}

static void each_reader_names_what_is_wrong(void **state)
{
	static const struct {
		enum frame_type type;
		const char *json;
		const char *message;
	} cases[] = {
		{ FRAME_HELLO, "{\"version\":70000,\"kernel\":\"\"}",
		  "HELLO message: field 'version' is 70000, not in 0 to "
		  "65535" },
		{ FRAME_SEED, "{\"entropy\":\"zz\",\"timeNs\":1}",
		  "SEED message: field 'entropy' is not 64 hex digits" },
		{ FRAME_PLAN,
		  "{\"layers\":[],\"hooks\":[],"
		  "\"env\":[]}",
		  "PLAN message: field 'hooks' is missing or no object" },
		{ FRAME_PLAN,
		  "{\"layers\":[{\"name\":\"\","
		  "\"diffId\":\"\",\"kind\":\"tar\",\"offset\":-1}],"
		  "\"hooks\":{},\"env\":[]}",
		  "PLAN message: layer 1: field 'offset' is -1, not in 0 to "
		  "9223372036854775807" },
		{ FRAME_PLAN,
		  "{\"layers\":[{\"name\":\"\","
		  "\"diffId\":\"\",\"kind\":\"ext4\"}],"
		  "\"hooks\":{},\"env\":[]}",
		  "PLAN message: layer 1: field 'kind' is 'ext4', no kind" },
		{ FRAME_PLAN,
		  "{\"layers\":[{\"name\":\"\","
		  "\"diffId\":\"\",\"kind\":\"squashfs\","
		  "\"partition\":17}],\"hooks\":{},\"env\":[]}",
		  "PLAN message: layer 1: field 'partition' is 17, not in 0 "
		  "to 16" },
		{ FRAME_PLAN,
		  "{\"layers\":[{\"name\":\"\","
		  "\"diffId\":\"\",\"kind\":\"squashfs\","
		  "\"partition\":1,\"place\":0}],\"hooks\":{},"
		  "\"env\":[]}",
		  "PLAN message: layer 1: field 'place' is 0" },
		{ FRAME_PLAN,
		  "{\"layers\":[],\"hooks\":{},"
		  "\"env\":[1]}",
		  "PLAN message: field 'env' has an element that is no "
		  "string" },
		{ FRAME_HOOK, "{\"hook\":\"x\"}",
		  "HOOK message: field 'hook' is 'x', no hook" },
		{ FRAME_HOOK, "{\"hook\":\"preMount\",\"status\":256}",
		  "HOOK message: field 'status' is 256, not in 0 to 255" },
		{ FRAME_FAIL, "{\"step\":\"s\",\"errno\":1}",
		  "FAIL message: field 'errno' is not of type string" },
		{ FRAME_FAIL,
		  "{\"step\":\"s\",\"errno\":\"EIO\",\"lack\":\"x\"}",
		  "FAIL message: field 'lack' is 'x', which is none" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct frame frame = frame_of(cases[i].type, cases[i].json);
		struct error err = { 0 };
		struct message_hello hello;
		struct message_seed seed;
		struct message_plan plan;
		struct message_hook_result hook;
		struct message_fail fail;
		int status = 0;

		switch (cases[i].type) {
		case FRAME_HELLO:
			status = message_read_hello(&hello, &frame, &err);
			break;
		case FRAME_SEED:
			status = message_read_seed(&seed, &frame, &err);
			break;
		case FRAME_PLAN:
			status = message_read_plan(&plan, &frame, &err);
			break;
		case FRAME_HOOK:
			status = message_read_hook(&hook, &frame, &err);
			break;
		default:
			status = message_read_fail(&fail, &frame, &err);
			break;
		}
		assert_int_equal(status, -1);
		assert_string_equal(err.msg, cases[i].message);
	}
}

int main(void)
{
#define WITH_PIPE(test)                                                        \
	cmocka_unit_test_setup_teardown(test, open_exchange, close_exchange)
	const struct CMUnitTest tests[] = {
		WITH_PIPE(hello_is_golden),
		WITH_PIPE(prepare_is_golden),
		WITH_PIPE(seed_is_golden),
		WITH_PIPE(plan_is_golden_and_its_strings_are_bytes),
		WITH_PIPE(commands_come_with_a_plan_that_has_some),
		WITH_PIPE(an_empty_plan_has_no_clamp),
		WITH_PIPE(hook_end_and_fail_survive_the_way),
		WITH_PIPE(a_terminal_survives_the_way),
		WITH_PIPE(long_texts_are_cut_to_the_box),
		cmocka_unit_test(broken_messages_are_refused),
		cmocka_unit_test(each_reader_names_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
