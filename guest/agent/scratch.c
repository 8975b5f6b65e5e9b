/* SPDX-License-Identifier: MIT */
/* scratch.c - see scratch.h */
#include "guest/agent/scratch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/device.h"
#include "guest/agent/kmsg.h"
#include "guest/agent/process.h"
#include "guest/shared/cleanup.h"

/* Below this a file system is full for any use: bytes. */
#define FULL_BELOW (256 * 1024)

#define BLOCK 4096 /* bytes */

static char device[DEVICE_PATH_MAX];

int scratch_find(struct error *err)
{
	return device_wait("/sys/block", "serial", SCRATCH_SERIAL, device, err);
}

/*
 * A disk that lives for one run needs no journal, no checksums of its
 * metadata, no room to grow, no spare superblocks and no blocks for root;
 * what it needs is to be ready soon. It comes all zero, so the inode tables
 * are not written. ea_inode: xattrs larger than a block (ext4(5)). An inode
 * for 8 KiB: images have many small files.
 */
int scratch_format(uint64_t size, struct error *err)
{
	char blocks[24];
	const char *const argv[] = {
		"/usr/sbin/mke2fs",
		"-q",
		"-F",
		"-t",
		"ext4",
		"-O",
		"^has_journal,^resize_inode,^metadata_csum,"
		"sparse_super2,ea_inode,extent,64bit,dir_index,"
		"flex_bg,uninit_bg,dir_nlink,extra_isize,large_file,"
		"huge_file,filetype",
		"-E",
		"num_backup_sb=0,packed_meta_blocks=1,"
		"assume_storage_prezeroed=1,lazy_itable_init=1,"
		"nodiscard,root_owner=0:0",
		"-b",
		"4096",
		"-i",
		"8192",
		"-I",
		"256",
		"-m",
		"0",
		device,
		blocks,
		NULL,
	};

	(void)snprintf(blocks, sizeof(blocks), "%" PRIu64, size / BLOCK);
	return process_run(argv, err);
}

static int make_directory(const char *name, struct error *err)
{
	/* mkdir(2) obeys the umask, and the upper root is seen as the root. */
	if (mkdir(name, 0755) < 0 || chmod(name, 0755) < 0)
		return error_errno(err, "make directory '%s'", name);
	return 0;
}

int scratch_mount(struct error *err)
{
	static const char *const directories[] = {
		AGENT_WORK,
		AGENT_UPPER,
		AGENT_MERGED,
		AGENT_OUT,
	};

	if (mount(device, AGENT_DISK, "ext4", MS_NOATIME,
		  "nobarrier,noinit_itable") < 0)
		return error_errno(err, "mount '%s' on '%s'", device,
				   AGENT_DISK);
	if (chdir(AGENT_DISK) < 0)
		return error_errno(err, "change to '%s'", AGENT_DISK);
	(void)rmdir("lost+found");
	for (size_t i = 0; i < COUNT_OF(directories); i++)
		if (make_directory(directories[i], err) < 0)
			return -1;
	if (mkdir(AGENT_RUN, 0700) < 0)
		return error_errno(err, "make directory '%s'", AGENT_RUN);
	return 0;
}

int scratch_check(struct error *err)
{
	return kmsg_check_disk(device + strlen("/dev/"), err);
}

static bool has_room(const struct statvfs *fs)
{
	return fs->f_bavail * fs->f_frsize >= FULL_BELOW;
}

enum message_lack scratch_lack(void)
{
	struct statvfs fs;

	if (statvfs(AGENT_DISK, &fs) == 0 && fs.f_favail == 0)
		return LACK_INODES;
	if (statvfs(AGENT_DISK, &fs) == 0 && !has_room(&fs))
		return LACK_ROOM;
	if (statvfs("/tmp", &fs) == 0 && (fs.f_favail == 0 || !has_room(&fs)))
		return LACK_TMP;
	return LACK_NOTHING;
}
