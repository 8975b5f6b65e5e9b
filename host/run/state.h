/* SPDX-License-Identifier: MIT */
/* state.h - what the phases of a run share; for the files of this folder */
#ifndef HOST_RUN_STATE_H
#define HOST_RUN_STATE_H

#include "host/image/draft.h"
#include "host/image/image.h"
#include "host/run/assignment.h"
#include "host/run/collect.h"
#include "host/run/deadline.h"
#include "host/run/image_output.h"
#include "host/run/handover.h"
#include "host/run/layering.h"
#include "host/run/new_directory.h"
#include "host/run/output.h"
#include "host/run/returned.h"
#include "host/run/run.h"
#include "host/run/rundir.h"
#include "host/run/session.h"
#include "host/vm/args.h"
#include "host/vm/machine.h"
#include "host/vm/passt.h"
#include "host/vm/qemu.h"
#include "host/vm/template.h"
#include "images/guest_image.h"

#define RUN_MIB UINT64_C(1048576) /* bytes */

/* All that a run holds; each part releases itself. */
struct run {
	const struct plan *plan;
	const struct run_events *events;
	struct run_result *result;
	struct deadline deadline;
	struct interrupt *interrupt;
	struct rundir dir;
	struct image image;
	struct guest_image guest;
	struct returned
		*layers;    /* owned; what the guest returns, lowest first */
	size_t layer_count; /* that are to come, and have room */
	int census; /* owned; of the merged tree, as the guest sent it; or -1 */
	uint64_t census_size;		    /* bytes */
	int out;			    /* owned; the tar of $out; or -1 */
	uint64_t out_size;		    /* bytes */
	struct new_directory out_directory; /* of $out, until it is published */
	struct draft draft;		    /* of the image, if one is wanted */
	struct image_output image_output;
	struct machine machine;
	struct args words; /* that it was last started with */
	struct session session;
	struct layering layering;
	struct handover handover;
	struct assignment assignment;
	uint64_t disk_size;		/* MiB; after run_fit() */
	uint64_t memory;		/* MiB; the same */
	struct message_prepare prepare; /* of the machine that boots */
	char *qemu;			/* owned; path of the program */
	bool no_sandbox;		/* that has none */
	char *passt_program;		/* owned; NULL: QEMU is the network */
	struct passt passt;		/* of the machine that runs */
	struct template template;	/* that the machine was restored from */
	uint64_t read;	 /* bytes of the image, in the step that lasts */
	uint64_t told;	 /* clock_now() when the user last heard of bytes */
	bool cache_grew; /* by something that the machine left for later */
};

#define RUN_NONE                                                               \
	{                                                                      \
		.dir = RUNDIR_NONE, .image_output = IMAGE_OUTPUT_NONE,         \
		.machine = MACHINE_NONE, .template = TEMPLATE_NONE,            \
		.passt = PASST_NONE, .census = -1, .out = -1,                  \
		.out_directory = NEW_DIRECTORY_NONE                            \
	}

/* Make room for the layers that are to come, and be ready for the first. */
int run_open_layers(struct run *run, struct error *err);

/* Be ready for layer `index`, and say where its bytes go; for the session. */
struct collect *run_next_layer(void *ctx, size_t index, struct error *err);

/* What the report is to say of them. ENOMEM. */
int run_describe_layers(struct run *run, struct error *err);

void run_release_layers(struct run *run);

/* More of the census; for the session. EFBIG, and what write(2) says. */
int run_take_census(void *ctx, const void *bytes, size_t size,
		    struct error *err);

/* More of the tar of $out; for the session. EFBIG, and what write(2) says. */
int run_take_out(void *ctx, const void *bytes, size_t size, struct error *err);

/* For --out: unpack it, as unbundle() does; not yet seen by anybody. */
int run_hand_back(struct run *run, const struct image_work *work,
		  struct error *err);

/* For --verify: verify_layers() with all that there is now. */
int run_verify(struct run *run, const struct image_work *work,
	       struct error *err);

/*
 * For --keep-failed: where it cannot go is said early (EEXIST, ENOTEMPTY, and
 * what stat(2) and access(2) say).
 */
int run_check_kept(const struct run *run, struct error *err);

/*
 * The session has failed, as *err says. With --shell-on-failure, lends the user
 * a shell in the guest, if that is at rest; what prevents it is a note. Always
 * -1, with *err as it was, unless a signal came.
 */
int run_lend_shell(struct run *run, struct error *err);

/* The run has failed after its machine was started: leave there what it has. */
int run_keep(struct run *run, struct error *err);

/*
 * For --output-image. Whether the base, if there is one, and the changes of
 * its config will do: EINVAL and the rest of config_edit().
 */
int run_check_image(struct run *run, struct error *err);

/* Put base and new layer together and write them; not yet seen by anybody. */
int run_make_image(struct run *run, const struct image_work *work,
		   struct error *err);

/* A step of the host or of the guest begins: it is timed and shown. */
void run_say_step(struct run *run, const char *name, bool guest);

/* The step that lasts, if one does, has ended. */
void run_end_step(struct run *run);

/* So many bytes of the step that lasts are done; `total` 0: not known. */
void run_say_bytes(struct run *run, uint64_t done, uint64_t total);

/* One line that the user should know; `ctx` is the run. */
void run_note(void *ctx, const char *text);

/*
 * Make the scratch disk of a machine that boots, in place of any that there
 * is: formatted, if a guest has done that before, else to be formatted.
 * run->prepare says what the agent is to make of it.
 */
int run_new_scratch(struct run *run, struct error *err);

/* The same for a machine that is restored: it has mounted this one already. */
int run_template_scratch(struct run *run, const struct template *template,
			 struct error *err);

/* The guest has formatted it: keep a copy for the runs to come. */
void run_keep_scratch(struct run *run);

/*
 * For --network user: find passt, where the plan wants it. That there is none
 * is a failure only if it was asked for by name (what program_find() says).
 */
int run_find_passt(struct run *run, struct error *err);

/*
 * Before any machine is started: decide what its network is, and start that. A
 * passt that does not work is a note, and QEMU the network, unless it was asked
 * for by name: then it is the failure.
 */
int run_raise_network(struct run *run, struct error *err);

/*
 * What is behind the card of a machine that is to be started so; *fd gets
 * QEMU's end of it, the caller's to close, or -1. One that is saved gets an end
 * that leads nowhere: whoever restores it brings its own network.
 */
int run_network_end(struct run *run, enum qemu_start start,
		    enum qemu_network *kind, int *fd, struct error *err);

/* A passt that has ended before its time is a note; once. */
void run_check_network(struct run *run);

/*
 * Start the machine and wait until it is READY, on KVM or emulated as the plan says;
 * with `auto` an emulated one is started if KVM does not carry the first.
 */
int run_boot(struct run *run, struct error *err);

/* The same on KVM, or emulated. */
int run_boot_on(struct run *run, bool kvm, struct error *err);

/* It is over for the run as a whole, not only for this way to start. */
bool run_is_over(const struct run *run);

/* The machine ended, or said nothing, before there was a plan: what KVM does
 * not carry. */
bool run_blames_kvm(const struct run *run);

/*
 * Fill in class, phase, status and retryable of the result, for a failure in
 * the phase of this name and class; may put the cure into the message.
 */
void run_classify(struct run *run, const char *phase, enum failure_class class,
		  struct error *err);

/* The plan, and what was found for it, as JSON; the caller's. NULL: ENOMEM. */
struct json_object *run_describe(const struct run *run);

#endif
