/* SPDX-License-Identifier: MIT */
/* doctor_facts.c - see doctor_facts.h */
#include "host/cli/doctor_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/cli/doctor_trial.h"
#include "host/jail/filter.h"
#include "host/jail/landlock.h"
#include "host/layer/cache.h"
#include "host/plan/surroundings.h"
#include "host/rescue/rescue.h"
#include "host/run/template_find.h"
#include "host/vm/accel.h"
#include "host/vm/kvm_trial.h"
#include "host/vm/program.h"
#include "images/blob.h"
#include "images/command.h"
#include "images/distribution.h"
#include "images/guest_image.h"
#include "images/guest_manifest.h"
#include "images/kernel.h"
#include "images/modules.h"
#include "images/place.h"

#define MIB UINT64_C(1048576) /* bytes */

/* What is too long is cut: it is shown, and no more. */
#define COPY(to, from)                                                         \
	(void)snprintf(to, sizeof(to), "%.*s", (int)sizeof(to) - 1, from)

static void find_qemu(struct doctor_facts *facts, const char *name)
{
	char *const argv[] = { facts->qemu, (char *)"--version", NULL };
	AUTO(blob) output = { 0 };
	autofree char *path = NULL;
	struct error why = { 0 };
	size_t length;

	if (program_find(name, &path, &why) < 0) {
		COPY(facts->qemu_why_not, why.msg);
		return;
	}
	COPY(facts->qemu, path);
	if (command_output(&output, argv, &why) < 0 || output.size == 0)
		return;
	length = strcspn((const char *)output.data, "\n");
	if (length > output.size)
		length = output.size;
	(void)snprintf(facts->qemu_version, sizeof(facts->qemu_version), "%.*s",
		       (int)length, (const char *)output.data);
}

/* What can be opened need not work: a run has tried it, or will. */
static void find_kvm(struct doctor_facts *facts)
{
	char failed[KVM_TRIAL_WHY];
	struct error why = { 0 };

	if (accel_probe_kvm(&why) < 0)
		COPY(facts->kvm_why_not, why.msg);
	else if (kvm_trial_has_failed(facts->qemu, failed))
		(void)snprintf(facts->kvm_why_not, sizeof(facts->kvm_why_not),
			       "KVM has failed since this machine started: "
			       "%.150s (--accel kvm tries it again)",
			       failed);
	else
		facts->kvm = true;
}

static void find_features(struct doctor_facts *facts, const char *dir)
{
	AUTO(guest_manifest) manifest = { 0 };
	struct error ignored;
	const char *lack;

	if (guest_manifest_read(&manifest, dir, &ignored) < 0)
		return;
	facts->features_known = manifest.features.count > 0;
	lack = modules_lacking(&manifest.features, false);
	if (lack)
		COPY(facts->no_feature, lack);
	lack = modules_lacking(&manifest.features, true);
	if (lack)
		COPY(facts->no_network, lack);
}

/* The one that the run at the end would take. */
static void find_template(struct doctor_facts *facts, const char *guest_key)
{
	AUTO(template) template = TEMPLATE_NONE;
	AUTO(plan) plan = { 0 };
	struct template_wish wish = { .qemu = facts->qemu,
				      .guest_key = guest_key,
				      .kvm = facts->kvm };
	bool no_sandbox = false;
	struct error why = { 0 };

	if (!*facts->qemu || doctor_trial_plan(&plan, &why) < 0)
		return;
	wish.memory = plan.memory;
	wish.disk_size = plan.disk_size * MIB;
	wish.cpus = plan.cpus;
	if (template_find(&template, &wish, &no_sandbox, &why) < 0)
		return;
	if (template_look(&template, &why) == 0) {
		facts->template = DOCTOR_TEMPLATE_SAVED;
	} else if (why.code == ENOENT) {
		facts->template = DOCTOR_TEMPLATE_NONE;
	} else {
		facts->template = DOCTOR_TEMPLATE_USELESS;
		COPY(facts->template_why_not, why.msg);
	}
}

/* After QEMU and KVM. */
static void find_guest(struct doctor_facts *facts)
{
	AUTO(guest_image) guest = { 0 };
	struct error why = { 0 };

	if (guest_image_find(&guest, &why) < 0) {
		COPY(facts->guest_why_not, why.msg);
		kernel_find_cure(facts->guest_cure, "");
		return;
	}
	COPY(facts->guest, guest.dir);
	COPY(facts->kernel, guest.kernel_version);
	find_features(facts, guest.dir);
	find_template(facts, guest.key);
}

