/* SPDX-License-Identifier: MIT */
/* container.c - see container.h */
#include "guest/agent/container.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "guest/agent/given.h"
#include "guest/agent/network.h"
#include "guest/shared/cleanup.h"

/* In this order; a directory that is not there yet is made. */
static const struct {
	const char *type;
	const char *where;
	unsigned long flags;
	const char *data;
} mounts[] = {
	{ "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL },
	{ "sysfs", "sys", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL },
	{ "tmpfs", "dev", MS_NOSUID | MS_NOEXEC, "mode=0755" },
	{ "devpts", "dev/pts", MS_NOSUID | MS_NOEXEC,
	  "ptmxmode=0666,mode=0620,gid=5" },
	{ "tmpfs", "dev/shm", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777" },
	{ "tmpfs", "tmp", MS_NOSUID | MS_NODEV, "mode=1777" },
};

/* Documentation/admin-guide/devices.txt */
static const struct {
	const char *name;
	unsigned major;
	unsigned minor;
} devices[] = {
	{ "dev/null", 1, 3 },	{ "dev/zero", 1, 5 },	 { "dev/full", 1, 7 },
	{ "dev/random", 1, 8 }, { "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
};

static const struct {
	const char *target;
	const char *name;
} links[] = {
	{ "/proc/self/fd", "dev/fd" },
	{ "/proc/self/fd/0", "dev/stdin" },
	{ "/proc/self/fd/1", "dev/stdout" },
	{ "/proc/self/fd/2", "dev/stderr" },
	{ "pts/ptmx", "dev/ptmx" },
};

static int mount_all(struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(mounts); i++) {
		(void)mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type,
			  mounts[i].flags, mounts[i].data) < 0)
			return error_errno(err, "mount '/%s'", mounts[i].where);
	}
	return 0;
}

/* What the guest has for its hooks, read-only as there. */
static int show_given(struct error *err)
{
	static const char *const given[] = { GIVEN_INPUTS, GIVEN_SECRETS };

	for (size_t i = 0; i < COUNT_OF(given); i++) {
		const char *to = given[i] + 1; /* in the tree */

		if (access(given[i], F_OK) < 0)
			continue;
		if (mount(given[i], to, NULL, MS_BIND | MS_REC, NULL) < 0 ||
		    mount(NULL, to, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY,
			  NULL) < 0)
			return error_errno(err, "show '%s'", given[i]);
	}
	return 0;
}

/* Names are resolved as in the guest, unless the image has a link there. */
static int show_resolver(struct error *err)
{
	const char *to = NETWORK_RESOLVER + 1; /* in the tree */
	struct stat st;

	if (access(NETWORK_RESOLVER, F_OK) < 0 || lstat("etc", &st) < 0 ||
	    !S_ISDIR(st.st_mode) || lstat(to, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (mount(NETWORK_RESOLVER, to, NULL, MS_BIND, NULL) < 0)
		return error_errno(err, "show '" NETWORK_RESOLVER "'");
	return 0;
}

static int fill_dev(struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(devices); i++)
		if (mknod(devices[i].name, S_IFCHR | 0666,
			  makedev(devices[i].major, devices[i].minor)) < 0)
			return error_errno(err, "make '/%s'", devices[i].name);
	for (size_t i = 0; i < COUNT_OF(links); i++)
		if (symlink(links[i].target, links[i].name) < 0)
			return error_errno(err, "make '/%s'", links[i].name);
	return 0;
}

int container_enter(const char *tree, struct error *err)
{
	(void)umask(0);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return error_errno(err, "part from the mounts of the guest");
	if (chdir(tree) < 0)
		return error_errno(err, "change to '%s'", tree);
	if (mount_all(err) < 0 || show_given(err) < 0 ||
	    show_resolver(err) < 0 || fill_dev(err) < 0)
		return -1;
	/* pivot_root(2) does not take the root of an initramfs away. */
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 ||
	    chdir("/") < 0)
		return error_errno(err, "make '%s' the root", tree);
	(void)umask(022);
	return 0;
}
