/* SPDX-License-Identifier: MIT */
/* guest_build.c - see guest_build.h */
#include "images/guest_build.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "images/cancel.h"
#include "images/guest_cache.h"
#include "images/guest_image.h"
#include "images/guest_manifest.h"
#include "images/guest_parts.h"
#include "images/place.h"
#include "images/tempdir.h"
#include "images/text.h"

#define TEMPORARY ".new-guest" /* directories beside the image's place */

static int name_place(char **place, const struct guest_recipe *recipe,
		      const struct guest_manifest *m, struct error *err)
{
	autofree char *cache = NULL;

	if (recipe->output) {
		*place = strdup(recipe->output);
	} else {
		if (place_cache(&cache, err) < 0)
			return -1;
		*place = text_format("%s/%.*s", cache, GUEST_IMAGE_SHORT_KEY,
				     m->key);
	}
	if (!*place)
		return error_errno(err, "name the guest image");

	/* "build/guest-image/" has the parent "build", as without the "/". */
	for (size_t n = strlen(*place); n > 1 && (*place)[n - 1] == '/'; n--)
		(*place)[n - 1] = '\0';
	return 0;
}

static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	size_t entries = 0;

	if (!dir)
		return false;
	while (readdir(dir))
		entries++;
	closedir(dir);
	return entries == 2; /* "." and ".." */
}

/* What --output names may be replaced only if it is one of ours. */
static int check_place(const char *place, struct error *err)
{
	autofree char *manifest = text_format("%s/manifest.json", place);

	if (!manifest)
		return error_errno(err, "look at '%s'", place);
	if (access(place, F_OK) < 0 || access(manifest, F_OK) == 0 ||
	    is_empty(place))
		return 0;
	return error_set(err, EEXIST,
			 "'%s' is there and not a guest image; "
			 "not replaced",
			 place);
}

/* The manifest of an older program may say less of the same image. */
static bool is_there(const char *place, const struct guest_manifest *m)
{
	AUTO(guest_image) image = { 0 };
	AUTO(guest_manifest) there = { 0 };
	struct error ignored = { 0 };

	return guest_image_open(&image, place, &ignored) == 0 &&
	       strcmp(image.key, m->key) == 0 &&
	       guest_manifest_read(&there, place, &ignored) == 0 &&
	       there.features.count == m->features.count;
}

static int write_file(const struct blob *blob, const char *dir,
		      const char *name, struct error *err)
{
	autofree char *path = text_format("%s/%s", dir, name);

	if (!path)
		return error_errno(err, "create '%s'", name);
	return blob_write(blob, path, err);
}

static int sync_directory(const char *path, struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return error_errno(err, "write '%s'", path);
	return 0;
}

static int write_parts(const struct guest_parts *p, const char *place,
		       struct error *err)
{
	AUTO(tempdir) dir = { 0 };
	const char *slash = strrchr(place, '/');
	autofree char *parent =
		slash ? strndup(place, (size_t)(slash - place)) : strdup(".");
	bool swapped;

	if (!parent)
		return error_errno(err, "create '%s'", place);
	if ((*parent && place_make(parent, err) < 0) ||
	    tempdir_create(&dir, *parent ? parent : "/", TEMPORARY, err) < 0 ||
	    write_file(&p->kernel, dir.path, "kernel", err) < 0 ||
	    write_file(&p->initramfs, dir.path, "initramfs", err) < 0 ||
	    guest_manifest_write(&p->manifest, dir.path, err) < 0)
		return -1;
	if (chmod(dir.path, 0755) < 0)
		return error_errno(err, "open '%s' for all", dir.path);

	if (sync_directory(dir.path, err) < 0 || cancel_check(err) < 0 ||
	    guest_cache_put(dir.path, place, &swapped, err) < 0)
		return -1;
	if (!swapped)
		tempdir_keep(&dir);
	return sync_directory(*parent ? parent : "/", err);
}

int guest_build(struct guest_built *built, const struct guest_recipe *recipe,
		struct error *err)
{
	AUTO(guest_parts) p = { 0 };
	autofree char *place = NULL;
	bool there;

	if ((recipe->output && check_place(recipe->output, err) < 0) ||
	    guest_parts_make(&p, recipe, err) < 0 ||
	    name_place(&place, recipe, &p.manifest, err) < 0)
		return -1;

	there = is_there(place, &p.manifest);
	if (!there && write_parts(&p, place, err) < 0)
		return -1;

	built->dir = take_pointer(&place);
	built->was_there = there;
	built->left_out = p.manifest.left_out;
	p.manifest.left_out = (struct name_list){ 0 };
	return 0;
}

void guest_built_release(struct guest_built *built)
{
	free(built->dir);
	name_list_release(&built->left_out);
	*built = (struct guest_built){ 0 };
}
