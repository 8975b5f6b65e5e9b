/* SPDX-License-Identifier: MIT */
/* confine.c - see confine.h */
#include "host/vm/confine.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "host/vm/layers_disk.h"
#include "host/vm/qemu.h"

/* QEMU's descriptors besides those of the layers. */
#define FILES_SPARE 256

/* Its code, libraries, caches of translated code, and stacks of threads: under
 * emulation it takes 1.5 GiB of address space besides the guest's memory. */
#define MEMORY_SPARE (UINT64_C(16) << 30) /* bytes */

/* What belongs to a QEMU that is installed elsewhere, from its own directory. */
static const char *const own_places[] = {
	"../lib", "../lib64", "../libexec", "../share/qemu", "../share/seabios",
};

static const struct {
	const char *path;
	unsigned rights;
} devices[] = {
	{ "/dev/null", LANDLOCK_READ | LANDLOCK_WRITE },
	{ "/dev/zero", LANDLOCK_READ },
	{ "/dev/random", LANDLOCK_READ },
	{ "/dev/urandom", LANDLOCK_READ },
};

static int allow_program(struct landlock *landlock, const char *program,
			 struct error *err)
{
	const unsigned rights = LANDLOCK_READ | LANDLOCK_EXECUTE;
	int length = (int)(strrchr(program, '/') - program);

	for (size_t i = 0; i < COUNT_OF(own_places); i++) {
		char path[4096];

		(void)snprintf(path, sizeof(path), "%.*s/%s", length, program,
			       own_places[i]);
		if (landlock_allow(landlock, AT_FDCWD, path, rights, err) < 0)
			return -1;
	}
	return landlock_allow_program(landlock, program, err);
}

static int allow_devices(struct landlock *landlock, bool kvm, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(devices); i++)
		if (landlock_allow(landlock, AT_FDCWD, devices[i].path,
				   devices[i].rights, err) < 0)
			return -1;
	if (!kvm)
		return 0;
	return landlock_allow(landlock, AT_FDCWD, "/dev/kvm",
			      LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_DEVICE,
			      err);
}

static int allow_files(struct landlock *landlock, int dir, size_t layers,
		       struct error *err)
{
	static const char *const read[] = { QEMU_KERNEL, QEMU_INITRAMFS,
					    QEMU_LAYERS, LAYERS_DISK_END };
	static const char *const written[] = { QEMU_SCRATCH, QEMU_RAM };

	for (size_t i = 0; i < COUNT_OF(read); i++)
		if (landlock_allow(landlock, dir, read[i], LANDLOCK_READ, err) <
		    0)
			return -1;
	for (size_t i = 0; i < COUNT_OF(written); i++)
		if (landlock_allow(landlock, dir, written[i],
				   LANDLOCK_READ | LANDLOCK_WRITE, err) < 0)
			return -1;
	for (size_t i = 0; i < layers; i++) {
		char link[LAYERS_DISK_LINK_MAX];

		layers_disk_link(link, i);
		if (landlock_allow(landlock, dir, link, LANDLOCK_READ, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_passed_on(const char *variable)
{
	static const char *const names[] = { "PATH=", "LD_LIBRARY_PATH=",
					     "OVERLAYVM_" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

int confine_environment(char ***environment, struct error *err)
{
	size_t count = 0;

	while (environ[count])
		count++;
	*environment = calloc(count + 1, sizeof(**environment));
	if (!*environment)
		return error_set(err, ENOMEM, "out of memory");
	count = 0;
	for (char **variable = environ; *variable; variable++)
		if (is_passed_on(*variable))
			(*environment)[count++] = *variable;
	return 0;
}

int confine_make(struct confine *confine, const struct confine_options *options,
		 struct confinement *confinement, struct error *err)
{
	AUTO(confine) made = CONFINE_NONE;

	if ((options->network ? landlock_begin_with_network(&made.landlock, err)
			      : landlock_begin(&made.landlock, err)) < 0 ||
	    allow_program(&made.landlock, options->program, err) < 0 ||
	    allow_devices(&made.landlock, options->kvm, err) < 0 ||
	    allow_files(&made.landlock, options->dir, options->layers, err) <
		    0 ||
	    (options->network &&
	     landlock_allow(&made.landlock, AT_FDCWD, "/etc/resolv.conf",
			    LANDLOCK_READ, err) < 0) ||
	    filter_for_program(&made.filter, options->network, err) < 0 ||
	    confine_environment(&made.environment, err) < 0)
		return error_prefix(err, "confine QEMU");
	made.memory = options->memory + MEMORY_SPARE;
	made.file_size = options->file_size;
	made.files = options->layers + FILES_SPARE;

	confinement->landlock = made.landlock.version;
	confinement->filter = made.filter.context != NULL;
	*confine = made;
	made = (struct confine)CONFINE_NONE;
	return 0;
}

/* Never more than there was. */
static int limit(int resource, rlim_t most)
{
	struct rlimit old;
	struct rlimit new;

	if (getrlimit(resource, &old) < 0)
		return -1;
	new.rlim_max = old.rlim_max < most ? old.rlim_max : most;
	new.rlim_cur = new.rlim_max;
	return setrlimit(resource, &new);
}

int confine_enter(const struct confine *confine)
{
	if (limit(RLIMIT_CORE, 0) < 0 ||
	    limit(RLIMIT_FSIZE, confine->file_size) < 0 ||
	    limit(RLIMIT_NOFILE, confine->files) < 0 ||
	    limit(RLIMIT_AS, confine->memory) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    landlock_enter(&confine->landlock) < 0)
		return -1;
	return filter_enter(&confine->filter);
}

void confine_release(struct confine *confine)
{
	landlock_release(&confine->landlock);
	filter_release(&confine->filter);
	free(confine->environment);
	*confine = (struct confine)CONFINE_NONE;
}
