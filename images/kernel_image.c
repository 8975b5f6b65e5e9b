/* SPDX-License-Identifier: MIT */
/* kernel_image.c - what a bzImage says of itself, see kernel.h */
#include "images/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"

/* Offsets in a bzImage: Documentation/arch/x86/boot.rst, section 1.3. */
#define BOOT_FLAG	0x1fe /* 2 bytes, 0xaa55 */
#define HEADER		0x202 /* 4 bytes, "HdrS" */
#define PROTOCOL	0x206 /* 2 bytes */
#define VERSION_POINTER 0x20e /* 2 bytes, less 0x200 */
#define XLOADFLAGS	0x236 /* 2 bytes, since protocol 2.12 */
#define XLF_KERNEL_64	0x0001
#define ARM64_MAGIC	0x38 /* 4 bytes: Documentation/arm64/booting.rst */
#define SETUP_MAX	(65 * 512) /* setup_sects is one byte, at most 64 */

static const char *const version_characters =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-";

static unsigned get16le(const uint8_t *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static ssize_t read_setup(uint8_t setup[SETUP_MAX], const char *path,
			  struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		return error_set(err, EINVAL, "'%s' is not a regular file",
				 path);
	got = io_read(fd, setup, SETUP_MAX);
	return got < 0 ? error_errno(err, "read '%s'", path) : got;
}

static int check_magic(const uint8_t setup[SETUP_MAX], const char *path,
		       struct error *err)
{
	if (memcmp(setup, "\177ELF", 4) == 0)
		return error_set(err, EINVAL,
				 "'%s' is an ELF file, not a bzImage (of a "
				 "kernel that was built here it is "
				 "arch/x86/boot/bzImage)",
				 path);
	if (memcmp(setup + ARM64_MAGIC, "ARM\x64", 4) == 0)
		return error_set(err, EINVAL,
				 "'%s' is a kernel for aarch64, "
				 "not for x86_64",
				 path);
	if (get16le(setup + BOOT_FLAG) != 0xaa55 ||
	    memcmp(setup + HEADER, "HdrS", 4) != 0)
		return error_set(err, EINVAL, "'%s' is not a Linux kernel",
				 path);
	if (get16le(setup + PROTOCOL) < 0x020c ||
	    !(get16le(setup + XLOADFLAGS) & XLF_KERNEL_64))
		return error_set(err, EINVAL,
				 "'%s' is a 32-bit kernel, not "
				 "one for x86_64",
				 path);
	return 0;
}

int kernel_read_version(char **version, const char *path, struct error *err)
{
	uint8_t setup[SETUP_MAX + 1] = { 0 };
	ssize_t size = read_setup(setup, path, err);
	const char *text;
	size_t length;

	if (size < 0 || check_magic(setup, path, err) < 0)
		return -1;

	/* "6.1.0-56-cloud-amd64 (builder@host) #1 SMP ..." */
	text = (const char *)setup;
	if (get16le(setup + VERSION_POINTER) + 0x200 < (unsigned)size)
		text += get16le(setup + VERSION_POINTER) + 0x200;
	length = strspn(text, version_characters);
	if (length == 0 || length > KERNEL_VERSION_MAX || *text == '.' ||
	    (text[length] != ' ' && text[length] != '\0'))
		return error_set(err, EINVAL,
				 "'%s' does not say which version "
				 "of Linux it is",
				 path);

	*version = strndup(text, length);
	return *version ? 0 : error_errno(err, "read '%s'", path);
}
