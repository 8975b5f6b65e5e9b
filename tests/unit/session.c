/* SPDX-License-Identifier: MIT */
/* session.c - the conversation, with agents that say what they should not */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <xxhash.h>

#include "host/run/session.h"

/* Two blocks of zeros: a tar without an entry, and its digest. */
#define EMPTY_TAR_SIZE 1024
static const char empty_tar[EMPTY_TAR_SIZE];
static const char empty_tar_sha256[] =
	"5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/* What an agent does at its end of the socket, in a process of its own. */
typedef void agent_fn(int fd);

struct stage {
	struct machine machine;
	struct interrupt interrupt;
	struct session session;
	struct collect collect;
	struct message_plan plan;
	struct limits limits;
	FILE *layer;
	char log[256];
	char steps[2048];
	char census[64];
	size_t layers; /* that have begun */
};

static void on_step(void *ctx, const char *name)
{
	struct stage *stage = ctx;

	strcat(strcat(stage->steps, name), ";");
}

static void on_log(void *ctx, const void *bytes, size_t size)
{
	struct stage *stage = ctx;

	strncat(stage->log, bytes, size);
}

static int on_census(void *ctx, const void *bytes, size_t size,
		     struct error *err)
{
	struct stage *stage = ctx;

	(void)err;
	strncat(stage->census, bytes, size);
	return 0;
}

static struct collect *on_layer(void *ctx, size_t index, struct error *err)
{
	struct stage *stage = ctx;

	(void)err;
	assert_true(index <= stage->layers);
	stage->layers = index + 1;
	if (index > 0) {
		collect_release(&stage->collect);
		assert_int_equal(ftruncate(fileno(stage->layer), 0), 0);
		assert_int_equal(lseek(fileno(stage->layer), 0, SEEK_SET), 0);
		assert_int_equal(collect_begin(&stage->collect,
					       fileno(stage->layer),
					       COMPRESSION_NONE, -1, err),
				 0);
	}
	return &stage->collect;
}

