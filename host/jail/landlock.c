/* SPDX-License-Identifier: MIT */
/* landlock.c - see landlock.h */
#include "host/jail/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The headers of Debian 12 are of version 2 (linux/landlock.h). */
#define FS_TRUNCATE	(UINT64_C(1) << 14) /* 3 */
#define FS_IOCTL_DEV	(UINT64_C(1) << 15) /* 5 */
#define NET_TCP		UINT64_C(3)	    /* 4: to bind, to connect */
#define SCOPE_OUTSIDERS UINT64_C(3)	    /* 6: abstract sockets, signals */

#define FS_VERSION_1 ((UINT64_C(1) << 13) - 1)

/* What there is to allow on a file that is no directory. */
#define FS_OF_FILES                                                            \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |          \
	 LANDLOCK_ACCESS_FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

/* struct landlock_ruleset_attr, as it has grown. */
struct attributes {
	uint64_t files;
	uint64_t network;
	uint64_t scoped;
};

static unsigned kernel_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);

	return version > 0 ? (unsigned)version : 0;
}

static struct attributes all_of(unsigned version)
{
	struct attributes all = { .files = FS_VERSION_1 };

	if (version >= 2)
		all.files |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		all.files |= FS_TRUNCATE;
	if (version >= 4)
		all.network = NET_TCP;
	if (version >= 5)
		all.files |= FS_IOCTL_DEV;
	if (version >= 6)
		all.scoped = SCOPE_OUTSIDERS;
	return all;
}

static int begin(struct landlock *landlock, bool network, struct error *err)
{
	unsigned version = kernel_version();
	struct attributes all = all_of(version);

	if (network)
		all.network = 0;

	*landlock = (struct landlock)LANDLOCK_NONE;
	if (version == 0)
		return 0;
	/* Zeros at the end that an older kernel does not know are no harm. */
	landlock->fd =
		(int)syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
	if (landlock->fd < 0)
		return error_errno(err, "make a Landlock ruleset");
	landlock->version = version;
	landlock->files = all.files;
	return 0;
}

int landlock_begin(struct landlock *landlock, struct error *err)
{
	return begin(landlock, false, err);
}

int landlock_begin_with_network(struct landlock *landlock, struct error *err)
{
	return begin(landlock, true, err);
}

static uint64_t access_of(unsigned rights, bool is_directory)
{
	uint64_t access = 0;

	if (rights & LANDLOCK_READ)
		access |= LANDLOCK_ACCESS_FS_READ_FILE |
			  LANDLOCK_ACCESS_FS_READ_DIR;
	if (rights & LANDLOCK_WRITE)
		access |= LANDLOCK_ACCESS_FS_WRITE_FILE;
	if (rights & LANDLOCK_EXECUTE)
		access |= LANDLOCK_ACCESS_FS_EXECUTE;
	if (rights & LANDLOCK_TRUNCATE)
		access |= FS_TRUNCATE;
	if (rights & LANDLOCK_DEVICE)
		access |= FS_IOCTL_DEV;
	return is_directory ? access : access & FS_OF_FILES;
}

int landlock_allow(struct landlock *landlock, int dir, const char *path,
		   unsigned rights, struct error *err)
{
	struct landlock_path_beneath_attr rule;
	autoclose int fd = -1;
	struct stat st;

	if (landlock->fd < 0)
		return 0;
	fd = openat(dir, path, O_PATH | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "allow '%s'", path);
	rule = (struct landlock_path_beneath_attr){
		.allowed_access = access_of(rights, S_ISDIR(st.st_mode)) &
				  landlock->files,
		.parent_fd = fd,
	};
	if (syscall(SYS_landlock_add_rule, landlock->fd,
		    LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		return error_errno(err, "allow '%s'", path);
	return 0;
}

int landlock_allow_program(struct landlock *landlock, const char *program,
			   struct error *err)
{
	static const char *const places[] = {
		"/usr",
		"/bin",
		"/lib",
		"/lib64",
		"/nix/store",
		"/gnu/store",
		"/etc/ld.so.cache",
		"/etc/ld.so.preload",
	};
	const unsigned rights = LANDLOCK_READ | LANDLOCK_EXECUTE;

	for (size_t i = 0; i < COUNT_OF(places); i++)
		if (landlock_allow(landlock, AT_FDCWD, places[i], rights, err) <
		    0)
			return -1;
	return landlock_allow(landlock, AT_FDCWD, program, rights, err);
}

int landlock_enter(const struct landlock *landlock)
{
	if (landlock->fd < 0)
		return 0;
	return (int)syscall(SYS_landlock_restrict_self, landlock->fd, 0);
}

void landlock_release(struct landlock *landlock)
{
	if (landlock->fd >= 0)
		close(landlock->fd);
	*landlock = (struct landlock)LANDLOCK_NONE;
}
