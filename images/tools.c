/* SPDX-License-Identifier: MIT */
/* tools.c - see tools.h */
#include "images/tools.h"

#include <limits.h>
#include <string.h>

#include "images/cancel.h"
#include "images/command.h"
#include "images/elf.h"
#include "images/libraries.h"
#include "images/text.h"

/*
 * bash, busybox and mke2fs are what the guest itself works with. The others
 * are there for hooks: what those of dockerTools.runWithOverlay could count on
 * (util-linux, e2fsprogs, jshon, rsync, jq, GNU tar), what is needed to keep
 * owners, times, extended attributes and capabilities, and where busybox
 * knows less than scripts commonly ask for. All else is busybox.
 */
static const struct tool {
	const char *name;
	const char *dir;     /* in the guest, wherever it lies here */
	const char *package; /* of Debian */
	bool needed;
} tools[] = {
	{ "bash", "usr/bin", "bash", true },
	{ "busybox", "usr/bin", "busybox-static", true },
	{ "mke2fs", "usr/sbin", "e2fsprogs", true },

	{ "mount", "usr/bin", "mount", false },
	{ "umount", "usr/bin", "mount", false },
	{ "losetup", "usr/sbin", "mount", false },
	{ "unshare", "usr/bin", "util-linux", false },
	{ "nsenter", "usr/bin", "util-linux", false },

	{ "tar", "usr/bin", "tar", false },
	{ "rsync", "usr/bin", "rsync", false },
	{ "jq", "usr/bin", "jq", false },
	{ "jshon", "usr/bin", "jshon", false },

	/* busybox has none of these, or they lose attributes */
	{ "getfattr", "usr/bin", "attr", false },
	{ "setfattr", "usr/bin", "attr", false },
	{ "getfacl", "usr/bin", "acl", false },
	{ "setfacl", "usr/bin", "acl", false },
	{ "getcap", "usr/sbin", "libcap2-bin", false },
	{ "setcap", "usr/sbin", "libcap2-bin", false },
	{ "cp", "usr/bin", "coreutils", false },
	{ "mv", "usr/bin", "coreutils", false },
	{ "install", "usr/bin", "coreutils", false },

	/* --reference, --printf, -printf, -z, dates in words */
	{ "chmod", "usr/bin", "coreutils", false },
	{ "chown", "usr/bin", "coreutils", false },
	{ "chroot", "usr/sbin", "coreutils", false },
	{ "date", "usr/bin", "coreutils", false },
	{ "ln", "usr/bin", "coreutils", false },
	{ "ls", "usr/bin", "coreutils", false },
	{ "sort", "usr/bin", "coreutils", false },
	{ "stat", "usr/bin", "coreutils", false },
	{ "touch", "usr/bin", "coreutils", false },
	{ "find", "usr/bin", "findutils", false },
	{ "grep", "usr/bin", "grep", false },
	{ "sed", "usr/bin", "sed", false },
};

/* Programs that came in already, by the file that they are on this machine:
 * some systems have one file for many tools, and one copy is enough. */
struct copies {
	struct name_list source; /* real path here */
	struct name_list place;	 /* absolute path in the guest, same index */
};

const char *tools_package(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(tools); i++)
		if (strcmp(tools[i].name, name) == 0)
			return tools[i].package;
	return "";
}

static const char *copied_to(const struct copies *copies, const char *source)
{
	for (size_t i = 0; i < copies->source.count; i++)
		if (strcmp(copies->source.name[i], source) == 0)
			return copies->place.name[i];
	return NULL;
}

static int remember_copy(struct copies *copies, const char *source,
			 const char *place, struct error *err)
{
	autofree char *absolute = text_format("/%s", place);

	if (!absolute)
		return error_errno(err, "add tool '%s'", place);
	if (name_list_add(&copies->source, source, err) < 0)
		return -1;
	return name_list_add(&copies->place, absolute, err);
}

/* The program at `path` here becomes `place` in the guest. */
static int copy_program(struct initramfs *fs, struct copies *copies,
			const char *path, const char *place, struct error *err)
{
	AUTO(blob) content = { 0 };
	char source[PATH_MAX];
	const char *same;

	if (!realpath(path, source))
		return error_errno(err, "open '%s'", path);
	same = copied_to(copies, source);
	if (same)
		return initramfs_add_link(fs, place, same, err);

	if (blob_read(&content, source, err) < 0)
		return -1;
	if (!elf_is_program(&content))
		return error_set(err, EINVAL,
				 "'%s' is not a program for "
				 "x86_64",
				 path);
	if (libraries_add(fs, path, &content, err) < 0 ||
	    remember_copy(copies, source, place, err) < 0)
		return -1;
	return initramfs_add_file(fs, place, 0755, &content, err);
}

static int add_tool(struct initramfs *fs, const struct tool *tool,
		    struct copies *copies, struct name_list *added,
		    struct name_list *left_out, struct error *err)
{
	autofree char *path = NULL;
	autofree char *place = text_format("%s/%s", tool->dir, tool->name);

	if (!place)
		return error_errno(err, "add tool '%s'", tool->name);
	if (command_find(&path, tool->name, err) < 0)
		return -1;
	if (!path && tool->needed)
		return error_set(err, ENOENT,
				 "no '%s' on this machine, which "
				 "the guest needs (install the package %s)",
				 tool->name, tool->package);
	if (!path)
		return name_list_add(left_out, tool->name, err);

	if (copy_program(fs, copies, path, place, err) < 0)
		return error_prefix(err, "add tool '%s'", tool->name);
	return name_list_add(added, tool->name, err);
}

/* Every applet, except where a real tool has the name. */
static int link_applets(struct initramfs *fs, const struct name_list *added,
			const char *busybox, struct error *err)
{
	char *const argv[] = { (char *)busybox, (char *)"--list", NULL };
	AUTO(blob) output = { 0 };
	AUTO(name_list) applets = { 0 };

	if (command_output(&output, argv, err) < 0 ||
	    name_list_add_lines(&applets, (const char *)output.data, err) < 0)
		return -1;

	for (size_t i = 0; i < applets.count; i++) {
		const char *name = applets.name[i];
		autofree char *place = text_format("usr/bin/%s", name);

		if (!place)
			return error_errno(err, "add applet '%s'", name);
		if (strchr(name, '/') || name_list_have(added, name) ||
		    initramfs_has(fs, place))
			continue;
		if (initramfs_add_link(fs, place, "busybox", err) < 0)
			return -1;
	}
	return 0;
}

int tools_add(struct initramfs *fs, struct name_list *added,
	      struct name_list *left_out, struct error *err)
{
	autofree char *busybox = NULL;
	struct copies copies = { 0 };
	int result = 0;

	for (size_t i = 0; i < COUNT_OF(tools) && result == 0; i++) {
		result = cancel_check(err);
		if (result == 0)
			result = add_tool(fs, &tools[i], &copies, added,
					  left_out, err);
	}
	name_list_release(&copies.source);
	name_list_release(&copies.place);
	if (result < 0)
		return -1;

	/* Hooks of the original had bash as their sh. */
	if (initramfs_add_link(fs, "usr/bin/sh", "bash", err) < 0 ||
	    command_find(&busybox, "busybox", err) < 0)
		return -1;
	return link_applets(fs, added, busybox, err);
}
