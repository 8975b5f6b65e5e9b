/* SPDX-License-Identifier: MIT */
/* frame.c - see frame.h */
#include "guest/shared/frame.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/io.h"

/* Large enough that a stream of DATA needs few system calls. */
#define BUFFER_START (256 * 1024) /* bytes */

static const char *const names[] = {
	[FRAME_HELLO] = "HELLO",
	[FRAME_SEED] = "SEED",
	[FRAME_PLAN] = "PLAN",
	[FRAME_STEP] = "STEP",
	[FRAME_NOTE] = "NOTE",
	[FRAME_LOG] = "LOG",
	[FRAME_HOOK] = "HOOK",
	[FRAME_DATA] = "DATA",
	[FRAME_END] = "END",
	[FRAME_FAIL] = "FAIL",
	[FRAME_READY] = "READY",
	[FRAME_FORMATTED] = "FORMATTED",
	[FRAME_GO] = "GO",
	[FRAME_PREPARE] = "PREPARE",
	[FRAME_PREPARED] = "PREPARED",
	[FRAME_CENSUS] = "CENSUS",
	[FRAME_BEAT] = "BEAT",
	[FRAME_TERMINAL] = "TERMINAL",
	[FRAME_KEYS] = "KEYS",
	[FRAME_SCREEN] = "SCREEN",
	[FRAME_LEFT] = "LEFT",
	[FRAME_SECRET] = "SECRET",
	[FRAME_OUT] = "OUT",
};

const char *frame_type_name(enum frame_type type)
{
	if ((size_t)type >= COUNT_OF(names) || !names[type])
		return "?";
	return names[type];
}

uint32_t frame_limit(enum frame_type type)
{
	switch (type) {
	case FRAME_BEAT:
		return 0;
	case FRAME_DATA:
	case FRAME_LOG:
	case FRAME_CENSUS:
	case FRAME_OUT:
	case FRAME_SECRET:
	case FRAME_KEYS:
	case FRAME_SCREEN:
		return FRAME_BYTES_MAX;
	default:
		return FRAME_MESSAGE_MAX;
	}
}

static void put16(uint8_t *out, uint16_t value)
{
	value = htobe16(value);
	memcpy(out, &value, sizeof(value));
}

static void put32(uint8_t *out, uint32_t value)
{
	value = htobe32(value);
	memcpy(out, &value, sizeof(value));
}

static uint16_t get16(const uint8_t *in)
{
	uint16_t value;

	memcpy(&value, in, sizeof(value));
	return be16toh(value);
}

static uint32_t get32(const uint8_t *in)
{
	uint32_t value;

	memcpy(&value, in, sizeof(value));
	return be32toh(value);
}

void frame_pack(const struct frame_header *header,
		uint8_t out[FRAME_HEADER_SIZE])
{
	put32(out + 0, FRAME_MAGIC);
	put16(out + 4, (uint16_t)header->type);
	put16(out + 6, 0);
	put32(out + 8, header->length);
}

int frame_unpack(struct frame_header *header,
		 const uint8_t in[FRAME_HEADER_SIZE], struct error *err)
{
	uint32_t magic = get32(in + 0);
	uint16_t type = get16(in + 4);
	uint32_t length = get32(in + 8);

	if (magic != FRAME_MAGIC)
		return error_set(err, EPROTO,
				 "frame starts with 0x%08" PRIx32
				 ", not with the magic",
				 magic);
	if (type < FRAME_HELLO || type > FRAME_OUT)
		return error_set(err, EPROTO, "frame of unknown type %u", type);
	if (get16(in + 6) != 0)
		return error_set(err, EPROTO, "reserved bits set in a frame");
	if (length > frame_limit(type))
		return error_set(err, EPROTO,
				 "%s frame of %" PRIu32
				 " bytes, more than %" PRIu32,
				 frame_type_name(type), length,
				 frame_limit(type));

	header->type = type;
	header->length = length;
	return 0;
}

int frame_send(int fd, enum frame_type type, const void *payload, size_t length,
	       struct error *err)
{
	struct frame_header header = { type, (uint32_t)length };
	autofree uint8_t *bytes = NULL;

	if (length > frame_limit(type))
		return error_set(err, EMSGSIZE,
				 "send %s of %zu bytes: more than %" PRIu32,
				 frame_type_name(type), length,
				 frame_limit(type));

	/* One buffer: a virtio-serial port makes a transfer of each write. */
	bytes = malloc(FRAME_HEADER_SIZE + length);
	if (!bytes)
		return error_errno(err, "send %s", frame_type_name(type));
	frame_pack(&header, bytes);
	if (length > 0)
		memcpy(bytes + FRAME_HEADER_SIZE, payload, length);

	if (io_write(fd, bytes, FRAME_HEADER_SIZE + length) < 0)
		return error_errno(err, "send %s", frame_type_name(type));
	return 0;
}

/* Room for at least one more byte, and for the frame at `start` if known. */
static int make_room(struct frame_buffer *buffer)
{
	size_t used = buffer->end - buffer->start;
	size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_START;
	uint8_t *data;

	if (buffer->start > 0) {
		memmove(buffer->data, buffer->data + buffer->start, used);
		buffer->start = 0;
		buffer->end = used;
	}
	if (buffer->end == buffer->capacity && buffer->capacity > 0)
		capacity *= 2;
	if (capacity == buffer->capacity)
		return 0;

	data = realloc(buffer->data, capacity);
	if (!data)
		return -1;
	buffer->data = data;
	buffer->capacity = capacity;
	return 0;
}

ssize_t frame_buffer_fill(struct frame_buffer *buffer, int fd)
{
	ssize_t n;

	if (make_room(buffer) < 0)
		return -1;
	n = read(fd, buffer->data + buffer->end,
		 buffer->capacity - buffer->end);
	if (n > 0)
		buffer->end += (size_t)n;
	return n;
}

int frame_buffer_next(struct frame_buffer *buffer, struct frame *frame,
		      struct error *err)
{
	size_t have = buffer->end - buffer->start;
	struct frame_header header;

	if (have < FRAME_HEADER_SIZE)
		return 0;
	if (frame_unpack(&header, buffer->data + buffer->start, err) < 0)
		return -1;
	if (have < FRAME_HEADER_SIZE + (size_t)header.length)
		return 0;

	*frame = (struct frame){
		.type = header.type,
		.length = header.length,
		.payload = buffer->data + buffer->start + FRAME_HEADER_SIZE,
	};
	buffer->start += FRAME_HEADER_SIZE + (size_t)header.length;
	return 1;
}

void frame_buffer_release(struct frame_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct frame_buffer){ 0 };
}
