/* SPDX-License-Identifier: MIT */
/* guest_image.c - see guest_image.h */
#include "images/guest_image.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "images/guest_cache.h"
#include "images/guest_manifest.h"
#include "images/place.h"
#include "images/text.h"

/* Below the program's directory: in a build tree, and where installed. */
static const char *const beside[] = {
	"guest-image",
	"../lib/overlayvm/guest-image",
	NULL,
};

/* Below the library's: of the prefix where it is in lib, or a folder below. */
static const char *const beside_library[] = {
	"overlayvm/guest-image",
	"../overlayvm/guest-image",
	NULL,
};

static int check_size(const char *path, uint64_t size, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_errno(err, "look at '%s'", path);
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != size)
		return error_set(err, EPROTO,
				 "'%s' does not have the size "
				 "that its manifest says",
				 path);
	if (access(path, R_OK) < 0)
		return error_errno(err, "read '%s'", path);
	return 0;
}

int guest_image_open(struct guest_image *image, const char *dir,
		     struct error *err)
{
	AUTO(guest_image) i = { 0 };
	AUTO(guest_manifest) m = { 0 };
	struct stat st;

	if (guest_manifest_read(&m, dir, err) < 0)
		return -1;
	if (stat(dir, &st) < 0)
		return error_errno(err, "look at '%s'", dir);

	i.dir = strdup(dir);
	i.kernel = text_format("%s/kernel", dir);
	i.initramfs = text_format("%s/initramfs", dir);
	if (!i.dir || !i.kernel || !i.initramfs)
		return error_errno(err, "open guest image '%s'", dir);
	if (check_size(i.kernel, m.kernel.size, err) < 0 ||
	    check_size(i.initramfs, m.initramfs.size, err) < 0)
		return -1;

	i.kernel_version = take_pointer(&m.kernel_version);
	memcpy(i.key, m.key, sizeof(i.key));
	i.size = m.kernel.size + m.initramfs.size;
	i.made = st.st_mtim;
	*image = i;
	i = (struct guest_image){ 0 };
	return 0;
}

static int append(struct guest_images *images, struct guest_image *image,
		  struct error *err)
{
	struct guest_image *grown =
		reallocarray(images->list, images->count + 1, sizeof(*grown));

	if (!grown)
		return error_errno(err, "list the guest images");
	images->list = grown;
	images->list[images->count++] = *image;
	*image = (struct guest_image){ 0 };
	return 0;
}

/* Appends the image in `dir`; without a version if it is of no use. */
static int add_image(struct guest_images *images, const char *dir,
		     struct error *err)
{
	AUTO(guest_image) image = { 0 };
	struct error why = { 0 };

	if (guest_image_open(&image, dir, &why) < 0) {
		image = (struct guest_image){ .dir = strdup(dir) };
		if (!image.dir)
			return error_errno(err, "list the guest images");
	}
	return append(images, &image, err);
}

static int add_each(struct guest_images *images, const char *base,
		    const char *const names[], struct error *err)
{
	for (size_t i = 0; names[i]; i++) {
		autofree char *dir = text_format("%s/%s", base, names[i]);

		if (!dir)
			return error_errno(err, "list the guest images");
		if (access(dir, F_OK) == 0 && add_image(images, dir, err) < 0)
			return -1;
	}
	return 0;
}

static int add_beside(struct guest_images *images, struct error *err)
{
	autofree char *program = NULL, *library = NULL;

	if (place_program(&program, err) < 0 ||
	    add_each(images, program, beside, err) < 0 ||
	    place_library(&library, err) < 0)
		return -1;
	return library ? add_each(images, library, beside_library, err) : 0;
}

static int add_cached(struct guest_images *images, struct error *err)
{
	AUTO(name_list) keys = { 0 };
	autofree char *cache = NULL;

	if (guest_cache_list(&cache, &keys, err) < 0)
		return -1;
	for (size_t i = 0; i < keys.count; i++) {
		autofree char *dir = text_format("%s/%s", cache, keys.name[i]);

		if (!dir)
			return error_errno(err, "list the guest images");
		if (add_image(images, dir, err) < 0)
			return -1;
	}
	return 0;
}

static bool newer(const struct guest_image *a, const struct guest_image *b)
{
	if (a->made.tv_sec != b->made.tv_sec)
		return a->made.tv_sec > b->made.tv_sec;
	return a->made.tv_nsec > b->made.tv_nsec;
}

/* The best usable one of a list, moved out of it. */
static bool take_newest(struct guest_image *image, struct guest_images *images)
{
	struct guest_image *best = NULL;

	for (size_t i = 0; i < images->count; i++)
		if (images->list[i].kernel_version &&
		    (!best || newer(&images->list[i], best)))
			best = &images->list[i];
	if (!best)
		return false;
	*image = *best;
	*best = (struct guest_image){ 0 };
	return true;
}

int guest_image_find(struct guest_image *image, struct error *err)
{
	AUTO(guest_images) own = { 0 };
	AUTO(guest_images) cached = { 0 };

	if (add_beside(&own, err) < 0)
		return -1;
	if (take_newest(image, &own))
		return 0;
	if (add_cached(&cached, err) < 0)
		return -1;
	if (take_newest(image, &cached))
		return 0;
	return error_set(err, ENOENT,
			 "none found (make one with "
			 "'overlayvm guest build')");
}

int guest_images_list(struct guest_images *images, struct error *err)
{
	AUTO(guest_images) all = { 0 };

	if (add_beside(&all, err) < 0 || add_cached(&all, err) < 0)
		return -1;
	*images = all;
	all = (struct guest_images){ 0 };
	return 0;
}

void guest_image_release(struct guest_image *image)
{
	free(image->dir);
	free(image->kernel);
	free(image->initramfs);
	free(image->kernel_version);
	*image = (struct guest_image){ 0 };
}

void guest_images_release(struct guest_images *images)
{
	for (size_t i = 0; i < images->count; i++)
		guest_image_release(&images->list[i]);
	free(images->list);
	*images = (struct guest_images){ 0 };
}
