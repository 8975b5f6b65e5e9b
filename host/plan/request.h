/* SPDX-License-Identifier: MIT */
/* request.h - what was asked for, on the command line or in a spec */
#ifndef HOST_PLAN_REQUEST_H
#define HOST_PLAN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"

/* What may be given several times, in this order. */
struct request_list {
	char **item; /* owned, as is each; NULL-terminated */
	size_t count;
};

/*
 * Everything as it was given: strings, unchecked but for their form as text.
 * NULL is what was not given. plan_make() checks and decides.
 */
struct request {
	char *name;
	char *from_image;
	char *from_image_name;
	char *from_image_tag;
	char *disk_size;
	char *memory;
	char *cpus;
	char *hooks[HOOK_COUNT]; /* their text, already out of the file */
	struct request_list run;
	struct request_list env;
	struct request_list input;
	struct request_list secret;
	char *output;
	char *output_image;
	char *out;
	struct request_list config;
	struct request_list limit;
	char *compress;
	char *report;
	char *trace;
	char *layers;
	char *accel;
	char *timeout;
	char *infra_exit;
	char *network;
	char *progress;
	char *no_template;   /* "true", or NULL */
	char *layer_per_run; /* "true", or NULL */
	char *keep_failed;
	char *shell_on_failure; /* "true", or NULL */
	char *verify;		/* "true", or NULL */
};

/*
 * One thing that can be asked for. The options of the command line, the keys
 * of the spec, the help and the tests come from one table of these.
 */
struct setting {
	const char *option; /* "disk-size", without the dashes */
	const char *key;    /* "diskSize", in the spec */
	const char *value;  /* "MIB", for the help; NULL for a flag */
	const char *help;
	size_t field; /* offset in struct request, of a char * as a rule */
	enum setting_kind {
		SETTING_TEXT,
		SETTING_NUMBER, /* the spec may say it as a number */
		SETTING_HOOK,	/* an option may name a file with @ */
		SETTING_FLAG, /* an option without value; a boolean in the spec */
		/* Repeatable: struct request_list; in the spec an object or
		 * an array. */
		SETTING_ENV,
		SETTING_GIVEN,
		SETTING_LIMIT,	/* the object's values may be numbers */
		SETTING_CONFIG, /* the object's values are of any kind */
		SETTING_RUN,	/* an array only */
	} kind;
	/* What the value may be, NULL-terminated; NULL: not of a list. */
	const char *const *words;
	/*
	 * The bytes of the layer do not depend on it: "overlayvm hash" passes
	 * it over. Where that is not certain it is false.
	 */
	bool apart;
};

/* Whether it is a list. */
bool setting_is_list(const struct setting *setting);

extern const struct setting settings[];
extern const size_t setting_count;

/*
 * Set one of them to a copy of the text; the last one said wins, those that
 * are repeatable add. ENOMEM is the only failure.
 */
int request_set(struct request *request, const struct setting *setting,
		const char *text, struct error *err);

/* As if it had not been given. */
void request_unset(struct request *request, const struct setting *setting);

/*
 * As request_set(), but `text` is ignored for a flag, and a hook that begins with '@' is read from that file,
 * "@-" from standard input. Fails with what open(2) and read(2) say, and with
 * EINVAL for a NUL byte in a hook.
 */
int request_set_option(struct request *request, const struct setting *setting,
		       const char *text, struct error *err);

void request_release(struct request *request);

DEFINE_AUTO(request, request_release)

#endif
