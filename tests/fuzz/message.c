/* SPDX-License-Identifier: MIT */
/* message.c - fuzz target: each message, of the kind that the first byte says */
#include "guest/shared/message.h"
#include "tests/fuzz/target.h"

static void read_plan(const struct frame *frame)
{
	AUTO(message_plan) plan = { 0 };
	struct error err = { 0 };

	(void)message_read_plan(&plan, frame, &err);
}

static void read_small(const struct frame *frame)
{
	struct error err = { 0 };
	struct message_hello hello;
	struct message_prepare prepare;
	struct message_seed seed;
	struct message_hook_result hook;
	struct message_end end;
	struct message_fail fail;
	char text[64];

	(void)message_read_hello(&hello, frame, &err);
	(void)message_read_prepare(&prepare, frame, &err);
	(void)message_read_seed(&seed, frame, &err);
	(void)message_read_hook(&hook, frame, &err);
	(void)message_read_end(&end, frame, &err);
	(void)message_read_fail(&fail, frame, &err);
	(void)message_read_step(text, sizeof(text), frame, &err);
	(void)message_read_note(text, sizeof(text), frame, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame = { .type = FRAME_HELLO };

	if (size == 0 || size > FRAME_MESSAGE_MAX)
		return 0;
	frame.payload = data + 1;
	frame.length = (uint32_t)size - 1;
	if (data[0] == 'p')
		read_plan(&frame);
	else
		read_small(&frame);
	return 0;
}
