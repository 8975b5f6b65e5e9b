/* SPDX-License-Identifier: MIT */
/* guest_manifest.h - manifest.json, which says what a guest image is */
#ifndef IMAGES_GUEST_MANIFEST_H
#define IMAGES_GUEST_MANIFEST_H

#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/blob.h"
#include "images/name_list.h"

/* Raised when an older program could not use an image that a newer made. */
#define GUEST_MANIFEST_FORMAT 1
#define GUEST_MANIFEST_MAX    (1024 * 1024) /* bytes */
#define GUEST_FEATURES_MAX    64

struct guest_file {
	uint64_t size; /* bytes */
	char sha256[BLOB_SHA256 + 1];
};

/*
 *	{
 *	  "format": 1,
 *	  "overlayvm": "0.1.0",             the program that made it
 *	  "wire": 1,                        FRAME_VERSION of its agent
 *	  "architecture": "x86_64",
 *	  "kernelVersion": "6.1.0-56-cloud-amd64",
 *	  "key": "9f...",                   of all that the image is made of
 *	  "kernel": { "size": 1, "sha256": "..." },
 *	  "initramfs": { "size": 1, "sha256": "..." },
 *	  "features": [ "overlay", ... ],   what a run needs of the kernel and
 *	                                    it has; older programs wrote none
 *	  "modules": [ "virtio", ... ],     in the order in which they load
 *	  "tools": [ "bash", ... ],
 *	  "toolsLeftOut": [ "jshon", ... ]  not there when the image was made
 *	}
 */
struct guest_manifest {
	char *kernel_version; /* owned */
	char key[BLOB_SHA256 + 1];
	struct guest_file kernel;
	struct guest_file initramfs;
	struct name_list features; /* none: not known */
	struct name_list modules;  /* this and the next two are only written */
	struct name_list tools;
	struct name_list left_out;
};

/* Write DIR/manifest.json, readable for all and on the disk. */
int guest_manifest_write(const struct guest_manifest *manifest, const char *dir,
			 struct error *err);

/*
 * Read DIR/manifest.json. Fails if there is none, if it is not of the form
 * above, and with EPROTO if it is of another format, for another machine or
 * has an agent that speaks another version of the protocol.
 */
int guest_manifest_read(struct guest_manifest *manifest, const char *dir,
			struct error *err);

void guest_manifest_release(struct guest_manifest *manifest);

DEFINE_AUTO(guest_manifest, guest_manifest_release)

#endif
