/* SPDX-License-Identifier: MIT */
/* message.h - what the frames say, as JSON */
#ifndef GUEST_SHARED_MESSAGE_H
#define GUEST_SHARED_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/frame.h"
#include "guest/shared/message_commands.h"

/*
 * Each message has a struct, a function that sends it as one frame, and one
 * that reads it from the payload of a frame. Readers refuse (EPROTO) what is
 * not one JSON object, lacks a field, or has one of another type or out of
 * its range, and name the field; unknown fields are passed over, so that a
 * peer of the same version may say more. Strings are bytes: they need not be
 * UTF-8, but hold no NUL unless a length stands beside them.
 */

#define MESSAGE_ENTROPY	       32 /* bytes */
#define MESSAGE_LAYERS_MAX     500 /* OVL_MAX_STACK, linux/fs/overlayfs/super.c */
#define MESSAGE_PARTITIONS_MAX 16 /* of layers: each mount takes time */
#define MESSAGE_INPUTS_MAX     16 /* each is a mount, too */
#define MESSAGE_PARTITIONS_ALL (MESSAGE_PARTITIONS_MAX + MESSAGE_INPUTS_MAX)
#define MESSAGE_SECRETS_MAX    64
#define MESSAGE_SECRET_MAX     512000 /* bytes, as Docker has it */
#define MESSAGE_GIVEN_NAME_MAX 64     /* bytes; of an input or a secret */
#define MESSAGE_ENV_MAX	       4096   /* variables */
#define MESSAGE_DEPTH	       8 /* levels of JSON; json-c's own limit is 32 */

enum message_hook {
	HOOK_PRE_MOUNT,
	HOOK_POST_MOUNT,
	HOOK_POST_UMOUNT,
	HOOK_COUNT,
	HOOK_RUN = HOOK_COUNT, /* a command of --run; it is no script */
};

/* "preMount", "postMount", "postUmount": the names of the original; "run". */
const char *message_hook_name(enum message_hook hook);

/* The guest is up. */
struct message_hello {
	unsigned version; /* FRAME_VERSION of the agent */
	char kernel[96];  /* its release, "6.1.0-56-cloud-amd64" */
};

/* What a guest cannot know by itself. */
struct message_seed {
	uint8_t entropy[MESSAGE_ENTROPY];
	int64_t time_ns; /* the wall clock, nanoseconds since 1970 */
};

/* What the agent finds on the scratch disk, and is to make of it. */
enum message_scratch {
	SCRATCH_FORMAT,	   /* nothing; it formats it */
	SCRATCH_KEEP,	   /* the same, and says FORMATTED and waits for GO */
	SCRATCH_FORMATTED, /* an empty file system, as it would make one */
};

/* What the agent can do before it knows anything of the run. */
struct message_prepare {
	enum message_scratch scratch;
	uint64_t size; /* of the scratch disk, bytes */
};

/* How a layer lies on the layers disk. */
enum message_kind {
	KIND_TAR,      /* as a tar, to be unpacked */
	KIND_SQUASHFS, /* in a partition, prepared to be mounted */
};

/* One layer of the base image, lowest first. */
struct message_layer {
	enum message_kind kind;
	char *name;	 /* owned; its name in the archive */
	char *diff_id;	 /* owned; for messages */
	uint64_t offset; /* of a tar: bytes from the start of the disk */
	uint64_t size;	 /* of a tar: its bytes; 0: a layer of nothing */

	/* Of a squashfs; see host/layer/squash.h. */
	unsigned partition; /* from 1 */
	unsigned place;	    /* the name of its directory there, from 1 */
	bool root_implied;  /* it does not describe its root */
	bool opaque_root;   /* it hides all layers below */
	bool whiteouts;	    /* it has some */
};

struct message_text {
	char *text;    /* owned, terminated; NULL if there is none */
	size_t length; /* bytes */
};

/* Files of the host's, read-only at /in/NAME; after the layers on their disk. */
struct message_input {
	char name[MESSAGE_GIVEN_NAME_MAX + 1];
	unsigned partition; /* from 1; a squashfs */
	bool file;	    /* what is meant is the one file in it, "file" */
};

