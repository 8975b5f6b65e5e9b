/* SPDX-License-Identifier: MIT */
/* template_find.h - which template a machine would be restored from */
#ifndef HOST_RUN_TEMPLATE_FIND_H
#define HOST_RUN_TEMPLATE_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "host/vm/template.h"

/* What is wanted of the machine. */
struct template_wish {
	const char *qemu;      /* path of the program */
	const char *guest_key; /* of the guest image */
	uint64_t disk_size;    /* bytes of the scratch disk */
	uint64_t memory;       /* MiB */
	unsigned cpus;
	bool kvm;
	bool network; /* it has a network card */
};

/*
 * Name the template of such a machine, there or not. `no_sandbox`: that this
 * QEMU has none is known; it becomes true if only a template without one is
 * there, which means that an earlier run was told so. Fails as template_key()
 * and template_name() do.
 */
int template_find(struct template *template, const struct template_wish *wish,
		  bool *no_sandbox, struct error *err);

#endif
