/* SPDX-License-Identifier: MIT */
/* doctor_checks.c - see doctor_checks.h */
#include "host/cli/doctor_checks.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/distribution.h"

/* What the defaults of a run take: MiB. */
#define DISK_WANTED   1024
#define MEMORY_WANTED 1024
#define CACHE_WANTED                                                           \
	512 /* a guest image, a template, the layers of one image */

static void say(struct doctor_check *check, enum doctor_verdict verdict,
		const char *fmt, ...) PRINTF_LIKE(3, 4);

static void say(struct doctor_check *check, enum doctor_verdict verdict,
		const char *fmt, ...)
{
	va_list args;

	check->verdict = verdict;
	va_start(args, fmt);
	(void)vsnprintf(check->text, sizeof(check->text), fmt, args);
	va_end(args);
}

static void judge_qemu(const struct doctor_facts *facts,
		       struct doctor_check *check)
{
	if (!*facts->qemu)
		say(check, DOCTOR_MISSING, "%s", facts->qemu_why_not);
	else if (!*facts->qemu_version)
		say(check, DOCTOR_MISSING, "'%s' does not say its version",
		    facts->qemu);
	else
		say(check, DOCTOR_OK, "%s, %s", facts->qemu,
		    facts->qemu_version);
	if (check->verdict == DOCTOR_MISSING)
		check->cure = distribution_cure(facts->os_release, NEED_QEMU);
}

static void judge_accel(const struct doctor_facts *facts,
			struct doctor_check *check)
{
	if (facts->kvm)
		say(check, DOCTOR_OK, "KVM");
	else
		say(check, DOCTOR_WORSE, "emulated: %s", facts->kvm_why_not);
}

static void judge_guest(const struct doctor_facts *facts,
			struct doctor_check *check)
{
	if (*facts->guest) {
		say(check, DOCTOR_OK, "%s, Linux %s", facts->guest,
		    facts->kernel);
		return;
	}
	say(check, DOCTOR_MISSING, "%s", facts->guest_why_not);
	check->cure = facts->guest_cure;
}

/* guest build refuses it now, but an image may be older, or not its work. */
static void judge_features(const struct doctor_facts *facts,
			   struct doctor_check *check)
{
	if (!*facts->guest)
		say(check, DOCTOR_MISSING, "none without a guest image");
	else if (!facts->features_known)
		say(check, DOCTOR_OK,
		    "its image is older, and does not say what it has");
	else if (*facts->no_feature)
		say(check, DOCTOR_MISSING,
		    "it has no '%s', which each guest needs",
		    facts->no_feature);
	else if (*facts->no_network)
		say(check, DOCTOR_WORSE,
		    "it has no '%s', which --network user needs",
		    facts->no_network);
	else
		say(check, DOCTOR_OK, "it has all that a guest needs");
	if (*facts->guest && check->verdict != DOCTOR_OK)
		check->cure = distribution_cure(facts->os_release, NEED_KERNEL);
}

/* Whether it serves is for the run at the end to show. */
static void judge_template(const struct doctor_facts *facts,
			   struct doctor_check *check)
{
	if (!facts->cache_usable)
		say(check, DOCTOR_WORSE, "none can be saved: each run boots");
	else if (facts->template == DOCTOR_TEMPLATE_USELESS)
		say(check, DOCTOR_WORSE,
		    "%s: the next run saves another, in its place",
		    facts->template_why_not);
	else if (facts->template == DOCTOR_TEMPLATE_NONE ||
		 facts->templates == 0)
		say(check, DOCTOR_OK, "none yet: the first run saves one");
	else if (facts->template == DOCTOR_TEMPLATE_SAVED)
		say(check, DOCTOR_OK,
		    "saved, one of %" PRIu64 ", %" PRIu64 " MiB in all",
		    facts->templates, facts->templates_size);
	else
		say(check, DOCTOR_OK,
		    "%" PRIu64 " saved, %" PRIu64 " MiB in all",
		    facts->templates, facts->templates_size);
}

static void judge_kernel(const struct doctor_facts *facts,
			 struct doctor_check *check)
{
	if (facts->pidfd)
		say(check, DOCTOR_OK, "Linux %s", facts->host_kernel);
	else
		say(check, DOCTOR_MISSING,
		    "Linux %s has no pidfd_open(2), which 5.3 and later have",
		    facts->host_kernel);
}

static void judge_layers(const struct doctor_facts *facts,
			 struct doctor_check *check)
{
	if (*facts->tar2sqfs) {
		say(check, DOCTOR_OK, "%s", facts->tar2sqfs);
		return;
	}
	say(check, DOCTOR_WORSE,
	    "no tar2sqfs: the guest unpacks each layer in each run");
	check->cure = distribution_cure(facts->os_release, NEED_TAR2SQFS);
}

