/* SPDX-License-Identifier: MIT */
/* module.c - the content of one module, see modules.h */
#include "images/modules.h"

#include <stdint.h>
#include <string.h>

#include "images/elf.h"

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

int module_read(struct blob *blob, const char *path, struct error *err)
{
	AUTO(blob) b = { 0 };

	if (blob_unpack(&b, path, err) < 0 ||
	    strip_signature(&b, path, err) < 0)
		return -1;
	if (!elf_is_object(&b))
		return error_set(err, EINVAL,
				 "'%s' is not a kernel module for "
				 "x86_64",
				 path);
	*blob = b;
	b = (struct blob){ 0 };
	return 0;
}
