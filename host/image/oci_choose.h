/* SPDX-License-Identifier: MIT */
/* oci_choose.h - from the index of a layout to the manifest of one image */
#ifndef HOST_IMAGE_OCI_CHOOSE_H
#define HOST_IMAGE_OCI_CHOOSE_H

#include <stddef.h>

#include "guest/shared/error.h"
#include "host/image/choice.h"
#include "host/image/descriptor.h"
#include "host/image/oci_layout.h"

/* Indexes in indexes beyond this are refused. */
#define OCI_DEPTH_MAX 8

/*
 * Find the entry of an index.json that the choice names: the one at that
 * place; else the one that is called so, of several that which suits this
 * machine best; else the one whose ID it is, that is the digest of its config,
 * its manifest or its index. The first is the first that suits this machine.
 * *entry stays the index's.
 *
 * ENOENT if there is none, or none for this machine: the message lists what
 * there is. EINVAL if two different images are meant. Manifests are read when
 * nothing is called so; what is wrong with one is no failure then.
 */
int oci_choose(struct oci_layout *layout, const struct descriptors *index,
	       const struct choice *choice, const struct descriptor **entry,
	       struct error *err);

/*
 * Follow an entry to the manifest for this machine, through as many indexes as
 * there are. Fails as oci_layout_read() and oci_index_parse() do; ENOTSUP for
 * what is neither index nor manifest, E2BIG beyond OCI_DEPTH_MAX.
 */
int oci_resolve(struct oci_layout *layout, const struct descriptor *entry,
		struct descriptor *manifest, struct error *err);

/* How many different images of the index suit this machine. */
size_t oci_count(const struct descriptors *index);

#endif
