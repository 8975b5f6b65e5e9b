/* SPDX-License-Identifier: MIT */
/* module.c - the content of one module, see modules.h */
#include "images/modules.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "images/elf.h"
#include "images/kernel_cure.h"

/*
 * At the end of a signed module: the signer's name, a key, a signature, 12
 * bytes that tell how long these are, and a magic line.
 * (linux/include/linux/module_signature.h, linux/kernel/module/signing.c)
 */
static const char magic[] = "~Module signature appended~\n";
#define INFO_SIZE     12
#define SIGNER_LENGTH 3 /* one byte */
#define KEY_ID_LENGTH 4 /* one byte */
#define SIG_LENGTH    8 /* four bytes, big-endian */

static uint32_t get32be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static int strip_signature(struct blob *blob, const char *path,
			   struct error *err)
{
	const size_t tail = INFO_SIZE + sizeof(magic) - 1;
	const uint8_t *info;
	uint64_t length;

	if (blob->size < tail ||
	    memcmp(blob->data + blob->size - (sizeof(magic) - 1), magic,
		   sizeof(magic) - 1) != 0)
		return 0;

	info = blob->data + blob->size - tail;
	length = (uint64_t)get32be(info + SIG_LENGTH) + info[SIGNER_LENGTH] +
		 info[KEY_ID_LENGTH];
	if (length > blob->size - tail)
		return error_set(err, EINVAL,
				 "module '%s' has a signature "
				 "longer than itself",
				 path);
	blob->size -= tail + (size_t)length;
	return 0;
}

/* The words of libarchive alone do not always say it. */
static int unpack(struct blob *blob, const char *path, struct error *err)
{
	if (blob_unpack(blob, path, err) == 0)
		return 0;
	if (access(path, R_OK) < 0)
		return -1;
	return error_prefix(err, "a module that is damaged or cut off");
}

int module_read(struct blob *blob, const char *path, struct error *err)
{
	AUTO(blob) b = { 0 };

	if (unpack(&b, path, err) < 0 || strip_signature(&b, path, err) < 0)
		return -1;
	if (!elf_is_object(&b))
		return error_set(err, EINVAL,
				 "'%s' is not a kernel module for "
				 "x86_64",
				 path);
	if (!elf_is_whole(&b))
		return error_set(err, EINVAL,
				 "module '%s' is cut off, after %zu bytes",
				 path, b.size);
	*blob = b;
	b = (struct blob){ 0 };
	return 0;
}

/*
 * In .modinfo, whose strings end with a NUL each: "vermagic=6.1.0-56-amd64 SMP
 * preempt mod_unload modversions ". NULL if there is none.
 */
static const char *find_vermagic(const struct blob *blob, size_t *length)
{
	static const char key[] = "\0vermagic=";
	const size_t size = sizeof(key) - 1;
	const char *end = (const char *)blob->data + blob->size;
	const char *at = memmem(blob->data, blob->size, key, size);

	if (!at)
		return NULL;
	at += size;
	*length = 0;
	while (at + *length < end && at[*length] > ' ')
		++*length;
	return at;
}

int module_check_kernel(const struct blob *blob, const char *name,
			const struct kernel *kernel, struct error *err)
{
	const char *version = kernel->version;
	char cure[DISTRIBUTION_CURE];
	size_t length;
	const char *own = find_vermagic(blob, &length);

	if (!own ||
	    (length == strlen(version) && memcmp(own, version, length) == 0))
		return 0;
	kernel_cure(cure, NEED_MODULES, kernel);
	return error_set(err, EINVAL,
			 "module '%s' is for kernel %.*s, not for %s (%s)",
			 name, (int)(length < 96 ? length : 96), own, version,
			 cure);
}
