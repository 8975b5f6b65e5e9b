/* SPDX-License-Identifier: MIT */
/* template.h - a machine that has booted, saved to be restored by every run */
#ifndef HOST_VM_TEMPLATE_H
#define HOST_VM_TEMPLATE_H

#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/vm/kept.h"

/*
 * Kept in <cache>/templates/KEY: `ram`, the memory, `state`, the devices, and
 * `scratch.img`, the scratch disk, which that guest has mounted.
 * QEMU before 8.2 opens the memory file for writing although it maps it
 * privately; kept.h says how a template is protected from that.
 */
struct template
{
	struct kept kept; /* its word is the kernel that HELLO named */
	int state;	  /* owned; open for reading; -1 if it is not open */
};

#define TEMPLATE_NONE                                                          \
	{                                                                      \
		.kept = KEPT_NONE, .state = -1                                 \
	}

/* Name the template of that key. ENOENT if there is no place for a cache. */
int template_name(struct template *template, const char *key,
		  struct error *err);

/* As kept_open(). */
int template_open(struct template *template, struct error *err);

/* As kept_look(). */
int template_look(struct template *template, struct error *err);

/* After template_open(): copy its scratch disk, as disk_copy() does. */
int template_copy_scratch(const struct template *template, int dir,
			  uint64_t size, struct error *err);

/*
 * After template_open(): is the memory still what it was then? ESTALE if not:
 * another machine that shares it may have changed what this one read. One that
 * is not open is unchanged.
 */
int template_unchanged(const struct template *template, struct error *err);

/* A template that is being made. */
struct template_draft {
	struct kept_draft draft;
	int state; /* owned; open for writing */
};

#define TEMPLATE_DRAFT_NONE                                                    \
	{                                                                      \
		.draft = KEPT_DRAFT_NONE, .state = -1                          \
	}

/* Make the directory, an empty `state`, and a `ram` of `memory` MiB. */
int template_begin(struct template_draft *draft, uint64_t memory,
		   struct error *err);

/* The machine has been saved: keep its scratch disk, which is in `dir`. */
int template_keep_scratch(struct template_draft *draft, int dir, uint64_t size,
			  struct error *err);

/* The machine has been saved, and QEMU has ended: as kept_publish(). */
int template_publish(struct template_draft *draft,
		     const struct template *template, const char *kernel,
		     struct error *err);

void template_draft_release(struct template_draft *draft);
void template_release(struct template *template);

DEFINE_AUTO(template, template_release)
DEFINE_AUTO(template_draft, template_draft_release)

#endif
