/* SPDX-License-Identifier: MIT */
/* frame.h - the frames that host and agent exchange */
#ifndef GUEST_SHARED_FRAME_H
#define GUEST_SHARED_FRAME_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * One byte stream (a virtio-serial port; a socket pair in the tests) carries
 * frames both ways. A frame is a 12-byte header and then `length` bytes of
 * payload. Integers are big-endian, so that a hexdump reads left to right.
 *
 *	offset  size  field
 *	     0     4  magic   FRAME_MAGIC
 *	     4     2  type    enum frame_type
 *	     6     2  zero    sent as 0; anything else is refused
 *	     8     4  length  payload bytes, at most frame_limit(type)
 *
 * A run is one straight line; both sides walk it in step:
 *
 *	agent                              host
 *	HELLO {version, kernel}     ->                  the guest is up
 *	                            <-  PREPARE {scratch, size}
 *	STEP {name}*                ->                  each step as it begins
 *	FORMATTED {}                ->                  if asked to be told
 *	                            <-  GO {}
 *	PREPARED {}                 ->                  a disk, and a shell
 *	                            <-  SEED {entropy, time}
 *	READY {}                    ->                  it has a clock, and luck
 *	                            <-  PLAN {layers, hooks, ...}
 *	                            <-  SECRET bytes*   as many as PLAN names
 *	NOTE {text}*                ->                  a warning for the user
 *	LOG bytes*                  ->                  what the hooks print
 *	BEAT                        ->                  it is alive, and at work
 *	HOOK {hook, status, ...}    ->                  ... once for each hook,
 *	                                                and each --run
 *	CENSUS bytes*               ->                  if asked for: the merged
 *	                                                tree, see census.h
 *	OUT bytes*                  ->                  if asked for: what is
 *	                                                in $out, a tar
 *	DATA bytes*                 ->                  the upper layer, a tar
 *	END {size, xxh64, entries}  ->                  the layer is complete
 *	                                                ... or one of several
 *
 * Payloads are JSON (message.h), those of LOG, CENSUS, OUT, DATA, SECRET, KEYS and
 * SCREEN are bytes, BEAT has none. STEP, NOTE, LOG and BEAT may come between any two other frames of
 * the agent, but, except BEAT, not within a layer. A guest that works sends some
 * frame every FRAME_BEAT_EVERY seconds. Where each command makes a layer, each but the last has its DATA and
 * END right after its HOOK. Two frames end the run early: HOOK with a status
 * other than 0, and FAIL {step, errno, message}, which can take the place of
 * any frame of the agent. Between PREPARED and SEED nothing is under way, and nothing of the
 * run is known: there the machine may be saved with its scratch disk, and one
 * restored from both takes its SEED and goes on. After its last frame the
 * agent waits for the port to close; the host ends the virtual machine.
 *
 * After a failure the host may ask for a shell in the guest, to look around:
 *
 *	                            <-  TERMINAL {type, rows, columns}
 *	SCREEN bytes*               ->                  what the shell shows
 *	                            <-  KEYS bytes*     what is typed
 *	                            <-  TERMINAL*       its size has changed
 *	LEFT {}                     ->                  the shell has ended
 *
 * A change that an older peer could misread raises FRAME_VERSION. Host and
 * agent of different versions refuse each other at HELLO.
 */
#define FRAME_MAGIC	  UINT32_C(0x4f564d46) /* "OVMF" */
#define FRAME_VERSION	  5
#define FRAME_HEADER_SIZE 12		/* bytes */
#define FRAME_BYTES_MAX	  (1024 * 1024) /* bytes, of those that are no JSON */
#define FRAME_MESSAGE_MAX (4 * 1024 * 1024) /* bytes, all others */
#define FRAME_BEAT_EVERY  5		    /* seconds */

enum frame_type {
	FRAME_HELLO = 1,
	FRAME_SEED,
	FRAME_PLAN,
	FRAME_STEP,
	FRAME_NOTE,
	FRAME_LOG,
	FRAME_HOOK,
	FRAME_DATA,
	FRAME_END,
	FRAME_FAIL,
	FRAME_READY,
	FRAME_FORMATTED,
	FRAME_GO,
	FRAME_PREPARE,
	FRAME_PREPARED,
	FRAME_CENSUS,
	FRAME_BEAT,
	FRAME_TERMINAL,
	FRAME_KEYS,
	FRAME_SCREEN,
	FRAME_LEFT,
	FRAME_SECRET,
	FRAME_OUT,
};

struct frame_header {
	enum frame_type type;
	uint32_t length; /* bytes */
};

/* A whole frame; the payload belongs to the buffer that it was read into. */
struct frame {
	enum frame_type type;
	uint32_t length;	/* bytes */
	const uint8_t *payload; /* `length` bytes, not terminated */
};

/* "HELLO" and so on; "?" for a number that is no type. Static storage. */
const char *frame_type_name(enum frame_type type);

/* The most bytes that the payload of a frame of this type may have. */
uint32_t frame_limit(enum frame_type type);

void frame_pack(const struct frame_header *header,
		uint8_t out[FRAME_HEADER_SIZE]);

/* Refuses what a peer of this version cannot have sent (EPROTO). */
int frame_unpack(struct frame_header *header,
		 const uint8_t in[FRAME_HEADER_SIZE], struct error *err);

/*
 * Write one frame as one write(2) if the descriptor takes it whole. Fails
 * with EMSGSIZE if the payload is over the limit of its type, with ENOMEM,
 * and with what write(2) says.
 */
int frame_send(int fd, enum frame_type type, const void *payload, size_t length,
	       struct error *err);

/*
 * Bytes as they arrive, out of which frames are taken. Usable from { 0 }; it
 * grows up to one frame of the largest size and a little more.
 */
struct frame_buffer {
	uint8_t *data;	 /* owned */
	size_t capacity; /* bytes */
	size_t start;	 /* where the next frame begins */
	size_t end;	 /* where the next bytes go */
};

/*
 * One read(2) of whatever is there. Returns the bytes read, 0 at the end of
 * the stream, -1 with errno set (EAGAIN and EINTR are the caller's to judge).
 * Payloads of frames taken earlier are no longer valid.
 */
ssize_t frame_buffer_fill(struct frame_buffer *buffer, int fd);

/*
 * Take the next frame. Returns 1 with *frame set, 0 if it is not all there
 * yet (fill again), -1 if the peer broke the format (EPROTO).
 */
int frame_buffer_next(struct frame_buffer *buffer, struct frame *frame,
		      struct error *err);

void frame_buffer_release(struct frame_buffer *buffer);

DEFINE_AUTO(frame_buffer, frame_buffer_release)

#endif
