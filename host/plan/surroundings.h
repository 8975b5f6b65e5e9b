/* SPDX-License-Identifier: MIT */
/* surroundings.h - what a plan depends on besides the request */
#ifndef HOST_PLAN_SURROUNDINGS_H
#define HOST_PLAN_SURROUNDINGS_H

#include <stdbool.h>
#include <stdint.h>

#define SURROUNDINGS_PROXIES 10

/* A variable that names a proxy, as curl(1) and others know them. */
struct surroundings_proxy {
	const char *name;  /* "http_proxy" and so on, static */
	const char *value; /* NULL if it is not set */
};

/* Strings are borrowed from the environment. */
struct surroundings {
	const char *qemu;	       /* OVERLAYVM_QEMU or its name in PATH */
	const char *passt;	       /* OVERLAYVM_PASST, or NULL */
	const char *tmpdir;	       /* where run directories go */
	const char *source_date_epoch; /* NULL if it is not set */
	const char *cache_size;	       /* OVERLAYVM_CACHE_SIZE, or NULL */
	struct surroundings_proxy proxies[SURROUNDINGS_PROXIES];
	uint64_t memory;    /* MiB that the host has */
	uint64_t disk_free; /* MiB free below tmpdir */
	bool terminal;	    /* the process has one that controls it */
};

/*
 * Read them. A tmpdir that cannot be asked has no free space limit here
 * (UINT64_MAX); that it cannot be used is noticed, and said, when it is used.
 */
void surroundings_read(struct surroundings *surroundings);

#endif
