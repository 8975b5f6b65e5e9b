/* SPDX-License-Identifier: MIT */
/* template.h - a machine that has booted, saved to be restored by every run */
#ifndef HOST_VM_TEMPLATE_H
#define HOST_VM_TEMPLATE_H

#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/tempdir.h"

/*
 * A directory <cache>/templates/KEY with `ram`, the memory, `state`, the
 * devices, and `template.json`. The key names everything that decides what is
 * in them, so a template is never stale; what can happen to it is damage.
 *
 * QEMU before 8.2 opens the memory file for writing although it maps it
 * privately. So that no QEMU that a guest has taken over can leave something
 * for later runs, inode, size, mtime and ctime of both files are written down
 * when the template is made, and compared before each use: who has no root
 * cannot set a ctime.
 */
struct template
{
	char *dir;	 /* owned; the template's own directory */
	char kernel[96]; /* what the guest said in its HELLO */
	int state;	 /* owned; open for reading; -1 if it is not open */
};

#define TEMPLATE_NONE                                                          \
	{                                                                      \
		.state = -1                                                    \
	}

/* Name the template of that key. ENOENT if there is no place for a cache. */
int template_name(struct template *template, const char *key,
		  struct error *err);

/*
 * Open the template of that name. ENOENT if there is none; anything else
 * means that it is of no use, and should be dropped.
 */
int template_open(struct template *template, struct error *err);

/* Remove the template: something is wrong with it. */
void template_drop(const struct template *template);

/* A template that is being made, in a directory that no other run sees. */
struct template_draft {
	struct tempdir dir;
	int state; /* owned; open for writing */
};

#define TEMPLATE_DRAFT_NONE                                                    \
	{                                                                      \
		.state = -1                                                    \
	}

/* Make the directory, an empty `state`, and a `ram` of `memory` MiB. */
int template_begin(struct template_draft *draft, uint64_t memory,
		   struct error *err);

/*
 * The machine has been saved, QEMU has ended: give it its name. If another run
 * was faster its template stays, and this one goes.
 */
int template_publish(struct template_draft *draft,
		     const struct template *template, const char *kernel,
		     struct error *err);

/* Without template_publish() before it, nothing is left of the draft. */
void template_draft_release(struct template_draft *draft);
void template_release(struct template *template);

DEFINE_AUTO(template, template_release)
DEFINE_AUTO(template_draft, template_draft_release)

#endif
