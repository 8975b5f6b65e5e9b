/* SPDX-License-Identifier: MIT */
/* modules.c - see modules.h */
#include "images/modules.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include <libkmod.h>

#include "images/kernel_cure.h"
#include "images/module_index.h"
#include "images/name_list.h"
#include "images/text.h"

enum purpose { NEEDED, FOR_NETWORK };

/*
 * What the guest does, and by which module. What a module needs in turn
 * (virtio_ring, jbd2, ...) is found by libkmod.
 */
static const struct {
	const char *name;
	const char *config; /* the option of the kernel's configuration */
	enum purpose purpose;
} wanted[] = {
	/* how all devices are reached */
	{ "virtio_pci", "CONFIG_VIRTIO_PCI", NEEDED },
	/* the port on which host and agent talk */
	{ "virtio_console", "CONFIG_VIRTIO_CONSOLE", NEEDED },
	/* scratch disk and layers disk */
	{ "virtio_blk", "CONFIG_VIRTIO_BLK", NEEDED },
	/* the scratch disk's file system; built in where it is Debian's cloud
	 * kernel */
	{ "ext4", "CONFIG_EXT4_FS", NEEDED },
	/* prepared layers */
	{ "squashfs", "CONFIG_SQUASHFS", NEEDED },
	/* the merged tree */
	{ "overlay", "CONFIG_OVERLAY_FS", NEEDED },
	/* --network user; runs without it are the rule */
	{ "virtio_net", "CONFIG_VIRTIO_NET", FOR_NETWORK },
};

/* A walk from one wanted module to all that it needs. */
struct walk {
	struct kmod_ctx *kmod;
	struct modules *modules;
	struct name_list seen; /* soft dependencies may form a circle */
	bool network;
};

static void say_nothing(void *data, int priority, const char *file, int line,
			const char *function, const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)function;
	(void)format;
	(void)args;
}

static int append(struct walk *w, struct kmod_module *mod, struct error *err)
{
	struct modules *m = w->modules;
	const char *path = kmod_module_get_path(mod);
	autofree char *name = strdup(kmod_module_get_name(mod));
	autofree char *copy = path ? strdup(path) : NULL;
	struct module *grown = NULL;

	if (!path)
		return error_set(err, ENOENT, "module '%s' has no file", name);
	if (name && copy)
		grown = reallocarray(m->list, m->count + 1, sizeof(*grown));
	if (!grown)
		return error_errno(err, "remember module '%s'", path);

	m->list = grown;
	m->list[m->count++] = (struct module){
		.name = take_pointer(&name),
		.path = take_pointer(&copy),
		.network = w->network,
	};
	return 0;
}

static int require(struct walk *w, struct kmod_module *mod, struct error *err);

static int require_each(struct walk *w, struct kmod_list *list,
			struct error *err)
{
	struct kmod_list *l;

	kmod_list_foreach(l, list)
	{
		struct kmod_module *mod = kmod_module_get_module(l);
		int result = require(w, mod, err);

		kmod_module_unref(mod);
		if (result < 0)
			return -1;
	}
	return 0;
}

/* What is to be there first, if it is there at all ("softdep ... pre:"). */
static int require_soft(struct walk *w, struct kmod_module *mod,
			struct error *err)
{
	struct kmod_list *pre = NULL, *post = NULL, *l;
	int result = 0;

	if (kmod_module_get_softdeps(mod, &pre, &post) < 0)
		return 0;

	kmod_list_foreach(l, pre)
	{
		struct kmod_module *soft = kmod_module_get_module(l);
		struct kmod_list *found = NULL;

		/* The name may be an alias, as "crypto-crc32c" is. */
		if (result == 0 &&
		    kmod_module_new_from_lookup(w->kmod,
						kmod_module_get_name(soft),
						&found) >= 0)
			result = require_each(w, found, err);
		kmod_module_unref_list(found);
		kmod_module_unref(soft);
	}
	kmod_module_unref_list(pre);
	kmod_module_unref_list(post);
	return result;
}

