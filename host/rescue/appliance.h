/* SPDX-License-Identifier: MIT */
/* appliance.h - libguestfs' virtual machine, with the disk mounted read-only */
#ifndef HOST_RESCUE_APPLIANCE_H
#define HOST_RESCUE_APPLIANCE_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/rescue/library.h"
#include "host/rescue/rescue.h"

/* How the file system is mounted. noload: a journal, should there be one, is
 * not replayed. */
#define APPLIANCE_OPTIONS "ro,noload,nodev,nosuid,noexec"

/* Usable from { 0 }. */
struct appliance {
	struct library library;
	guestfs_h *g; /* owned */
	const struct rescue *rescue;
};

/*
 * Start it, emulated where KVM cannot be used, and mount the disk's file system
 * as its root. ENOENT if libguestfs has no kernel to make its appliance of;
 * EIO for what else libguestfs says, in its words.
 */
int appliance_start(struct appliance *appliance, const struct rescue *rescue,
		    struct error *err);

/*
 * What libguestfs said of its last call, behind "fmt: "; returns -1. The code
 * is the errno of the appliance, and then the message is that of strerror(3);
 * EIO if there is none.
 */
int appliance_error(const struct appliance *appliance, struct error *err,
		    const char *fmt, ...) PRINTF_LIKE(3, 4);

void appliance_release(struct appliance *appliance);

DEFINE_AUTO(appliance, appliance_release)

/* Which of libguestfs' settings emulation wants; NULL if KVM can be used. */
const char *appliance_setting(void);

#endif
