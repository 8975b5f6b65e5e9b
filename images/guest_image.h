/* SPDX-License-Identifier: MIT */
/* guest_image.h - a guest image that is there, and where it is looked for */
#ifndef IMAGES_GUEST_IMAGE_H
#define IMAGES_GUEST_IMAGE_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/* Digits of the key that name an image in the cache and in listings. */
#define GUEST_IMAGE_SHORT_KEY 16

/* A directory with `kernel`, `initramfs` and `manifest.json`. */
struct guest_image {
	char *dir;	      /* owned, as are the next three */
	char *kernel;	      /* path */
	char *initramfs;      /* path */
	char *kernel_version; /* "6.1.0-56-cloud-amd64" */
	char key[65];	      /* SHA-256 over all that it is made of, hex */
	uint64_t size;	      /* bytes, kernel and initramfs */
	struct timespec made; /* mtime of the directory */
};

/*
 * The image to boot: the one beside the running program ("guest-image" in a
 * build directory, "../lib/overlayvm/guest-image" where it is installed) or
 * beside liboverlayvm, as that is always made together with the agent; else the
 * newest one in the cache. What cannot be used is passed over. ENOENT if there is none.
 */
int guest_image_find(struct guest_image *image, struct error *err);

/*
 * The image in the directory `dir`. Fails if its manifest is not one that this
 * program can use, or its files do not have the sizes that it says.
 */
int guest_image_open(struct guest_image *image, const char *dir,
		     struct error *err);

/*
 * All that there are: the one beside the program if it has one, then those of
 * the cache by name. Those that cannot be used have no kernel_version.
 */
struct guest_images {
	struct guest_image *list; /* owned */
	size_t count;
};

int guest_images_list(struct guest_images *images, struct error *err);

void guest_image_release(struct guest_image *image);
void guest_images_release(struct guest_images *images);

DEFINE_AUTO(guest_image, guest_image_release)
DEFINE_AUTO(guest_images, guest_images_release)

#endif