/* What the agent is to do. */
struct message_plan {
	struct message_layer *layers; /* owned */
	size_t layer_count;
	struct message_text hooks[HOOK_COUNT];
	char **env; /* owned, as is each "NAME=VALUE"; NULL-terminated */
	size_t env_count;
	struct message_commands commands;
	struct message_input inputs[MESSAGE_INPUTS_MAX];
	size_t input_count;
	/* At /run/secrets/NAME; their bytes come in frames of their own. */
	struct message_strings secrets; /* names */
	bool verify;			/* the agent is to send CENSUS */
	bool out;			/* the agent is to send OUT */
	bool network;			/* there is one, to be set up */
	bool keep;	/* the disk is to be whole where the run fails */
	bool has_clamp; /* mtimes later than `clamp` become it */
	int64_t clamp;	/* seconds since 1970 (SOURCE_DATE_EPOCH) */
};

/* What is used up where something failed. */
enum message_lack {
	LACK_NOTHING, /* for all that is known */
	LACK_ROOM,    /* of the scratch disk */
	LACK_INODES,  /* of the scratch disk */
	LACK_TMP,     /* of /tmp, which takes it from the memory */
};

/* "nothing", "room", "inodes", "tmp". */
const char *message_lack_name(enum message_lack lack);

/* How a hook or a command ended; any other status than 0 ends the run. */
struct message_hook_result {
	enum message_hook hook;
	unsigned command; /* of HOOK_RUN: which, from 1; else 0 */
	int status;	  /* of the shell, 0 to 255; 128+N if signal N */
	int signal;	  /* that ended the shell, 0 if none */
	bool oom_killed;  /* the kernel ended processes for want of memory */
	enum message_lack lack;
};

/*
 * The layer has been sent. The checksum (xxHash, XXH64 with seed 0) finds what
 * a mistake of ours or of the transport would do to the bytes; the digest that
 * the layer goes by is the host's own, as a SHA-256 of the guest's would prove
 * nothing more and takes an emulated guest a second for 60 MB.
 */
struct message_end {
	uint64_t size;	  /* bytes in all DATA */
	uint64_t entries; /* of the tar */
	uint64_t xxh64;	  /* of those bytes */
};

/* The agent could not go on. */
struct message_fail {
	char step[96];
	int code; /* errno value; on the wire by name, as numbers differ */
	char message[1020];
	enum message_lack lack;
};

#define MESSAGE_TERMINAL_MAX 9999 /* rows or columns */

/* The terminal that a user sits at. */
struct message_terminal {
	char type[64]; /* as in TERM */
	unsigned rows;
	unsigned columns;
};

int message_send_hello(int fd, const struct message_hello *hello,
		       struct error *err);
int message_send_prepare(int fd, const struct message_prepare *prepare,
			 struct error *err);
int message_send_seed(int fd, const struct message_seed *seed,
		      struct error *err);
/* EMSGSIZE if it is more than a frame holds: hooks or environment too long. */
int message_send_plan(int fd, const struct message_plan *plan,
		      struct error *err);
int message_send_step(int fd, const char *name, struct error *err);
int message_send_note(int fd, const char *text, struct error *err);
int message_send_hook(int fd, const struct message_hook_result *result,
		      struct error *err);
int message_send_end(int fd, const struct message_end *end, struct error *err);
int message_send_fail(int fd, const struct message_fail *fail,
		      struct error *err);
int message_send_terminal(int fd, const struct message_terminal *terminal,
			  struct error *err);

int message_read_hello(struct message_hello *hello, const struct frame *frame,
		       struct error *err);
int message_read_prepare(struct message_prepare *prepare,
			 const struct frame *frame, struct error *err);
int message_read_seed(struct message_seed *seed, const struct frame *frame,
		      struct error *err);
/* On success *plan owns what it points to: message_plan_release(). */
int message_read_plan(struct message_plan *plan, const struct frame *frame,
		      struct error *err);
/* STEP's name or NOTE's text, cut to `size` bytes with their terminator. */
int message_read_step(char *name, size_t size, const struct frame *frame,
		      struct error *err);
int message_read_note(char *text, size_t size, const struct frame *frame,
		      struct error *err);
int message_read_hook(struct message_hook_result *result,
		      const struct frame *frame, struct error *err);
int message_read_end(struct message_end *end, const struct frame *frame,
		     struct error *err);
int message_read_fail(struct message_fail *fail, const struct frame *frame,
		      struct error *err);
int message_read_terminal(struct message_terminal *terminal,
			  const struct frame *frame, struct error *err);

void message_plan_release(struct message_plan *plan);

DEFINE_AUTO(message_plan, message_plan_release)

#endif
