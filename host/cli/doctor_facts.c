/* SPDX-License-Identifier: MIT */
/* doctor_facts.c - see doctor_facts.h */
#include "host/cli/doctor_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/jail/filter.h"
#include "host/jail/landlock.h"
#include "host/plan/surroundings.h"
#include "host/rescue/rescue.h"
#include "host/vm/accel.h"
#include "host/vm/program.h"
#include "images/blob.h"
#include "images/command.h"
#include "images/guest_image.h"
#include "images/place.h"

/* What is too long is cut: it is shown, and no more. */
#define COPY(to, from)                                                         \
	(void)snprintf(to, sizeof(to), "%.*s", (int)sizeof(to) - 1, from)

static void read_os_release(struct doctor_facts *facts)
{
	static const char *const paths[] = { "/etc/os-release",
					     "/usr/lib/os-release" };
	ssize_t size = -1;

	for (size_t i = 0; size < 0 && i < COUNT_OF(paths); i++) {
		autoclose int fd = open(paths[i], O_RDONLY | O_CLOEXEC);

		if (fd >= 0)
			size = io_read(fd, facts->os_release,
				       sizeof(facts->os_release) - 1);
	}
	facts->os_release[size > 0 ? size : 0] = '\0';
}

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

static void find_guest(struct doctor_facts *facts)
{
	AUTO(guest_image) guest = { 0 };
	struct error why = { 0 };

	if (guest_image_find(&guest, &why) < 0) {
		COPY(facts->guest_why_not, why.msg);
		return;
	}
	COPY(facts->guest, guest.dir);
	COPY(facts->kernel, guest.kernel_version);
}

/* The directory, or the first above it that is there, which it is made in. */
static bool is_usable(const char *path)
{
	char at[4096];
	char *slash;

	COPY(at, path);
	while (access(at, F_OK) < 0 && errno == ENOENT &&
	       (slash = strrchr(at, '/')))
		*(slash == at ? slash + 1 : slash) = '\0';
	return access(at, W_OK | X_OK) == 0;
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
	read_os_release(facts);
	find_qemu(facts, around.qemu);
	facts->kvm = accel_probe_kvm(&why) == 0;
	if (!facts->kvm)
		COPY(facts->kvm_why_not, why.msg);
	find_guest(facts);
	if (program_find("tar2sqfs", &tar2sqfs, &why) == 0)
		COPY(facts->tar2sqfs, tar2sqfs);
	find_cache(facts);
	find_tmpdir(facts, &around);
	find_confinement(facts);
	if (rescue_available(&why) < 0)
		COPY(facts->no_rescue, why.msg);
}
