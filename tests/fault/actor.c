/* SPDX-License-Identifier: MIT */
/* actor.c - plays QEMU with a guest and its agent in it, without either */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <xxhash.h>

#include "guest/shared/message.h"
#include "guest/shared/tar.h"
#include "host/vm/qemu.h"

/*
 * A run takes a hundredth of a second with it, so that thousands of them may
 * be made to fail, each in another way. OVERLAYVM_ACT says where it stops:
 *
 *	(nothing)   it does all that is asked for: a layer with the file "new"
 *	STEP        it waits there, for the host to end it
 *	-STEP       it ends there
 *	-kvm        it ends at once where it is to use KVM
 *
 * with a STEP of: start, hello, prepared, ready, hook, layer, end. Where it
 * waits its name as a process is "at-STEP".
 */
#define CONTROL QEMU_CONTROL_FD

static struct frame_buffer in;
static struct error err;

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "actor: %s: %s\n", what, err.msg);
	exit(3);
}

/* Until the host has closed its end, as a QEMU would be killed then. */
static _Noreturn void wait_for_the_end(void)
{
	struct pollfd event = { .fd = CONTROL };

	(void)poll(&event, 1, -1);
	exit(0);
}

static void reach(const char *step)
{
	const char *act = getenv("OVERLAYVM_ACT");

	if (!act)
		return;
	if (strcmp(act, step) == 0) {
		char name[16];

		(void)snprintf(name, sizeof(name), "at-%s", step);
		(void)prctl(PR_SET_NAME, name);
		wait_for_the_end();
	}
	if (act[0] == '-' && strcmp(act + 1, step) == 0)
		exit(0);
}

static struct frame expect(enum frame_type type)
{
	struct frame frame;
	int found;

	while ((found = frame_buffer_next(&in, &frame, &err)) == 0)
		if (frame_buffer_fill(&in, CONTROL) <= 0)
			exit(0);
	if (found < 0)
		give_up("a frame");
	if (frame.type != type)
		give_up(frame_type_name(frame.type));
	return frame;
}

static void say(enum frame_type type, const char *text)
{
	if (frame_send(CONTROL, type, text, strlen(text), &err) < 0)
		give_up(frame_type_name(type));
}

static void prepare(void)
{
	struct message_hello hello = { FRAME_VERSION, "6.1.0-actor" };
	struct message_prepare asked;
	struct frame frame;

	if (message_send_hello(CONTROL, &hello, &err) < 0)
		give_up("HELLO");
	reach("hello");
	frame = expect(FRAME_PREPARE);
	if (message_read_prepare(&asked, &frame, &err) < 0)
		give_up("PREPARE");
	if (asked.scratch == SCRATCH_KEEP) {
		say(FRAME_FORMATTED, "{}");
		(void)expect(FRAME_GO);
	}
	say(FRAME_PREPARED, "{}");
	reach("prepared");
	(void)expect(FRAME_SEED);
	say(FRAME_READY, "{}");
	reach("ready");
}

static void run_hook(enum message_hook hook)
{
	struct message_hook_result result = { .hook = hook };
	char step[64];

	(void)snprintf(step, sizeof(step), "run hook %s",
		       message_hook_name(hook));
	if (message_send_step(CONTROL, step, &err) < 0)
		give_up(step);
	say(FRAME_LOG, "of the hook\n");
	reach("hook");
	if (message_send_hook(CONTROL, &result, &err) < 0)
		give_up("HOOK");
}

struct layer {
	XXH64_state_t *hash;
	uint64_t size;
};

static int send_data(void *context, const void *bytes, size_t size,
		     struct error *why)
{
	struct layer *layer = context;

	if (frame_send(CONTROL, FRAME_DATA, bytes, size, why) < 0)
		return -1;
	if (layer->size == 0)
		reach("layer");
	(void)XXH64_update(layer->hash, bytes, size);
	layer->size += size;
	return 0;
}

static void set_entry(struct archive_entry *entry, size_t size)
{
	archive_entry_clear(entry);
	archive_entry_set_pathname(entry, "new");
	archive_entry_set_mode(entry, AE_IFREG | 0644);
	archive_entry_set_mtime(entry, 0, 0);
	archive_entry_set_size(entry, (la_int64_t)size);
}

static void send_layer(void)
{
	static const char content[] = "what the hook wrote\n";
	struct layer layer = { XXH64_createState(), 0 };
	const struct tar_sink sink = { send_data, &layer };
	AUTO(tar) tar = { 0 };
	struct message_end end = { .entries = 1 };

	(void)XXH64_reset(layer.hash, 0);
	if (tar_start(&tar, &sink, &err) < 0)
		give_up("the layer");
	set_entry(tar.entry, strlen(content));
	if (tar_header(&tar, &err) < 0 ||
	    tar_data(&tar, content, strlen(content), &err) < 0 ||
	    tar_finish(&tar, &err) < 0)
		give_up("the layer");
	end.size = layer.size;
	end.xxh64 = XXH64_digest(layer.hash);
	if (message_send_end(CONTROL, &end, &err) < 0)
		give_up("END");
	(void)XXH64_freeState(layer.hash);
}

/* "-accel kvm,..." is among its words. */
static bool is_to_use_kvm(char **words)
{
	for (; *words; words++)
		if (strncmp(*words, "kvm", 3) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	AUTO(message_plan) plan = { 0 };
	struct frame frame;

	(void)argc;
	if (is_to_use_kvm(argv))
		reach("kvm");
	reach("start");
	prepare();
	frame = expect(FRAME_PLAN);
	if (message_read_plan(&plan, &frame, &err) < 0)
		give_up("PLAN");
	for (int i = 0; i < HOOK_COUNT; i++)
		if (plan.hooks[i].text)
			run_hook((enum message_hook)i);
	send_layer();
	reach("end");
	wait_for_the_end();
}
