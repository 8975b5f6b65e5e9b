/* SPDX-License-Identifier: MIT */
/*
 * overlayvm.h - root hooks over a container image, in a throw-away virtual
 * machine: liboverlayvm
 *
 * A request is filled in, setting by setting or from a spec; a plan is made of
 * it, which checks and decides and touches nothing; the run does what the plan
 * says, calls back while it goes on, and leaves a result.
 *
 *	request -> plan -> run (events) -> result
 *
 * The manual overlayvm(3) has an example that is a whole program, and says what
 * the process that calls must know: of signals, threads, children and
 * descriptors. overlayvm-spec(5) has the settings, overlayvm(1) their meaning
 * and the environment variables, which hold here, too.
 *
 * A function that can fail returns -1 or NULL and fills the error box, if it is
 * given one. Text that comes back as `char *` is the caller's to free(3); as
 * `const char *` it lives as long as what it was asked of, or for ever. Of what
 * is here nothing is taken away or changes its meaning before the library's
 * file name changes; structs that only the library makes may grow at their end.
 */
#ifndef OVERLAYVM_H
#define OVERLAYVM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the library that runs: "0.1.0". */
const char *overlayvm_version(void);

#define OVERLAYVM_MESSAGE_SIZE 1020 /* bytes, with the terminator */

/* Plain data: it owns nothing and can be copied. */
struct overlayvm_error {
	int code; /* errno value that best names the cause */
	/* One line without a full stop: what was being done, to what, why it
	 * failed, and the cure where one is known. No control characters. */
	char message[OVERLAYVM_MESSAGE_SIZE];
};

/* ---- what is asked for ------------------------------------------------- */

struct overlayvm_request;

/* An empty one: all is as by default. NULL for want of memory. */
struct overlayvm_request *overlayvm_request_new(void);

/*
 * Set one thing, by its key in a spec ("fromImage", "diskSize", "preMount",
 * "output") to a copy of the text. Setting it again replaces it, and adds to
 * those that are lists: "run" takes a command, "env" NAME=VALUE, and the others
 * what their options take. What is true or false takes "true" or "false". Hooks
 * are their text, never "@FILE". The values are checked when the plan is made.
 * EINVAL for a key that is not known, ENOMEM.
 */
int overlayvm_request_set(struct overlayvm_request *request, const char *key,
			  const char *value, struct overlayvm_error *err);

/*
 * The same as the command line does it: by the name of the option without its
 * dashes ("disk-size"); a hook that begins with '@' is read from that file,
 * and "@-" from standard input; `value` is not looked at where the option takes
 * none.
 */
int overlayvm_request_set_option(struct overlayvm_request *request,
				 const char *option, const char *value,
				 struct overlayvm_error *err);

/*
 * Add what a spec says, overlayvm-spec(5), in a file or as text of `size`
 * bytes. EINVAL for a key that is not known or a value of the wrong type,
 * EPROTO for what is not JSON, EFBIG over 4 MiB, and what open(2) says.
 */
int overlayvm_request_read_spec(struct overlayvm_request *request,
				const char *path, struct overlayvm_error *err);
int overlayvm_request_add_spec(struct overlayvm_request *request,
			       const char *text, size_t size,
			       struct overlayvm_error *err);

/* NULL is nothing to free; the same holds for all that follow. */
void overlayvm_request_free(struct overlayvm_request *request);

/* ---- what will be done -------------------------------------------------- */

struct overlayvm_plan;

/*
 * Check the request and decide; reads the environment, touches nothing. The
 * plan does not need the request afterwards, never changes, and may be run
 * several times, by several threads. EINVAL for whatever is wrong, ENOMEM.
 */
struct overlayvm_plan *overlayvm_plan_new(
	const struct overlayvm_request *request, struct overlayvm_error *err);

/*
 * What was decided for one key of a spec: text as it is, all else as JSON. NULL
 * if there is nothing, with the code 0 in *err, or for want of memory.
 */
char *overlayvm_plan_get(const struct overlayvm_plan *plan, const char *key,
			 struct overlayvm_error *err);

/*
 * The whole plan as a spec again, defaults filled in. EILSEQ where something in
 * it is not UTF-8, which JSON must be.
 */
char *overlayvm_plan_spec(const struct overlayvm_plan *plan,
			  struct overlayvm_error *err);

void overlayvm_plan_free(struct overlayvm_plan *plan);

/* The JSON Schema of specs. */
char *overlayvm_schema(struct overlayvm_error *err);

/* ---- while it goes on --------------------------------------------------- */

struct overlayvm_step {
	const char *name; /* a hostile guest may have chosen it: any bytes */
	int guest;	  /* the guest's; 0: the host's */
	uint64_t start;	  /* nanoseconds since the run began */
	uint64_t end;	  /* the same; 0 while it lasts */
};

/*
 * Each may be NULL. They are called by the thread that called, one at a time,
 * and must not call the library with the same result. What they are given is
 * borrowed, and ends with the call.
 */