/* The directory, or the first above it that is there, which it is made in. */
static void existing(char at[4096], const char *path)
{
	char *slash;

	(void)snprintf(at, 4096, "%s", path);
	while (access(at, F_OK) < 0 && errno == ENOENT &&
	       (slash = strrchr(at, '/')))
		*(slash == at ? slash + 1 : slash) = '\0';
}

static bool is_usable(const char *path)
{
	char at[4096];

	existing(at, path);
	return access(at, W_OK | X_OK) == 0;
}

/* MiB free for a directory that is made there, or 0. */
static uint64_t free_space(const char *path)
{
	char at[4096];
	struct statvfs fs;

	existing(at, path);
	if (statvfs(at, &fs) < 0)
		return 0;
	return (uint64_t)fs.f_bavail * fs.f_frsize / MIB;
}

static void find_templates(struct doctor_facts *facts, const char *cache)
{
	AUTO(cache_list) list = { 0 };
	struct error ignored;
	uint64_t size = 0;

	if (cache_list_all(&list, cache, &ignored) < 0)
		return;
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.items[i].kind, "templates") == 0) {
			facts->templates++;
			size += list.items[i].size;
		}
	facts->templates_size = size / MIB;
}

static void find_cache(struct doctor_facts *facts)
{
	autofree char *path = NULL;
	struct error why = { 0 };

	if (place_cached("", &path, &why) < 0) {
		COPY(facts->cache_why_not, why.msg);
		return;
	}
	COPY(facts->cache, path);
	facts->cache_free = free_space(path);
	find_templates(facts, path);
	facts->cache_usable = is_usable(path);
	if (!facts->cache_usable)
		(void)snprintf(facts->cache_why_not,
			       sizeof(facts->cache_why_not),
			       "write to '%.150s': %s", path, strerror(errno));
}

static void find_tmpdir(struct doctor_facts *facts,
			const struct surroundings *around)
{
	COPY(facts->tmpdir, around->tmpdir);
	facts->tmpdir_free = around->disk_free;
	facts->tmpdir_usable = access(around->tmpdir, W_OK | X_OK) == 0;
	if (!facts->tmpdir_usable)
		(void)snprintf(facts->tmpdir_why_not,
			       sizeof(facts->tmpdir_why_not),
			       "write to '%.150s': %s", around->tmpdir,
			       strerror(errno));
}

static void find_kernel(struct doctor_facts *facts)
{
	struct utsname name;

	if (uname(&name) == 0)
		COPY(facts->host_kernel, name.release);
	/* There is no such process, but the call. */
	facts->pidfd = syscall(SYS_pidfd_open, -1, 0) == 0 || errno != ENOSYS;
}

static void find_passt(struct doctor_facts *facts, const char *named)
{
	autofree char *path = NULL;
	struct error ignored;

	facts->no_passt = named && strcmp(named, "none") == 0;
	if (!facts->no_passt &&
	    program_find(named ? named : "passt", &path, &ignored) == 0)
		COPY(facts->passt, path);
}

static void find_confinement(struct doctor_facts *facts)
{
	AUTO(landlock) landlock = LANDLOCK_NONE;
	struct error ignored;

	if (landlock_begin(&landlock, &ignored) == 0)
		facts->landlock = landlock.version;
	facts->filter = filter_works();
}

void doctor_find(struct doctor_facts *facts)
{
	struct surroundings around;
	autofree char *tar2sqfs = NULL;
	struct error why = { 0 };

	*facts = (struct doctor_facts){ 0 };
	surroundings_read(&around);
	facts->memory = around.memory;
	distribution_read(facts->os_release, "");
	find_kernel(facts);
	find_qemu(facts, around.qemu);
	find_kvm(facts);
	find_guest(facts);
	if (program_find("tar2sqfs", &tar2sqfs, &why) == 0)
		COPY(facts->tar2sqfs, tar2sqfs);
	find_cache(facts);
	find_tmpdir(facts, &around);
	find_confinement(facts);
	find_passt(facts, around.passt);
	if (rescue_available(&why) < 0)
		COPY(facts->no_rescue, why.msg);
}
