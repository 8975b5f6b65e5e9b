/* SPDX-License-Identifier: MIT */
/* plan.h - what a run will do, decided before anything is touched */
#ifndef HOST_PLAN_PLAN_H
#define HOST_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"
#include "host/plan/config_change.h"
#include "host/plan/given.h"
#include "host/plan/limits.h"
#include "host/plan/request.h"
#include "host/plan/surroundings.h"

enum plan_accel {
	PLAN_ACCEL_AUTO, /* KVM where it works, otherwise TCG */
	PLAN_ACCEL_KVM,
	PLAN_ACCEL_TCG,
};

enum plan_layers {
	PLAN_LAYERS_MOUNT,  /* prepared on the host, the guest mounts it */
	PLAN_LAYERS_UNPACK, /* the guest unpacks each layer */
};

enum plan_network {
	PLAN_NETWORK_NONE,
	PLAN_NETWORK_USER, /* what the user's own programs can reach */
};

enum plan_compress {
	PLAN_COMPRESS_NONE,
	PLAN_COMPRESS_GZIP,
	PLAN_COMPRESS_ZSTD,
};

enum plan_progress {
	PLAN_PROGRESS_AUTO, /* TTY on a terminal, otherwise PLAIN */
	PLAN_PROGRESS_TTY,
	PLAN_PROGRESS_PLAIN,
	PLAN_PROGRESS_JSON,
	PLAN_PROGRESS_NONE,
};

/* A size that is to fit the image: `auto`. */
#define PLAN_FIT UINT64_C(0)

/* All strings are owned; NULL where nothing was asked for. */
struct plan {
	char *name;
	char *from_image;
	char *from_image_name; /* with the tag, or neither */
	char *from_image_tag;
	uint64_t disk_size; /* MiB, or PLAN_FIT */
	uint64_t memory;    /* MiB, or PLAN_FIT */
	unsigned cpus;
	struct message_text hooks[HOOK_COUNT];
	char **run; /* as each is; NULL-terminated; the commands, in order */
	size_t run_count;
	bool verify;	    /* there is no postUmount then */
	bool layer_per_run; /* with several, there is no `output` */
	char **env; /* as each is; NULL-terminated; what was asked for */
	size_t env_count;
	struct given *inputs; /* owned, as is each */
	size_t input_count;
	struct given *secrets; /* owned, as is each */
	size_t secret_count;
	char *output;	    /* "-" is standard output */
	char *out;	    /* a directory that is to be; or NULL */
	char *output_image; /* as it was said; target_parse() reads it */
	struct config_change *config; /* owned, as is each; for output_image */
	size_t config_count;
	enum plan_compress compress; /* the output */
	char *report;
	char *trace;
	char *keep_failed; /* a directory that is to be; or NULL */
	bool shell_on_failure;
	enum plan_layers layers;
	enum plan_accel accel;
	enum plan_progress progress;
	enum plan_network network;
	char **proxies; /* owned, as is each; NULL-terminated; for the guest */
	size_t proxy_count;
	bool no_template; /* boot, whatever is saved */
	uint64_t timeout; /* seconds, 0 for none */
	struct limits limits;
	unsigned infra_exit; /* exit status of failure_is_infra(); 0 for 125 */
	bool has_clamp;
	int64_t clamp;	  /* seconds since 1970, from SOURCE_DATE_EPOCH */
	char *qemu;	  /* a path, or a name to be found in PATH */
	char *passt;	  /* the same; NULL: QEMU is the network itself */
	bool passt_named; /* by the user, who wants no other then */
	char *tmpdir;
	uint64_t host_memory; /* MiB */
	uint64_t cache_size;  /* MiB that the cache may grow to */
};

/*
 * Check the request against the surroundings and decide. Touches nothing.
 * EINVAL for whatever is wrong, with a message that names the option, the
 * value and what it may be; ENOMEM. *plan must be { 0 } and stays so then.
 */
int plan_make(struct plan *plan, const struct request *request,
	      const struct surroundings *surroundings, struct error *err);

/* How many layers come out of it. */
size_t plan_layer_count(const struct plan *plan);

/*
 * The plan as a JSON object that is a spec again, the caller's to
 * json_object_put(); NULL for want of memory.
 */
struct json_object *plan_to_json(const struct plan *plan);

const char *plan_accel_name(enum plan_accel accel);
const char *plan_layers_name(enum plan_layers layers);
const char *plan_network_name(enum plan_network network);
const char *plan_compress_name(enum plan_compress compress);
const char *plan_progress_name(enum plan_progress progress);

void plan_release(struct plan *plan);

DEFINE_AUTO(plan, plan_release)

#endif
