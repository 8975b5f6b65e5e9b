/* SPDX-License-Identifier: MIT */
/* handle.h - what is behind the names of overlayvm.h; for the files of this
 * folder */
#ifndef HOST_LIBRARY_HANDLE_H
#define HOST_LIBRARY_HANDLE_H

#include "guest/shared/error.h"
#include "host/library/overlayvm.h"
#include "host/plan/plan.h"
#include "host/plan/request.h"
#include "host/run/run.h"

struct overlayvm_request {
	struct request request;
};

struct overlayvm_plan {
	struct plan plan;
};

/* Of one layer: what struct overlayvm_layer points to. */
struct layer_digests {
	char diff_id[OVERLAYVM_DIGEST_SIZE];
	char digest[OVERLAYVM_DIGEST_SIZE];
};

struct overlayvm_result {
	struct run_result run;
	struct overlayvm_layer *layers; /* owned, as many as run has */
	struct layer_digests *digests;	/* owned, the same */
	struct overlayvm_step steps[TIMELINE_STEPS_MAX];
	char image[OVERLAYVM_DIGEST_SIZE];    /* "" if there is none */
	char image_id[OVERLAYVM_DIGEST_SIZE]; /* the same */
	char *report;			      /* owned; NULL if not made */
};

/* A new one, or NULL: ENOMEM. */
struct overlayvm_result *result_new(struct error *err);

/* Fill in what is not in `run`, when that is there. ENOMEM. */
int result_finish(struct overlayvm_result *result, struct error *err);

/* A step as the caller sees it; borrows its name. */
struct overlayvm_step result_step(const struct timeline_step *step);

/*
 * Our box into the caller's, where there is one. Returns -1, or NULL as
 * whatever is asked for.
 */
int error_give(struct overlayvm_error *to, const struct error *from);
void *error_give_null(struct overlayvm_error *to, const struct error *from);

#endif
