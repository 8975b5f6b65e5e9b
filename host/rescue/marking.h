/* SPDX-License-Identifier: MIT */
/* marking.h - what overlayfs says of a directory, as markers of OCI */
#ifndef HOST_RESCUE_MARKING_H
#define HOST_RESCUE_MARKING_H

#include <stdbool.h>

#include "guest/shared/error.h"
#include "host/layer/base.h"
#include "host/rescue/appliance.h"
#include "host/rescue/attributes.h"
#include "host/rescue/directory.h"

/* Of a whole upper directory. Plain data, borrowed. */
struct marking {
	const struct appliance *appliance;
	const struct base *base;     /* what is below; NULL: nothing, or: */
	const struct error *why_not; /* it is not known, for this reason */
	bool converted;		     /* the agent has done all this already */
};

/* Of one directory in it. */
struct marking_place {
	const char *path;    /* in the layer; "" is the root */
	const char *on_disk; /* where it lies */
	bool hidden;	     /* nothing below it is seen here */
	bool opaque;
};

/* What the xattrs of the directory itself say; the rest of *place is filled in
 * already. EINVAL for what a layer cannot express. */
int marking_enter(const struct marking *marking, struct marking_place *place,
		  const struct attributes *attributes, struct error *err);

/*
 * Make of the names that overlayfs has for deletions those that the layer has,
 * by the rules of guest/agent/convert.h; ones that say nothing are nothing.
 * Names have been read and become those of the layer, in any order. Fails as
 * upper_convert() does, and with the code of marking->why_not.
 */
int marking_apply(const struct marking *marking,
		  const struct marking_place *place,
		  struct directory *directory, struct error *err);

#endif
