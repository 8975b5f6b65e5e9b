/* SPDX-License-Identifier: MIT */
/* boot.c - see boot.h */
#include "guest/agent/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest/agent/device.h"
#include "guest/agent/network.h"
#include "guest/shared/cleanup.h"

#define MODULES "/lib/modules"

static const struct {
	const char *type;
	const char *where;
	unsigned long flags;
	const char *data;
} mounts[] = {
	{ "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
	{ "sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
	{ "devtmpfs", "/dev", MS_NOSUID, "mode=0755" },
	{ "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "ptmxmode=0666" },
	{ "tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777" },
	{ "tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755" },
	{ "tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777" },
};

static const struct {
	const char *target;
	const char *link;
} links[] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
};

/* The one interface that there is without a network device. */
static void raise_loopback(void)
{
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	if (fd >= 0)
		(void)ioctl(fd, SIOCSIFFLAGS, &request);
}

int boot_mount(struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(mounts); i++) {
		(void)mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type,
			  mounts[i].flags, mounts[i].data) < 0)
			return error_errno(err, "mount '%s'", mounts[i].where);
	}
	for (size_t i = 0; i < COUNT_OF(links); i++)
		(void)symlink(links[i].target, links[i].link);
	(void)sethostname("overlayvm", strlen("overlayvm"));
	raise_loopback();
	return 0;
}

static int load_module(const char *name, struct error *err)
{
	char path[PATH_MAX];
	autoclose int fd = -1;

	(void)snprintf(path, sizeof(path), MODULES "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	if (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST)
		return error_errno(err, "load '%s'", path);
	return 0;
}

static int load_list(const char *path, struct error *err)
{
	autofclose FILE *order = fopen(path, "re");
	char name[NAME_MAX + 2];

	if (!order)
		return error_errno(err, "open '%s'", path);
	while (fgets(name, sizeof(name), order)) {
		name[strcspn(name, "\n")] = '\0';
		if (*name && load_module(name, err) < 0)
			return -1;
	}
	return 0;
}

int boot_load_modules(struct error *err)
{
	if (load_list(MODULES "/order", err) < 0)
		return -1;
	return network_has_card() ? load_list(MODULES "/network", err) : 0;
}
