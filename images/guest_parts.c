/* SPDX-License-Identifier: MIT */
/* guest_parts.c - see guest_parts.h */
#include "images/guest_parts.h"

#include <string.h>

#include "images/content.h"
#include "images/initramfs.h"
#include "images/kernel.h"
#include "images/modules.h"
#include "images/place.h"
#include "images/tempdir.h"
#include "images/text.h"
#include "images/tools.h"

/* Beside the program in a build tree; where both were installed, wherever that
 * was moved to (DESTDIR, an unpacked package); and where the build was told to
 * install it, be that beside the program or not. */
static int find_agent(char **agent, struct error *err)
{
	static const char *const places[] = {
		"guest/agent/overlayvm-agent",
		"../libexec/overlayvm/overlayvm-agent",
		OVERLAYVM_AGENT,
	};
	autofree char *program = NULL;

	if (place_program(&program, err) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		autofree char *path =
			*places[i] == '/'
				? strdup(places[i])
				: text_format("%s/%s", program, places[i]);

		if (!path)
			return error_errno(err, "look for the agent");
		if (access(path, F_OK) == 0) {
			*agent = take_pointer(&path);
			return 0;
		}
	}
	return error_set(err, ENOENT,
			 "no agent beside the program in '%s' "
			 "(say where it is with --agent FILE)",
			 program);
}

static int open_kernel(struct kernel *kernel, const struct guest_recipe *recipe,
		       const char *scratch, struct error *err)
{
	const char *named = recipe->kernel;
	autofree char *found = NULL;

	if (!named)
		named = getenv("OVERLAYVM_KERNEL");
	if (!named || !*named) {
		if (kernel_find(&found, "", err) < 0)
			return -1;
		named = found;
	}
	return kernel_open(kernel, named, recipe->modules, scratch, err);
}

static int list_modules(struct name_list *names, const struct modules *modules,
			struct error *err)
{
	for (size_t i = 0; i < modules->count; i++)
		if (name_list_add(names, modules->list[i].name, err) < 0)
			return -1;
	return 0;
}

static int take_kernel(struct guest_parts *p, struct initramfs *fs,
		       const struct guest_recipe *recipe, struct error *err)
{
	AUTO(tempdir) scratch = { 0 };
	AUTO(kernel) kernel = { 0 };
	AUTO(modules) modules = { 0 };

	if (tempdir_create(&scratch, place_temporary(), "overlayvm-kernel",
			   err) < 0 ||
	    open_kernel(&kernel, recipe, scratch.path, err) < 0 ||
	    modules_resolve(&modules, &kernel, scratch.path, err) < 0 ||
	    content_add_modules(fs, &modules, &kernel, err) < 0 ||
	    list_modules(&p->manifest.modules, &modules, err) < 0)
		return -1;
	p->manifest.features = modules.features;
	modules.features = (struct name_list){ 0 };
	p->manifest.kernel_version = take_pointer(&kernel.version);
	return blob_read(&p->kernel, kernel.image, err);
}

static int describe(struct guest_file *file, const struct blob *blob,
		    struct error *err)
{
	file->size = blob->size;
	return blob_sha256(blob, file->sha256, err);
}

/* The initramfs is made of agent, modules and tools, and always the same for
 * the same ones: the two digests stand for everything. */
static int make_key(struct guest_manifest *m, struct error *err)
{
	autofree char *text =
		text_format("overlayvm guest image %d\n%s\n%s\n",
			    GUEST_MANIFEST_FORMAT, m->kernel.sha256,
			    m->initramfs.sha256);
	struct blob blob = { 0 };

	if (!text)
		return error_errno(err, "name the guest image");
	blob.data = (unsigned char *)text;
	blob.size = strlen(text);
	return blob_sha256(&blob, m->key, err);
}

static int fill(struct guest_parts *p, const struct guest_recipe *recipe,
		struct error *err)
{
	AUTO(initramfs) fs = { 0 };
	autofree char *found = NULL;

	if (!recipe->agent && find_agent(&found, err) < 0)
		return -1;
	if (content_add_skeleton(&fs, err) < 0 ||
	    content_add_agent(&fs, recipe->agent ? recipe->agent : found, err) <
		    0 ||
	    take_kernel(p, &fs, recipe, err) < 0 ||
	    tools_add(&fs, &p->manifest.tools, &p->manifest.left_out, err) <
		    0 ||
	    initramfs_pack(&fs, &p->initramfs, err) < 0)
		return -1;

	if (describe(&p->manifest.kernel, &p->kernel, err) < 0 ||
	    describe(&p->manifest.initramfs, &p->initramfs, err) < 0)
		return -1;
	return make_key(&p->manifest, err);
}

int guest_parts_make(struct guest_parts *parts,
		     const struct guest_recipe *recipe, struct error *err)
{
	AUTO(guest_parts) p = { 0 };

	if (fill(&p, recipe, err) < 0)
		return -1;
	*parts = p;
	p = (struct guest_parts){ 0 };
	return 0;
}

void guest_parts_release(struct guest_parts *parts)
{
	blob_release(&parts->kernel);
	blob_release(&parts->initramfs);
	guest_manifest_release(&parts->manifest);
	*parts = (struct guest_parts){ 0 };
}