static void set_stage(struct stage *stage, agent_fn *agent)
{
	struct machine machine = MACHINE_NONE;
	struct error err = { 0 };
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				    ends),
			 0);
	machine.pid = fork();
	if (machine.pid == 0) {
		/* A test that fails does not get to strike_stage(). */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		agent(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	machine.control = ends[0];
	machine.pidfd = (int)syscall(SYS_pidfd_open, machine.pid, 0);
	stage->machine = machine;
	assert_int_equal(interrupt_open(&stage->interrupt, &err), 0);
	stage->layer = tmpfile();
	assert_int_equal(collect_begin(&stage->collect, fileno(stage->layer),
				       COMPRESSION_NONE, -1, &err),
			 0);
	stage->session = (struct session){
		.machine = &stage->machine,
		.interrupt = &stage->interrupt,
		.limits = stage->limits,
		.events = { on_step, NULL, on_log, NULL, NULL, on_census, NULL,
			    on_layer, stage },
	};
}

static void strike_stage(struct stage *stage)
{
	machine_release(&stage->machine);
	session_release(&stage->session);
	collect_release(&stage->collect);
	(void)fclose(stage->layer);
	close(stage->interrupt.fd);
}

static int play(struct stage *stage, agent_fn *agent, struct error *err)
{
	const struct message_prepare prepare = { SCRATCH_FORMAT, 4096 };

	set_stage(stage, agent);
	if (session_greet(&stage->session, deadline_in(60), err) < 0 ||
	    session_prepare(&stage->session, &prepare, deadline_in(60), err) <
		    0 ||
	    session_seed(&stage->session, deadline_in(60), err) < 0)
		return -1;
	return session_run(&stage->session, &stage->plan, err);
}

static void say(int fd, enum frame_type type, const char *json)
{
	struct error err;

	(void)frame_send(fd, type, json, strlen(json), &err);
}

static void hello(int fd)
{
	say(fd, FRAME_HELLO, "{\"version\":5,\"kernel\":\"6.1\"}");
	say(fd, FRAME_PREPARED, "{}");
	say(fd, FRAME_READY, "{}");
}

static void send_empty_layer(int fd)
{
	struct error err;
	struct message_end end = { EMPTY_TAR_SIZE, 0, 0 };

	end.xxh64 = XXH64(empty_tar, EMPTY_TAR_SIZE, 0);
	(void)frame_send(fd, FRAME_DATA, empty_tar, 1000, &err);
	(void)frame_send(fd, FRAME_DATA, empty_tar, 24, &err);
	(void)message_send_end(fd, &end, &err);
}

/* A whole, well-behaved conversation. */
static void good_agent(int fd)
{
	struct frame_buffer in = { 0 };
	struct message_plan plan;
	struct frame frame;
	struct error err;
	int frames = 0;

	hello(fd);
	while (frames < 3 && frame_buffer_fill(&in, fd) > 0)
		while (frame_buffer_next(&in, &frame, &err) == 1)
			frames++;
	if (frames != 3 || frame.type != FRAME_PLAN ||
	    message_read_plan(&plan, &frame, &err) < 0)
		return;
	say(fd, FRAME_STEP, "{\"name\":\"format\"}");
	say(fd, FRAME_STEP, "{\"name\":\"hook\"}");
	(void)frame_send(fd, FRAME_LOG, "hi\n", 3, &err);
	say(fd, FRAME_HOOK,
	    "{\"hook\":\"postMount\",\"status\":0,\"signal\":0,"
	    "\"oomKilled\":false,\"lack\":\"nothing\"}");
	send_empty_layer(fd);
	pause();
}

static void a_good_agent_gets_through(void **state)
{
	struct stage stage = { 0 };
	struct error err = { 0 };

	(void)state;
	stage.plan.hooks[HOOK_POST_MOUNT] =
		(struct message_text){ (char *)"x", 1 };
	assert_int_equal(play(&stage, good_agent, &err), 0);
	assert_int_equal(stage.session.end, SESSION_COMPLETE);
	assert_string_equal(stage.session.hello.kernel, "6.1");
	assert_string_equal(stage.steps, "format;hook;");
	assert_string_equal(stage.log, "hi\n");
	assert_string_equal(stage.collect.digest.hex, empty_tar_sha256);
	assert_int_equal(stage.collect.summary.entries, 0);
	strike_stage(&stage);
}

static void of_another_version(int fd)
{
	say(fd, FRAME_HELLO, "{\"version\":99,\"kernel\":\"6.1\"}");
}

static void impolite(int fd)
{
	say(fd, FRAME_END, "{}");
}

static void babbling(int fd)
{
	(void)!write(fd, "not a frame at all", 18);
}

static void gone_at_once(int fd)
{
	close(fd);
}

static void cut_short(int fd)
{
	(void)!write(fd, "OVMF\0\1\0\0\0\0\0\x20{\"ver", 17);
}

static void hookless_layer(int fd)
{
	hello(fd);
	send_empty_layer(fd);
}

static void unasked_hook(int fd)
{
	hello(fd);
	say(fd, FRAME_HOOK,
	    "{\"hook\":\"preMount\",\"status\":0,\"signal\":0,"
	    "\"oomKilled\":false,\"lack\":\"nothing\"}");
}

static void say_hook(int fd, const char *status)
{
	char json[192];

	(void)snprintf(json, sizeof(json),
		       "{\"hook\":\"postMount\",\"status\":%s,"
		       "\"oomKilled\":false,\"lack\":\"nothing\"}",
		       status);
	say(fd, FRAME_HOOK, json);
}

static void hook_twice(int fd)
{
	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	say_hook(fd, "0,\"signal\":0");
}

static void hook_exits(int fd)
{
	hello(fd);
	say_hook(fd, "3,\"signal\":0");
	send_empty_layer(fd);
}

static void hook_killed(int fd)
{
	hello(fd);
	say_hook(fd, "137,\"signal\":9");
}

static void agent_fails(int fd)
{
	hello(fd);
	say(fd, FRAME_FAIL,
	    "{\"step\":\"unpack the layers\",\"errno\":\"ENOSPC\","
	    "\"message\":\"layer 1: No space left on "
	    "device\",\"lack\":\"room\"}");
}

static void without_payload(int fd)
{
	say(fd, FRAME_HELLO, "");
}

static void too_deep(int fd)
{
	char text[256] = "{\"version\":5,\"kernel\":";

	memset(text + strlen(text), '[', 100);
	say(fd, FRAME_HELLO, text);
}

static void of_another_type(int fd)
{
	say(fd, FRAME_HELLO, "[4]");
}

static void beyond_its_length(int fd)
{
	say(fd, FRAME_HELLO, "{\"version\":5,\"kernel\":\"6.1\"}{}");
}

static void log_within_layer(int fd)
{
	struct error err;

	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	(void)frame_send(fd, FRAME_DATA, empty_tar, 512, &err);
	(void)frame_send(fd, FRAME_LOG, "x", 1, &err);
}

static void says_plan(int fd)
{
	hello(fd);
	say(fd, FRAME_PLAN, "{}");
}

static void wrong_size(int fd)
{
	struct error err;

	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	(void)frame_send(fd, FRAME_DATA, empty_tar, 512, &err);
	say(fd, FRAME_END, "{\"size\":1024,\"entries\":0,\"xxh64\":\"\"}");
}

static void wrong_digest(int fd)
{
	struct error err;

	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	(void)frame_send(fd, FRAME_DATA, empty_tar, EMPTY_TAR_SIZE, &err);
	say(fd, FRAME_END, "{\"size\":1024,\"entries\":0,\"xxh64\":\"ab\"}");
}

static void wrong_entries(int fd)
{
	struct error err;
	struct message_end end = { EMPTY_TAR_SIZE, 7, 0 };

	end.xxh64 = XXH64(empty_tar, EMPTY_TAR_SIZE, 0);
	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	(void)frame_send(fd, FRAME_DATA, empty_tar, EMPTY_TAR_SIZE, &err);
	(void)message_send_end(fd, &end, &err);
}

static void no_layer_but_junk(int fd)
{
	static const char junk[] = "this is no tar";
	struct error err;

	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	(void)frame_send(fd, FRAME_DATA, junk, sizeof(junk) - 1, &err);
	say(fd, FRAME_END, "{\"size\":14,\"entries\":0,\"xxh64\":\"7\"}");
}

static void layer_without_end(int fd)
{
	struct error err;

	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	(void)frame_send(fd, FRAME_DATA, empty_tar, EMPTY_TAR_SIZE, &err);
}

static void not_ready(int fd)
{
	say(fd, FRAME_HELLO, "{\"version\":5,\"kernel\":\"6.1\"}");
	say(fd, FRAME_PREPARED, "{}");
	say(fd, FRAME_STEP, "{\"name\":\"x\"}");
}

static void not_prepared(int fd)
{
	say(fd, FRAME_HELLO, "{\"version\":5,\"kernel\":\"6.1\"}");
	say(fd, FRAME_READY, "{}");
}

static void formatted_unasked(int fd)
{
	say(fd, FRAME_HELLO, "{\"version\":5,\"kernel\":\"6.1\"}");
	say(fd, FRAME_FORMATTED, "{}");
}

static void formatted_too_late(int fd)
{
	hello(fd);
	say(fd, FRAME_FORMATTED, "{}");
}

#define DIED                                                                   \
	"the virtual machine ended before the run was complete (powered off "  \
	"or rebooted from within)"

static void other_agents_are_seen_through(void **state)
{
	static const struct {
		agent_fn *agent;
		enum session_end end;
		const char *message;
	} cases[] = {
		{ of_another_version, SESSION_BROKEN,
		  "the guest image speaks version 99, this program version 5 "
		  "(build the guest image again: overlayvm guest build)" },
		{ without_payload, SESSION_BROKEN,
		  "HELLO message: not valid JSON: it ends too early" },
		{ too_deep, SESSION_BROKEN,
		  "HELLO message: not valid JSON: nesting too deep" },
		{ of_another_type, SESSION_BROKEN,
		  "HELLO message: not a JSON object" },
		{ beyond_its_length, SESSION_BROKEN,
		  "HELLO message: not valid JSON: something follows it" },
		{ impolite, SESSION_BROKEN, "the guest says END, not HELLO" },
		{ babbling, SESSION_BROKEN,
		  "frame starts with 0x6e6f7420, not with the magic" },
		{ gone_at_once, SESSION_DIED, DIED },
		{ cut_short, SESSION_DIED, DIED },
		{ hookless_layer, SESSION_BROKEN,
		  "the guest sends a layer before hook postMount has run" },
		{ unasked_hook, SESSION_BROKEN,
		  "the guest says that hook preMount ended, which is not "
		  "running" },
		{ hook_twice, SESSION_BROKEN,
		  "the guest says that hook postMount ended, which is not "
		  "running" },
		{ hook_exits, SESSION_HOOK_FAILED, "exited with status 3" },
		{ hook_killed, SESSION_HOOK_FAILED,
		  "ended by signal 9 (SIGKILL)" },
		{ agent_fails, SESSION_AGENT_FAILED,
		  "unpack the layers: layer 1: No space left on device" },
		{ log_within_layer, SESSION_BROKEN,
		  "the guest says LOG within the layer" },
		{ says_plan, SESSION_BROKEN,
		  "the guest says PLAN out of turn" },
		{ wrong_size, SESSION_REFUSED,
		  "512 bytes arrived, the guest sent 1024" },
		{ layer_without_end, SESSION_DIED, DIED },
		{ not_ready, SESSION_BROKEN, "the guest says STEP, not READY" },
		{ not_prepared, SESSION_BROKEN,
		  "the guest says READY, not PREPARED" },
		{ formatted_too_late, SESSION_BROKEN,
		  "the guest says FORMATTED out of turn" },
		{ formatted_unasked, SESSION_BROKEN,
		  "the guest says FORMATTED unasked" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage stage = { 0 };
		struct error err = { 0 };

		stage.plan.hooks[HOOK_POST_MOUNT] =
			(struct message_text){ (char *)"x", 1 };
		assert_int_equal(play(&stage, cases[i].agent, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(stage.session.end, cases[i].end);
		strike_stage(&stage);
	}
}

static void command_out_of_order(int fd)
{
	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	say(fd, FRAME_HOOK,
	    "{\"hook\":\"run\",\"command\":2,\"status\":0,\"signal\":0,"
	    "\"oomKilled\":false,\"lack\":\"nothing\"}");
}

static void command_without_number(int fd)
{
	hello(fd);
	say(fd, FRAME_HOOK,
	    "{\"hook\":\"run\",\"command\":0,\"status\":0,\"signal\":0,"
	    "\"oomKilled\":false,\"lack\":\"nothing\"}");
}

static void layer_before_the_commands(int fd)
{
	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	send_empty_layer(fd);
}

static void command_exits(int fd)
{
	hello(fd);
	say_hook(fd, "0,\"signal\":0");
	say(fd, FRAME_HOOK,
	    "{\"hook\":\"run\",\"command\":1,\"status\":4,\"signal\":0,"
	    "\"oomKilled\":false,\"lack\":\"nothing\"}");
}

static void commands_are_counted(void **state)
{
	static const struct {
		agent_fn *agent;
		enum session_end end;
		const char *message;
		size_t done;
	} cases[] = {
		{ command_out_of_order, SESSION_BROKEN,
		  "the guest says that command 2 ended, which is not running",
		  0 },
		{ command_without_number, SESSION_BROKEN,
		  "HOOK message: field 'command' is 0", 0 },
		{ layer_before_the_commands, SESSION_BROKEN,
		  "the guest sends a layer before command 1 has run", 0 },
		{ command_exits, SESSION_HOOK_FAILED, "exited with status 4",
		  1 },
	};
	static char *lines[] = { (char *)"true", (char *)"true", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage stage = { 0 };
		struct error err = { 0 };

		stage.plan.hooks[HOOK_POST_MOUNT] =
			(struct message_text){ (char *)"x", 1 };
		stage.plan.commands = (struct message_commands){
			.lines = { lines, 2 },
			.user = (char *)"",
			.directory = (char *)"/",
		};
		assert_int_equal(play(&stage, cases[i].agent, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(stage.session.end, cases[i].end);
		assert_int_equal(stage.session.commands_done, cases[i].done);
		strike_stage(&stage);
	}
}

static void prints_without_end(int fd)
{
	static const char text[64 * 1024];
	struct error err;

	hello(fd);
	while (frame_send(fd, FRAME_LOG, text, sizeof(text), &err) == 0)
		;
}

static void sends_without_end(int fd)
{
	static const char bytes[64 * 1024];
	struct error err;

	hello(fd);
	while (frame_send(fd, FRAME_DATA, bytes, sizeof(bytes), &err) == 0)
		;
}

static void has_eleven_entries(int fd)
{
	struct error err;
	struct message_end end = { EMPTY_TAR_SIZE, 11, 0 };

	hello(fd);
	(void)frame_send(fd, FRAME_DATA, empty_tar, EMPTY_TAR_SIZE, &err);
	(void)message_send_end(fd, &end, &err);
}

static void a_limit_that_is_hit_is_named(void **state)
{
	static const struct {
		agent_fn *agent;
		const char *message;
	} cases[] = {
		{ prints_without_end, "hooks have printed more than 1 MiB (use "
				      "a larger --limit log)" },
		{ sends_without_end, "the layer has more than 2 MiB (use a "
				     "larger --limit layer-size)" },
		{ has_eleven_entries, "the layer has more than 10 entries (use "
				      "a larger --limit layer-entries)" },
	};

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage stage = { .limits = { 1, 2, 10 } };
		struct error err = { 0 };

		assert_int_equal(play(&stage, cases[i].agent, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(stage.session.end, SESSION_LIMIT);
		assert_true(strlen(stage.log) < sizeof(stage.log));
		strike_stage(&stage);
	}
}

static void does_not_end(int fd)
{
	hello(fd);
	say(fd, FRAME_STEP, "{\"name\":\"run hook postMount\"}");
	for (struct error err = { 0 };
	     frame_send(fd, FRAME_LOG, "x", 1, &err) == 0;)
		(void)poll(NULL, 0, 10);
}

static void says_nothing(int fd)
{
	hello(fd);
	say(fd, FRAME_STEP, "{\"name\":\"run hook postMount\"}");
	for (struct error err = { 0 };
	     frame_send(fd, FRAME_BEAT, NULL, 0, &err) == 0;)
		(void)poll(NULL, 0, 10);
}

static void shows_no_life(int fd)
{
	hello(fd);
	say(fd, FRAME_STEP, "{\"name\":\"run hook postMount\"}");
	pause();
}

static void what_takes_too_long_is_ended(void **state)
{
	static const struct {
		agent_fn *agent;
		enum session_end end;
		const char *message;
		struct limits limits;
	} cases[] = {
		{ does_not_end,
		  SESSION_HOOK_TIMEOUT,
		  "has taken more than 1 s (use a larger --limit hook-time)",
		  { .hook_time = 1, .hook_silence = 60, .guest_silence = 60 } },
		{ says_nothing,
		  SESSION_HOOK_TIMEOUT,
		  "has printed nothing for 1 s (use a larger --limit "
		  "hook-silence)",
		  { .hook_silence = 1, .guest_silence = 60 } },
		{ shows_no_life,
		  SESSION_SILENT,
		  "has shown no sign of life for 1 s (use a larger --limit "
		  "guest-silence)",
		  { .hook_time = 60, .hook_silence = 60, .guest_silence = 1 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage stage = { .limits = cases[i].limits };
		struct error err = { 0 };

		assert_int_equal(play(&stage, cases[i].agent, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(stage.session.end, cases[i].end);
		assert_int_equal(stage.session.hook.hook, HOOK_POST_MOUNT);
		strike_stage(&stage);
	}
}

/* In the middle of a layer, too. */
static void beats(int fd)
{
	struct error err;
	struct message_end end = { EMPTY_TAR_SIZE, 0, 0 };

	hello(fd);
	(void)frame_send(fd, FRAME_BEAT, NULL, 0, &err);
	(void)frame_send(fd, FRAME_DATA, empty_tar, 512, &err);
	(void)frame_send(fd, FRAME_BEAT, NULL, 0, &err);
	(void)frame_send(fd, FRAME_DATA, empty_tar, EMPTY_TAR_SIZE - 512, &err);
	end.xxh64 = XXH64(empty_tar, EMPTY_TAR_SIZE, 0);
	(void)message_send_end(fd, &end, &err);
}

static void beats_are_passed_over(void **state)
{
	struct stage stage = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(play(&stage, beats, &err), 0);
	assert_int_equal(stage.session.end, SESSION_COMPLETE);
	strike_stage(&stage);
}

/* A megabyte of a name, a frame of nothing, a key twice, and bytes after END:
 * what is odd and does no harm. */
static void odd(int fd)
{
	static char text[1024 * 1024];
	struct error err;

	hello(fd);
	(void)strcpy(text, "{\"name\":\"");
	memset(text + 9, 'x', sizeof(text) - 12);
	(void)strcpy(text + sizeof(text) - 3, "\"}");
	say(fd, FRAME_STEP, text);
	say(fd, FRAME_STEP, "{\"name\":\"one\",\"name\":\"two\"}");
	(void)frame_send(fd, FRAME_LOG, NULL, 0, &err);
	(void)frame_send(fd, FRAME_DATA, NULL, 0, &err);
	send_empty_layer(fd);
	say(fd, FRAME_HOOK, "{");
	(void)!write(fd, "and no frame", 12);
}

static void what_does_no_harm_is_passed_over(void **state)
{
	struct stage stage = { 0 };
	struct error err = { 0 };
	size_t length;

	(void)state;
	assert_int_equal(play(&stage, odd, &err), 0);
	assert_int_equal(stage.session.end, SESSION_COMPLETE);
	length = strlen(stage.steps);
	assert_string_equal(stage.steps + length - 5, ";two;");
	assert_string_equal(stage.collect.digest.hex, empty_tar_sha256);
	strike_stage(&stage);
}

static void say_command(int fd, int number)
{
	char text[160];

	(void)snprintf(text, sizeof(text),
		       "{\"hook\":\"run\",\"command\":%d,\"status\":0,"
		       "\"signal\":0,\"oomKilled\":false,\"lack\":\"nothing\"}"
		       "",
		       number);
	say(fd, FRAME_HOOK, text);
}

static void a_layer_each(int fd)
{
	hello(fd);
	say_command(fd, 1);
	send_empty_layer(fd);
	say(fd, FRAME_STEP, "{\"name\":\"between\"}");
	say_command(fd, 2);
	send_empty_layer(fd);
	pause();
}

static void a_layer_owed(int fd)
{
	hello(fd);
	say_command(fd, 1);
	say_command(fd, 2);
}

static void a_layer_too_early(int fd)
{
	hello(fd);
	say_command(fd, 1);
	send_empty_layer(fd);
	send_empty_layer(fd);
}

static char *two_lines[] = { (char *)"true", (char *)"true", NULL };
static const struct message_commands layer_each = {
	.lines = { two_lines, 2 },
	.user = (char *)"",
	.directory = (char *)"/",
	.layer_each = true,
};

static void each_command_may_make_a_layer(void **state)
{
	struct stage stage = { .plan.commands = layer_each };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(play(&stage, a_layer_each, &err), 0);
	assert_int_equal(stage.session.end, SESSION_COMPLETE);
	assert_int_equal(stage.layers, 2);
	assert_string_equal(stage.steps, "between;");
	strike_stage(&stage);
}

static void a_census(int fd)
{
	struct error err;

	hello(fd);
	(void)frame_send(fd, FRAME_CENSUS, "some", 4, &err);
	(void)frame_send(fd, FRAME_CENSUS, "thing", 5, &err);
	send_empty_layer(fd);
	pause();
}

static void a_census_is_taken_where_it_is_asked_for(void **state)
{
	struct stage asked = { .plan.verify = true };
	struct stage unasked = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(play(&asked, a_census, &err), 0);
	assert_string_equal(asked.census, "something");
	strike_stage(&asked);
	assert_int_equal(play(&unasked, a_census, &err), -1);
	assert_string_equal(err.msg, "the guest says CENSUS unasked");
	assert_int_equal(unasked.session.end, SESSION_BROKEN);
	strike_stage(&unasked);
}

static void layers_and_commands_take_turns(void **state)
{
	static const struct {
		agent_fn *agent;
		const char *message;
	} cases[] = {
		{ a_layer_owed, "the guest says that command 2 ended, which is "
				"not running" },
		{ a_layer_too_early,
		  "the guest sends a layer before command 2 has run" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage stage = { .plan.commands = layer_each };
		struct error err = { 0 };

		assert_int_equal(play(&stage, cases[i].agent, &err), -1);
		assert_string_equal(err.msg, cases[i].message);
		assert_int_equal(stage.session.end, SESSION_BROKEN);
		strike_stage(&stage);
	}
}

static void what_is_no_layer_is_refused(void **state)
{
	static agent_fn *const agents[] = { wrong_digest, wrong_entries,
					    no_layer_but_junk };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(agents); i++) {
		struct stage stage = { 0 };
		struct error err = { 0 };

		stage.plan.hooks[HOOK_POST_MOUNT] =
			(struct message_text){ (char *)"x", 1 };
		assert_int_equal(play(&stage, agents[i], &err), -1);
		assert_int_equal(stage.session.end, SESSION_REFUSED);
		strike_stage(&stage);
	}
}

static void mute(int fd)
{
	(void)fd;
	pause();
}

static void silence_has_a_limit(void **state)
{
	struct stage stage = { 0 };
	struct error err = { 0 };

	(void)state;
	set_stage(&stage, mute);
	assert_int_equal(session_greet(&stage.session,
				       (struct deadline){ clock_now() + 1 },
				       &err),
			 -1);
	assert_int_equal(stage.session.end, SESSION_SILENT);
	assert_string_equal(err.msg, "the guest does not answer");
	strike_stage(&stage);
}

static void the_whole_run_has_a_limit(void **state)
{
	struct stage stage = { 0 };
	struct error err = { 0 };

	(void)state;
	set_stage(&stage, mute);
	stage.session.deadline.at = clock_now() + 1;
	assert_int_equal(session_greet(&stage.session, deadline_in(60), &err),
			 -1);
	assert_int_equal(stage.session.end, SESSION_TIMEOUT);
	strike_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_agent_gets_through),
		cmocka_unit_test(other_agents_are_seen_through),
		cmocka_unit_test(commands_are_counted),
		cmocka_unit_test(a_limit_that_is_hit_is_named),
		cmocka_unit_test(what_takes_too_long_is_ended),
		cmocka_unit_test(beats_are_passed_over),
		cmocka_unit_test(what_does_no_harm_is_passed_over),
		cmocka_unit_test(each_command_may_make_a_layer),
		cmocka_unit_test(layers_and_commands_take_turns),
		cmocka_unit_test(a_census_is_taken_where_it_is_asked_for),
		cmocka_unit_test(what_is_no_layer_is_refused),
		cmocka_unit_test(silence_has_a_limit),
		cmocka_unit_test(the_whole_run_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