static int require(struct walk *w, struct kmod_module *mod, struct error *err)
{
	const char *name = kmod_module_get_name(mod);
	struct kmod_list *needs;
	int result;

	if (kmod_module_get_initstate(mod) == KMOD_MODULE_BUILTIN ||
	    name_list_have(&w->seen, name))
		return 0;
	if (name_list_add(&w->seen, name, err) < 0)
		return -1;

	needs = kmod_module_get_dependencies(mod);
	result = require_soft(w, mod, err);
	if (result == 0)
		result = require_each(w, needs, err);
	if (result == 0)
		result = append(w, mod, err);
	kmod_module_unref_list(needs);
	return result;
}

/* Fedora's kernel-core has the lists of its modules, and not one of them. */
static bool has_modules(const struct kernel *kernel)
{
	DIR *dir = opendir(kernel->modules);
	bool any = false;
	struct dirent *d;

	while (dir && !any && (d = readdir(dir))) {
		autofree char *path =
			text_format("%s/%s", kernel->modules, d->d_name);
		struct stat st;

		any = path && d->d_name[0] != '.' && lstat(path, &st) == 0 &&
		      S_ISDIR(st.st_mode);
	}
	if (dir)
		closedir(dir);
	return any;
}

/* They are elsewhere, or this is not the kernel to take. */
static int lack(const struct kernel *kernel, const char *name,
		const char *config, struct error *err)
{
	char cure[DISTRIBUTION_CURE];

	if (!has_modules(kernel)) {
		kernel_cure(cure, NEED_MODULES, kernel);
		return error_set(err, ENOENT,
				 "kernel %s comes without its modules, and has "
				 "'%s' (%s), which the guest needs, not built "
				 "in (%s)",
				 kernel->version, name, config, cure);
	}
	kernel_cure(cure, NEED_KERNEL, kernel);
	return error_set(err, ENOENT,
			 "kernel %s has no module '%s' (%s), which the guest "
			 "needs (one that has it: %s)",
			 kernel->version, name, config, cure);
}

static int resolve_all(struct walk *w, const struct kernel *kernel,
		       struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		struct kmod_list *found = NULL;
		int result;

		w->network = wanted[i].purpose == FOR_NETWORK;
		if (kmod_module_new_from_lookup(w->kmod, wanted[i].name,
						&found) < 0)
			found = NULL;
		if (!found && wanted[i].purpose == NEEDED)
			return lack(kernel, wanted[i].name, wanted[i].config,
				    err);
		result = require_each(w, found, err);
		if (result == 0 && found)
			result = name_list_add(&w->modules->features,
					       wanted[i].name, err);
		kmod_module_unref_list(found);
		if (result < 0)
			return -1;
	}
	return 0;
}

int modules_resolve(struct modules *modules, const struct kernel *kernel,
		    const char *scratch, struct error *err)
{
	/* None of this machine's modprobe.d: it is not this machine's kernel */
	static const char *const no_config[] = { NULL };
	AUTO(modules) found = { 0 };
	AUTO(module_index) index = { 0 };
	struct walk w = { .modules = &found };
	int result;

	if (module_index_make(&index, kernel, scratch, err) < 0)
		return -1;

	w.kmod = kmod_new(index.dir, no_config);
	if (!w.kmod)
		return error_set(err, ENOMEM, "read the modules in '%s'",
				 index.dir);
	kmod_set_log_fn(w.kmod, say_nothing, NULL);

	result = resolve_all(&w, kernel, err);
	name_list_release(&w.seen);
	kmod_unref(w.kmod);
	if (result < 0)
		return -1;

	*modules = found;
	found = (struct modules){ 0 };
	return 0;
}

const char *modules_lacking(const struct name_list *features, bool network)
{
	enum purpose purpose = network ? FOR_NETWORK : NEEDED;

	for (size_t i = 0; i < COUNT_OF(wanted); i++)
		if (wanted[i].purpose == purpose &&
		    !name_list_have(features, wanted[i].name))
			return wanted[i].name;
	return NULL;
}

void modules_release(struct modules *modules)
{
	for (size_t i = 0; i < modules->count; i++) {
		free(modules->list[i].name);
		free(modules->list[i].path);
	}
	free(modules->list);
	name_list_release(&modules->features);
	*modules = (struct modules){ 0 };
}
