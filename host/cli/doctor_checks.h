/* SPDX-License-Identifier: MIT */
/* doctor_checks.h - what is known of this machine, and what follows from it */
#ifndef HOST_CLI_DOCTOR_CHECKS_H
#define HOST_CLI_DOCTOR_CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "images/distribution.h"

/* The template that a run with the default sizes would be restored from. */
enum doctor_template {
	DOCTOR_TEMPLATE_UNKNOWN, /* nothing can say which one it is */
	DOCTOR_TEMPLATE_NONE,
	DOCTOR_TEMPLATE_SAVED,
	DOCTOR_TEMPLATE_USELESS, /* broken, or changed by somebody */
};

/* Plain data: facts, as they were found. "" is what is not there. */
struct doctor_facts {
	char os_release[DISTRIBUTION_TEXT]; /* of this system */
	char qemu[256];			    /* path */
	char qemu_why_not[256];
	char qemu_version[128]; /* the first line that it prints; "": none */
	bool kvm;
	char kvm_why_not[256];
	char guest[256]; /* directory of the guest image */
	char guest_why_not[256];
	char guest_cure[DISTRIBUTION_CURE]; /* what makes one here */
	char kernel[128];		    /* of the guest */
	bool features_known;		    /* which the kernel has */
	char no_feature[64];		    /* that each run needs: the first */
	char no_network[64];		    /* the same for --network user */
	char cache[256];		    /* directory */
	bool cache_usable;
	char cache_why_not[256];
	uint64_t cache_free;	 /* MiB */
	uint64_t templates;	 /* that are saved there */
	uint64_t templates_size; /* MiB */
	enum doctor_template template;
	char template_why_not[512]; /* it is of no use */
	char tmpdir[256];
	bool tmpdir_usable;
	char tmpdir_why_not[256];
	uint64_t tmpdir_free;  /* MiB */
	uint64_t memory;       /* MiB that the host has */
	char tar2sqfs[256];    /* path */
	char passt[256];       /* path */
	bool no_passt;	       /* is not wanted */
	char host_kernel[128]; /* as uname -r says it */
	bool pidfd;	       /* pidfd_open(2): Linux 5.3 */
	unsigned landlock;     /* version, 0: none */
	bool filter;	       /* system calls can be filtered */
	char no_rescue[256];   /* why kept disks cannot be read; "": they can */
};

enum doctor_verdict {
	DOCTOR_OK,
	DOCTOR_WORSE,	/* a run works, but slower or less confined */
	DOCTOR_MISSING, /* no run works */
};

struct doctor_check {
	const char *name;
	enum doctor_verdict verdict;
	char text[512];	  /* what is there, or why not */
	const char *cure; /* a command, static or of the facts; NULL: nothing
			   * to do */
};

#define DOCTOR_CHECKS 13

/* One for each thing that a run needs or uses, always in the same order. */
void doctor_judge(const struct doctor_facts *facts,
		  struct doctor_check checks[DOCTOR_CHECKS]);

/* "ok", "worse", "missing". */
const char *doctor_verdict_name(enum doctor_verdict verdict);

#endif
