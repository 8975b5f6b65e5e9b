/* SPDX-License-Identifier: MIT */
/* run.h - a whole run: image in, virtual machine, layer out */
#ifndef HOST_RUN_RUN_H
#define HOST_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"
#include "host/image/digest.h"
#include "host/layer/check.h"
#include "host/layer/compress.h"
#include "host/plan/plan.h"
#include "host/run/failure.h"
#include "host/run/interrupt.h"
#include "host/run/timeline.h"
#include "host/vm/confine.h"

/* What the user may be shown while it goes on; each may be NULL. */
struct run_events {
	/* A step begins, of the host or of the guest; it has ended. */
	void (*step)(void *ctx, const struct timeline_step *step);
	void (*step_end)(void *ctx, const struct timeline_step *step);
	/* Something the user should know, one line. */
	void (*note)(void *ctx, const char *text);
	/* What the hooks print, as it comes: any bytes. */
	void (*log)(void *ctx, const void *bytes, size_t size);
	/* How far the step is that lasts: bytes of the image that were read,
	 * or of the layer that have arrived. `total` 0: not known. A few times
	 * a second at most, and never for steps that count none. */
	void (*bytes)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/* A layer that came out. */
struct run_layer {
	struct digest diff_id;
	uint64_t size;	      /* bytes of the tar */
	struct stored stored; /* the file of it: what --output gets */
	struct layer_summary summary;
};

/* For the exit status and the report: run_result_release(). */
struct run_result {
	enum failure_class class; /* FAILURE_NONE: all is done */
	char phase[64];		  /* of the failure */
	char *console;	/* owned; the last that the guest's kernel printed, any
			* bytes; NULL unless the class is FAILURE_GUEST */
	int status;	/* exit status; of no use if class is cancelled */
	bool no_report; /* nothing may be written to its path */
	bool retryable; /* the same run may work another time */
	bool kept;	/* what it left is in --keep-failed's directory */
	bool kvm;	/* else emulated */
	uint64_t disk_size;		/* MiB; 0 before they are decided */
	uint64_t memory;		/* MiB; the same */
	struct confinement confinement; /* of QEMU, once it was started */
	const char *network; /* static; what its network was: "none", "passt",
			      * "qemu"; NULL before that was decided */
	char kernel[96];     /* of the guest, "" before HELLO */
	bool hook_done[HOOK_COUNT];
	struct message_hook_result hooks[HOOK_COUNT];
	size_t commands_done; /* with the one that failed, if one did */
	struct message_hook_result failed; /* hook or command; status 0: none */
	struct run_layer
		*layers; /* owned; NULL before all are in their place */
	size_t layer_count;
	struct digest manifest; /* of the image, "" where there is none */
	struct digest config;	/* its ID, as Docker has it */
	struct timeline timeline;
};

void run_result_release(struct run_result *result);

DEFINE_AUTO(run_result, run_result_release)

/*
 * Do what the plan says. Returns 0 when the layer is in its place; -1 with
 * *err and result->class, phase and status otherwise, and then the output is
 * as it was before. Either way nothing else is left: no process, no file.
 * *result is filled in as far as the run came.
 */
int run_execute(const struct plan *plan, const struct run_events *events,
		struct interrupt *interrupt, struct run_result *result,
		struct error *err);

/*
 * What of the plan can be checked and decided without starting anything: the
 * output, the image, its layers, QEMU, the guest image. Fails as run_execute()
 * would. *json gets the plan as JSON, the caller's to json_object_put().
 */
int run_preview(const struct plan *plan, const struct run_events *events,
		struct interrupt *interrupt, struct run_result *result,
		struct json_object **json, struct error *err);

#endif
