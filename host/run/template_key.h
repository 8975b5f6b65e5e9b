/* SPDX-License-Identifier: MIT */
/* template_key.h - what decides the state of a machine that has booted */
#ifndef HOST_RUN_TEMPLATE_KEY_H
#define HOST_RUN_TEMPLATE_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "host/image/digest.h"
#include "host/vm/args.h"

/*
 * The SHA-256 over QEMU's file (words[0]: inode, size, mtime), its words, the
 * key of the guest image, the size of the scratch disk, which it has mounted
 * (bytes), and, with KVM, where "-cpu host" hands it through,
 * the processor. Fails with what stat(2) and open(2) say.
 */
int template_key(struct digest *key, const struct args *words,
		 const char *guest_key, uint64_t scratch_size, bool kvm,
		 struct error *err);

#endif