struct overlayvm_events {
	size_t size;   /* sizeof(struct overlayvm_events) */
	void *context; /* the first argument of each */
	/* A step begins; it has ended. One at a time. */
	void (*step)(void *context, const struct overlayvm_step *step);
	void (*step_end)(void *context, const struct overlayvm_step *step);
	/* Something that the user should know, one line. */
	void (*note)(void *context, const char *text);
	/* What hooks and commands print, as it comes: any bytes. */
	void (*log)(void *context, const void *bytes, size_t size);
	/* How far the step is that lasts: bytes of the image that were read, or
	 * of the layer that have arrived; `total` 0: not known. A few times a
	 * second at most. */
	void (*bytes)(void *context, uint64_t done, uint64_t total);
	/* None of the others is called any more; reports follow. */
	void (*end)(void *context);
};

/* ---- what comes out ----------------------------------------------------- */

enum overlayvm_class {
	OVERLAYVM_NONE,
	OVERLAYVM_USAGE,     /* asked for wrongly */
	OVERLAYVM_INPUT,     /* the image, the spec, a file of the user's */
	OVERLAYVM_HOST,	     /* this host: space, QEMU, kernel, permissions */
	OVERLAYVM_GUEST,     /* the virtual machine or the agent in it */
	OVERLAYVM_HOOK,	     /* a hook or a command ended with another status */
	OVERLAYVM_TIMEOUT,   /* the setting "timeout" */
	OVERLAYVM_CANCELLED, /* by `cancel` */
	OVERLAYVM_INTERNAL,  /* a mistake of ours */
};

/* "none", "usage", "input", ...; NULL for a number that is none of them. */
const char *overlayvm_class_name(enum overlayvm_class class_);

#define OVERLAYVM_DIGEST_SIZE 72 /* bytes of "sha256:..." with the terminator */

/* A layer that came out. */
struct overlayvm_layer {
	const char *diff_id;  /* "sha256:...", of the tar */
	uint64_t size;	      /* bytes of the tar */
	const char *digest;   /* of the file: the same unless compressed */
	uint64_t stored_size; /* bytes of the file */
	uint64_t entries;     /* of the tar, with the two that follow */
	uint64_t whiteouts;
	uint64_t opaques; /* opaque directories */
};

struct overlayvm_result;

/*
 * Do what the plan says, to the last file: layer, image, report and trace.
 * Returns 0 when all is in its place; otherwise -1, and then every output is as
 * it was before, but where only the report or the trace could not be written.
 * Either way no process and no file is left but what the plan keeps. *result, unless `result` is NULL, is filled in as far as the run came,
 * and NULL only for want of memory.
 *
 * `cancel` is a descriptor, or -1: the run ends soon after it becomes readable,
 * as OVERLAYVM_CANCELLED. Nothing is read from it, so one eventfd(2), pipe(2)
 * or signalfd(2) can end several runs.
 */
int overlayvm_run(const struct overlayvm_plan *plan,
		  const struct overlayvm_events *events, int cancel,
		  struct overlayvm_result **result,
		  struct overlayvm_error *err);

/*
 * What of it can be checked and decided without starting anything: the output,
 * the image, QEMU, the guest image. The JSON that --dry-run prints; NULL where
 * the run would fail, as it would.
 */
char *overlayvm_preview(const struct overlayvm_plan *plan,
			const struct overlayvm_events *events, int cancel,
			struct overlayvm_result **result,
			struct overlayvm_error *err);

/*
 * The digest of all that the bytes of the layer depend on, for a cache: spec,
 * image, hooks, guest image. *inputs, unless `inputs` is NULL, gets the JSON
 * that it is of. -1 where the run would fail so early, and when cancelled.
 */
int overlayvm_hash(const struct overlayvm_plan *plan,
		   const struct overlayvm_events *events, int cancel,
		   char digest[OVERLAYVM_DIGEST_SIZE], char **inputs,
		   struct overlayvm_error *err);

enum overlayvm_class overlayvm_result_class(
	const struct overlayvm_result *result);

/* The exit status that the program has: of the hook, 124, 125, 128+N; 0. */
int overlayvm_result_status(const struct overlayvm_result *result);

/* Of the failure: "image", "boot", "guest"; "" if there was none. */
const char *overlayvm_result_phase(const struct overlayvm_result *result);

/* 1 if the same run may work another time, else 0. */
int overlayvm_result_retryable(const struct overlayvm_result *result);

/* Lowest first; NULL from the count on. None unless the run was done. */
size_t overlayvm_result_layer_count(const struct overlayvm_result *result);
const struct overlayvm_layer *overlayvm_result_layer(
	const struct overlayvm_result *result, size_t index);

/* "sha256:..." of the manifest of the image and of its configuration, which is
 * its ID; NULL where none was written. */
const char *overlayvm_result_image(const struct overlayvm_result *result);
const char *overlayvm_result_image_id(const struct overlayvm_result *result);

/* All steps, in their order; NULL from the count on. */
size_t overlayvm_result_step_count(const struct overlayvm_result *result);
const struct overlayvm_step *overlayvm_result_step(
	const struct overlayvm_result *result, size_t index);

/* The report, JSON: what the setting "report" writes. NULL after a preview. */
const char *overlayvm_result_report(const struct overlayvm_result *result);

void overlayvm_result_free(struct overlayvm_result *result);

#ifdef __cplusplus
}
#endif

#endif
