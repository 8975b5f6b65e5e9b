/* SPDX-License-Identifier: MIT */
/* content.c - see content.h */
#include "images/content.h"

#include <string.h>

#include "images/cancel.h"
#include "images/elf.h"
#include "images/text.h"

static const struct {
	const char *path;
	mode_t permissions;
} directories[] = {
	{ "dev", 0755 },       { "disk", 0755 },
	{ "etc", 0755 },       { "proc", 0555 },
	{ "root", 0700 },      { "run", 0755 },
	{ "sys", 0555 },       { "tmp", 01777 },
	{ "usr/bin", 0755 },   { "usr/lib", 0755 },
	{ "usr/lib64", 0755 }, { "usr/lib/modules", 0755 },
	{ "usr/sbin", 0755 },  { "var/tmp", 01777 },
};

/* libraries_place() counts on the first four. */
static const struct {
	const char *path;
	const char *target;
} links[] = {
	{ "bin", "usr/bin" },
	{ "sbin", "usr/sbin" },
	{ "lib", "usr/lib" },
	{ "lib64", "usr/lib64" },
	{ "etc/mtab", "../proc/self/mounts" },
};

/* There is no /etc/mke2fs.conf: what the agent wants of mke2fs it says, and
 * for the rest this machine's file must not decide. */
static const struct {
	const char *path;
	const char *text;
} files[] = {
	{ "etc/passwd", "root:x:0:0:root:/root:/bin/bash\n"
			"nobody:x:65534:65534:nobody:/:/bin/false\n" },
	{ "etc/group", "root:x:0:\n"
		       "nogroup:x:65534:\n" },
	{ "etc/hosts", "127.0.0.1 localhost\n"
		       "::1 localhost\n" },
	{ "etc/nsswitch.conf", "passwd: files\n"
			       "group: files\n"
			       "hosts: files dns\n" },
};

int content_add_skeleton(struct initramfs *fs, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(directories); i++)
		if (initramfs_add_directory(fs, directories[i].path,
					    directories[i].permissions,
					    err) < 0)
			return -1;
	for (size_t i = 0; i < COUNT_OF(links); i++)
		if (initramfs_add_link(fs, links[i].path, links[i].target,
				       err) < 0)
			return -1;
	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (initramfs_add_text(fs, files[i].path, files[i].text, err) <
		    0)
			return -1;

	/* The kernel opens it for /init before anything is mounted. */
	return initramfs_add_character_device(fs, "dev/console", 0600, 5, 1,
					      err);
}

int content_add_agent(struct initramfs *fs, const char *path, struct error *err)
{
	AUTO(blob) agent = { 0 };

	if (blob_read(&agent, path, err) < 0)
		return error_prefix(err, "the agent");
	if (!elf_is_program(&agent) || elf_interpreter(&agent))
		return error_set(err, EINVAL,
				 "the agent '%s' is not a static "
				 "program for x86_64",
				 path);
	return initramfs_add_file(fs, "init", 0755, &agent, err);
}

/* Append a line to a text that grows. */
static int add_line(char **text, const char *line, struct error *err)
{
	char *longer = text_format("%s%s\n", *text ? *text : "", line);

	if (!longer)
		return error_errno(err, "list module '%s'", line);
	free(*text);
	*text = longer;
	return 0;
}

static int add_module(struct initramfs *fs, const struct module *module,
		      const char *name, const struct kernel *kernel,
		      struct error *err)
{
	AUTO(blob) content = { 0 };
	autofree char *path = text_format("usr/lib/modules/%s", name);

	if (!path)
		return error_errno(err, "add module '%s'", name);
	if (cancel_check(err) < 0 ||
	    module_read(&content, module->path, err) < 0 ||
	    module_check_kernel(&content, module->name, kernel, err) < 0)
		return -1;
	return initramfs_add_file(fs, path, 0644, &content, err);
}

int content_add_modules(struct initramfs *fs, const struct modules *modules,
			const struct kernel *kernel, struct error *err)
{
	autofree char *order = NULL, *network = NULL;

	for (size_t i = 0; i < modules->count; i++) {
		const struct module *module = &modules->list[i];
		autofree char *name =
			text_format("%02zu-%s.ko", i, module->name);

		if (!name)
			return error_errno(err, "add module '%s'",
					   module->name);
		if (add_module(fs, module, name, kernel, err) < 0 ||
		    add_line(module->network ? &network : &order, name, err) <
			    0)
			return -1;
	}
	if (initramfs_add_text(fs, "usr/lib/modules/order", order ? order : "",
			       err) < 0)
		return -1;
	return initramfs_add_text(fs, "usr/lib/modules/network",
				  network ? network : "", err);
}
