/* SPDX-License-Identifier: MIT */
/* overlay.c - see overlay.h */
#include "guest/agent/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/mounts.h"
#include "guest/shared/cleanup.h"

/*
 * mount(2) takes one page of options, and 300 paths do not fit one: so each
 * layer has a link with its number for a name, and the mount is made from the
 * directory of the links.
 */
#define LINKS	    AGENT_RUN "/l"
#define LOWER	    AGENT_RUN "/lower"
#define NOTHING	    "0"	 /* an empty directory among the links */
#define OPTIONS_MAX 4096 /* bytes, with the terminator */
#define STACK_MAX   500	 /* OVL_MAX_STACK, linux/fs/overlayfs/super.c */

/*
 * Whatever the kernel was built with: no redirected or metadata-only copies,
 * which could not be expressed in a layer. volatile: no sync at unmount, the
 * disk is thrown away (Documentation/filesystems/overlayfs.rst).
 */
#define FEATURES "redirect_dir=off,metacopy=off,index=off,xino=off"
#define UPPER                                                                  \
	",upperdir=" AGENT_DISK "/" AGENT_UPPER ",workdir=" AGENT_DISK         \
	"/" AGENT_WORK ",volatile"

void overlay_layer_path(char path[OVERLAY_LAYER_MAX], size_t layer)
{
	(void)snprintf(path, OVERLAY_LAYER_MAX, "image/%zu/layer", layer);
}

static int link_layer(size_t layer, struct error *err)
{
	char path[OVERLAY_LAYER_MAX];
	char target[sizeof(AGENT_DISK) + OVERLAY_LAYER_MAX];
	char name[sizeof(LINKS) + 24];

	overlay_layer_path(path, layer);
	(void)snprintf(target, sizeof(target), AGENT_DISK "/%s", path);
	(void)snprintf(name, sizeof(name), LINKS "/%zu", layer);
	if (symlink(target, name) < 0 && errno != EEXIST)
		return error_errno(err, "link layer %zu", layer);
	return 0;
}

/* Layers with a directory to go below them; its link is "w" and the number. */
static bool has_below[STACK_MAX + 1];

int overlay_put_below(size_t layer, const char *path, struct error *err)
{
	char name[sizeof(LINKS) + 24];

	(void)mkdir(LINKS, 0755);
	(void)snprintf(name, sizeof(name), LINKS "/w%zu", layer);
	if (layer > STACK_MAX || symlink(path, name) < 0)
		return error_errno(err, "link '%s'", path);
	has_below[layer] = true;
	return 0;
}

static size_t count_listed(size_t count, const bool *empty)
{
	size_t listed = 0;

	for (size_t layer = count; layer > 0; layer--)
		listed += !empty[layer - 1];
	return listed;
}

/* What mount(2) is told of one layer; more than there is room for shows. */
static size_t list_layer(char *options, size_t room, size_t layer, bool below)
{
	int size = snprintf(options, room, below ? "%zu:w%zu:" : "%zu:", layer,
			    layer);

	return (size_t)size;
}

/*
 * "lowerdir=3:1": the highest layer first. At the end one that is empty, "1:0",
 * where there are fewer than two, as overlayfs wants them without an upper
 * directory; but not where there are as many as it takes already.
 */
static int list_layers(char options[OPTIONS_MAX], size_t count,
		       const bool *empty, struct error *err)
{
	size_t used =
		(size_t)snprintf(options, OPTIONS_MAX, FEATURES ",lowerdir=");
	size_t listed = count_listed(count, empty);
	size_t spare = listed < STACK_MAX ? STACK_MAX - listed : 0;

	(void)mkdir(LINKS, 0755);
	(void)mkdir(LINKS "/" NOTHING, 0755);
	for (size_t layer = count; layer > 0 && used < OPTIONS_MAX; layer--) {
		bool below =
			layer <= STACK_MAX && has_below[layer] && spare > 0;

		if (empty[layer - 1])
			continue;
		if (link_layer(layer, err) < 0)
			return -1;
		spare -= below;
		used += list_layer(options + used, OPTIONS_MAX - used, layer,
				   below);
	}
	if (used + sizeof(NOTHING UPPER) > OPTIONS_MAX)
		return error_set(err, E2BIG,
				 "%zu layers are more than mount(2) takes",
				 count);
	if (listed < 2)
		(void)strcat(options, NOTHING);
	else
		options[used - 1] = '\0'; /* the last colon */
	return 0;
}

static int mount_overlay(const char *where, const char *options,
			 unsigned long flags, struct error *err)
{
	if (chdir(LINKS) < 0)
		return error_errno(err, "change to '%s'", LINKS);
	if (mount("overlay", where, "overlay", flags, options) < 0)
		return error_errno(err, "mount an overlay on '%s'", where);
	if (chdir(AGENT_DISK) < 0)
		return error_errno(err, "change to '%s'", AGENT_DISK);
	return 0;
}

int overlay_mount(size_t count, const bool *empty, struct error *err)
{
	char options[OPTIONS_MAX];

	if (count == 0) {
		if (mount(AGENT_UPPER, AGENT_MERGED, NULL, MS_BIND, NULL) < 0)
			return error_errno(err, "bind '%s' to '%s'",
					   AGENT_UPPER, AGENT_MERGED);
		return 0;
	}
	if (list_layers(options, count, empty, err) < 0)
		return -1;
	(void)strcat(options, UPPER);
	return mount_overlay(AGENT_DISK "/" AGENT_MERGED, options, 0, err);
}

/* Unmount all from the last on, but for the first `keep`. */
static int unmount_all(const struct mounts *mounts, size_t keep,
		       struct error *err)
{
	for (size_t i = mounts->count; i > keep; i--) {
		const char *path = mounts->paths[i - 1];

		if (umount2(path, UMOUNT_NOFOLLOW) < 0 &&
		    (errno != EBUSY ||
		     umount2(path, UMOUNT_NOFOLLOW | MNT_DETACH) < 0))
			return error_errno(err, "unmount '%s'", path);
	}
	return 0;
}

static int unmount(size_t keep, struct error *err)
{
	AUTO(mounts) mounts = { 0 };

	if (mounts_below(&mounts, AGENT_DISK "/" AGENT_MERGED, err) < 0)
		return -1;
	if (mounts.count == 0)
		return error_set(err, EINVAL,
				 "'%s' is not mounted any more: a hook has "
				 "unmounted it",
				 AGENT_MERGED);
	return unmount_all(&mounts, keep, err);
}

int overlay_clear(struct error *err)
{
	return unmount(1, err);
}

int overlay_unmount(struct error *err)
{
	return unmount(0, err);
}

int overlay_open_lower(size_t count, const bool *empty, struct error *err)
{
	char options[OPTIONS_MAX];
	int fd;

	err->code = 0;
	if (count == 0)
		return -1;
	(void)mkdir(LOWER, 0755);
	if (list_layers(options, count, empty, err) < 0 ||
	    mount_overlay(LOWER, options, MS_RDONLY, err) < 0)
		return -1;
	fd = open(LOWER, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "open '%s'", LOWER);
	return fd;
}

int overlay_close_lower(struct error *err)
{
	if (umount2(LOWER, MNT_DETACH) < 0)
		return error_errno(err, "unmount '%s'", LOWER);
	return 0;
}