static void judge_cache(const struct doctor_facts *facts,
			struct doctor_check *check)
{
	if (facts->cache_usable && facts->cache_free < CACHE_WANTED)
		say(check, DOCTOR_WORSE,
		    "%s has %" PRIu64 " MiB free, and templates and prepared "
		    "layers want %d (OVERLAYVM_CACHE names another place)",
		    facts->cache, facts->cache_free, CACHE_WANTED);
	else if (facts->cache_usable)
		say(check, DOCTOR_OK, "%s, %" PRIu64 " MiB free", facts->cache,
		    facts->cache_free);
	else
		say(check, DOCTOR_WORSE,
		    "%s: each run boots, and prepares its layers anew "
		    "(OVERLAYVM_CACHE names another place)",
		    facts->cache_why_not);
}

static void judge_tmpdir(const struct doctor_facts *facts,
			 struct doctor_check *check)
{
	if (!facts->tmpdir_usable)
		say(check, DOCTOR_MISSING,
		    "%s (OVERLAYVM_TMPDIR names another place)",
		    facts->tmpdir_why_not);
	else if (facts->tmpdir_free < DISK_WANTED)
		say(check, DOCTOR_WORSE,
		    "%s has %" PRIu64 " MiB free, and a scratch disk may grow "
		    "to %d (OVERLAYVM_TMPDIR names another place)",
		    facts->tmpdir, facts->tmpdir_free, DISK_WANTED);
	else
		say(check, DOCTOR_OK, "%s, %" PRIu64 " MiB free", facts->tmpdir,
		    facts->tmpdir_free);
}

static void judge_memory(const struct doctor_facts *facts,
			 struct doctor_check *check)
{
	say(check, facts->memory < MEMORY_WANTED ? DOCTOR_WORSE : DOCTOR_OK,
	    "%" PRIu64 " MiB; a guest has 512 unless --memory says other",
	    facts->memory);
}

static void judge_confinement(const struct doctor_facts *facts,
			      struct doctor_check *check)
{
	if (facts->landlock > 0 && facts->filter)
		say(check, DOCTOR_OK, "Landlock %u, system call filters",
		    facts->landlock);
	else
		say(check, DOCTOR_WORSE,
		    "%s%s%s: QEMU and the readers of images are confined less",
		    facts->landlock ? "" : "no Landlock",
		    facts->landlock || facts->filter ? "" : ", ",
		    facts->filter ? "" : "no system call filters");
}

static void judge_network(const struct doctor_facts *facts,
			  struct doctor_check *check)
{
	if (*facts->passt)
		say(check, DOCTOR_OK, "%s", facts->passt);
	else if (facts->no_passt)
		say(check, DOCTOR_OK, "QEMU's own, as OVERLAYVM_PASST says");
	else
		say(check, DOCTOR_WORSE,
		    "no passt: with --network user QEMU may open sockets");
	if (check->verdict == DOCTOR_WORSE)
		check->cure = distribution_cure(facts->os_release, NEED_PASST);
}

static void judge_rescue(const struct doctor_facts *facts,
			 struct doctor_check *check)
{
	if (facts->no_rescue[0])
		say(check, DOCTOR_WORSE, "%s", facts->no_rescue);
	else
		say(check, DOCTOR_OK, "libguestfs");
}

static const struct {
	const char *name;
	void (*judge)(const struct doctor_facts *facts,
		      struct doctor_check *check);
} judges[DOCTOR_CHECKS] = {
	{ "kernel", judge_kernel },	      { "QEMU", judge_qemu },
	{ "accelerator", judge_accel },	      { "guest image", judge_guest },
	{ "guest kernel", judge_features },   { "template", judge_template },
	{ "prepared layers", judge_layers },  { "cache", judge_cache },
	{ "temporary files", judge_tmpdir },  { "memory", judge_memory },
	{ "confinement", judge_confinement }, { "network", judge_network },
	{ "kept disks", judge_rescue },
};

void doctor_judge(const struct doctor_facts *facts,
		  struct doctor_check checks[DOCTOR_CHECKS])
{
	for (size_t i = 0; i < COUNT_OF(judges); i++) {
		checks[i] = (struct doctor_check){ .name = judges[i].name };
		judges[i].judge(facts, &checks[i]);
	}
}

const char *doctor_verdict_name(enum doctor_verdict verdict)
{
	static const char *const names[] = {
		[DOCTOR_OK] = "ok",
		[DOCTOR_WORSE] = "worse",
		[DOCTOR_MISSING] = "missing",
	};

	return names[verdict];
}
