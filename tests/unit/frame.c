/* SPDX-License-Identifier: MIT */
/* frame.c - frames, to the byte */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/frame.h"

static void header_layout_is_fixed(void **state)
{
	static const uint8_t want[FRAME_HEADER_SIZE] = {
		'O', 'V', 'M', 'F', 0, 8, 0, 0, 0, 0, 1, 0x2a,
	};
	struct frame_header in = { FRAME_DATA, 298 };
	struct frame_header out = { 0 };
	uint8_t bytes[FRAME_HEADER_SIZE];
	struct error err = { 0 };

	(void)state;
	frame_pack(&in, bytes);
	assert_memory_equal(bytes, want, sizeof(want));
	assert_int_equal(frame_unpack(&out, bytes, &err), 0);
	assert_int_equal(out.type, FRAME_DATA);
	assert_int_equal(out.length, 298);
}

static void broken_headers_are_refused(void **state)
{
	static const struct {
		uint8_t bytes[FRAME_HEADER_SIZE];
		const char *message;
	} cases[] = {
		{ { 'L', 'A', 'Y', 'M', 0, 8, 0, 0, 0, 0, 0, 0 },
		  "frame starts with 0x4c41594d, not with the magic" },
		{ { 'O', 'V', 'M', 'F', 0, 0, 0, 0, 0, 0, 0, 0 },
		  "frame of unknown type 0" },
		{ { 'O', 'V', 'M', 'F', 0, 255, 0, 0, 0, 0, 0, 0 },
		  "frame of unknown type 255" },
		{ { 'O', 'V', 'M', 'F', 1, 8, 0, 0, 0, 0, 0, 0 },
		  "frame of unknown type 264" },
		{ { 'O', 'V', 'M', 'F', 0, 8, 0, 1, 0, 0, 0, 0 },
		  "reserved bits set in a frame" },
		{ { 'O', 'V', 'M', 'F', 0, 8, 0, 0, 0, 0x10, 0, 1 },
		  "DATA frame of 1048577 bytes, more than 1048576" },
		{ { 'O', 'V', 'M', 'F', 0, 9, 0, 0, 0, 0x40, 0, 1 },
		  "END frame of 4194305 bytes, more than 4194304" },
		{ { 'O', 'V', 'M', 'F', 0, 6, 0, 0, 0xff, 0xff, 0xff, 0xff },
		  "LOG frame of 4294967295 bytes, more than 1048576" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct frame_header header = { 0 };
		struct error err = { 0 };

		assert_int_equal(frame_unpack(&header, cases[i].bytes, &err),
				 -1);
		assert_int_equal(err.code, EPROTO);
		assert_string_equal(err.msg, cases[i].message);
	}
}

static void frames_come_out_as_they_went_in(void **state)
{
	AUTO(frame_buffer) buffer = { 0 };
	struct error err = { 0 };
	struct frame frame;
	autoclose int in = -1;
	autoclose int out = -1;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	in = ends[0];
	out = ends[1];
	assert_int_equal(frame_send(out, FRAME_LOG, "a\0b\n", 4, &err), 0);
	assert_int_equal(frame_send(out, FRAME_DATA, NULL, 0, &err), 0);

	assert_int_equal(frame_buffer_fill(&buffer, in), 28);
	assert_int_equal(frame_buffer_next(&buffer, &frame, &err), 1);
	assert_int_equal(frame.type, FRAME_LOG);
	assert_int_equal(frame.length, 4);
	assert_memory_equal(frame.payload, "a\0b\n", 4);
	assert_int_equal(frame_buffer_next(&buffer, &frame, &err), 1);
	assert_int_equal(frame.type, FRAME_DATA);
	assert_int_equal(frame.length, 0);
	assert_int_equal(frame_buffer_next(&buffer, &frame, &err), 0);
}

static void frames_may_arrive_byte_by_byte(void **state)
{
	AUTO(frame_buffer) buffer = { 0 };
	struct error err = { 0 };
	struct frame frame;
	autoclose int in = -1;
	autoclose int out = -1;
	uint8_t bytes[FRAME_HEADER_SIZE + 3];
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	in = ends[0];
	out = ends[1];
	frame_pack(&(struct frame_header){ FRAME_STEP, 3 }, bytes);
	memcpy(bytes + FRAME_HEADER_SIZE, "abc", 3);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		assert_int_equal(frame_buffer_next(&buffer, &frame, &err), 0);
		assert_int_equal(write(out, bytes + i, 1), 1);
		assert_int_equal(frame_buffer_fill(&buffer, in), 1);
	}
	assert_int_equal(frame_buffer_next(&buffer, &frame, &err), 1);
	assert_memory_equal(frame.payload, "abc", 3);
}

static void large_frames_make_the_buffer_grow(void **state)
{
	enum { SIZE = FRAME_BYTES_MAX };
	AUTO(frame_buffer) buffer = { 0 };
	struct error err = { 0 };
	struct frame frame;
	autofree uint8_t *payload = calloc(1, SIZE);
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	payload[SIZE - 1] = 7;
	assert_int_equal(frame_send(fileno(file), FRAME_DATA, payload, SIZE,
				    &err),
			 0);
	rewind(file);
	while (frame_buffer_next(&buffer, &frame, &err) == 0)
		assert_true(frame_buffer_fill(&buffer, fileno(file)) > 0);
	assert_int_equal(frame.length, SIZE);
	assert_int_equal(frame.payload[SIZE - 1], 7);
	(void)fclose(file);
}

static void too_long_payloads_are_not_sent(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(frame_send(-1, FRAME_DATA, NULL, FRAME_BYTES_MAX + 1,
				    &err),
			 -1);
	assert_int_equal(err.code, EMSGSIZE);
	assert_string_equal(err.msg,
			    "send DATA of 1048577 bytes: more than 1048576");
}

static void a_closed_stream_names_the_frame(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(frame_send(-1, FRAME_PLAN, "{}", 2, &err), -1);
	assert_int_equal(err.code, EBADF);
	assert_string_equal(err.msg, "send PLAN: Bad file descriptor");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_layout_is_fixed),
		cmocka_unit_test(broken_headers_are_refused),
		cmocka_unit_test(frames_come_out_as_they_went_in),
		cmocka_unit_test(frames_may_arrive_byte_by_byte),
		cmocka_unit_test(large_frames_make_the_buffer_grow),
		cmocka_unit_test(too_long_payloads_are_not_sent),
		cmocka_unit_test(a_closed_stream_names_the_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
