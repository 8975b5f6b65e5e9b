/* SPDX-License-Identifier: MIT */
/* kernel.c - see kernel.h */
#include "images/kernel.h"

#include <dirent.h>
#include <endian.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/io.h"
#include "images/distribution.h"
#include "images/package.h"
#include "images/text.h"

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

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Put a path in place of another. */
static int set_path(char **path, char *made, struct error *err)
{
	free(*path);
	*path = made;
	return made ? 0 : error_errno(err, "name a file");
}

/* The modules of this version that some package put below `scratch`. */
static int unpacked_modules(struct kernel *k, const char *scratch,
			    struct error *err)
{
	return set_path(&k->modules,
			text_format("%s/lib/modules/%s", scratch, k->version),
			err);
}

/* As "make modules_install" leaves it, or depmod after that. */
static bool looks_like_modules(const char *dir)
{
	static const char *const signs[] = { "kernel", "modules.builtin",
					     "modules.order",
					     "modules.dep.bin" };

	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		autofree char *path = text_format("%s/%s", dir, signs[i]);

		if (path && access(path, F_OK) == 0)
			return true;
	}
	return false;
}

/* One of the versions whose modules are below `scratch`; NULL: there is none. */
static char *unpacked_version(const char *scratch)
{
	autofree char *path = text_format("%s/lib/modules", scratch);
	DIR *dir = path ? opendir(path) : NULL;
	char *version = NULL;
	struct dirent *d;

	while (dir && !version && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			version = strdup(d->d_name);
	if (dir)
		closedir(dir);
	return version;
}

/* A package of modules has not those that it should. */
static int other_modules(const struct kernel *k, const char *package,
			 const char *scratch, struct error *err)
{
	autofree char *version = unpacked_version(scratch);
	char cure[DISTRIBUTION_CURE];

	distribution_cure_of(cure, distribution_of_kernel(k->version),
			     NEED_MODULES, k->version);
	if (version)
		return error_set(err, EINVAL,
				 "package '%s' holds modules for kernel %s, "
				 "not for %s (%s)",
				 package, version, k->version, cure);
	return error_set(err, EINVAL,
			 "package '%s' holds no modules for kernel %s (%s)",
			 package, k->version, cure);
}

static int no_modules(const struct kernel *k, struct error *err)
{
	char cure[DISTRIBUTION_CURE];

	distribution_cure_of(cure, distribution_of_kernel(k->version),
			     NEED_MODULES, k->version);
	return error_set(err, ENOENT, "no modules for kernel %s in '%s' (%s)",
			 k->version, k->modules, cure);
}

static int take_named_modules(struct kernel *k, const char *modules,
			      const char *scratch, struct error *err)
{
	if (is_directory(modules)) {
		if (!looks_like_modules(modules))
			return error_set(err, EINVAL,
					 "'%s' is not a directory "
					 "of kernel modules",
					 modules);
		return set_path(&k->modules, strdup(modules), err);
	}
	if (package_unpack(modules, scratch, err) < 0 ||
	    unpacked_modules(k, scratch, err) < 0)
		return -1;
	if (is_directory(k->modules))
		return 0;
	return other_modules(k, modules, scratch, err);
}

static int take_modules(struct kernel *k, const char *modules,
			const char *scratch, struct error *err)
{
	if (modules)
		return take_named_modules(k, modules, scratch, err);

	if (unpacked_modules(k, scratch, err) < 0)
		return -1;
	if (is_directory(k->modules))
		return 0;

	if (set_path(&k->modules, text_format("/lib/modules/%s", k->version),
		     err) < 0)
		return -1;
	if (is_directory(k->modules))
		return 0;
	return no_modules(k, err);
}

/* linux-image-amd64 only depends on the package of the day. */
static int no_kernel(const char *package, struct error *err)
{
	autofree char *other = package_depends(package);

	if (other)
		return error_set(err, EINVAL,
				 "package '%s' holds no kernel, but depends on "
				 "'%s' (apt-get download %s, and give that)",
				 package, other, other);
	return error_set(err, EINVAL,
			 "package '%s' holds no kernel (a package "
			 "that only depends on one?)",
			 package);
}

/* The bzImage: the file itself, or what its package holds. */
static int take_image(struct kernel *k, const char *path, const char *scratch,
		      struct error *err)
{
	struct stat st;

	if (!package_is(path))
		return set_path(&k->image, strdup(path), err);

	if (package_unpack(path, scratch, err) < 0 ||
	    set_path(&k->image, text_format("%s/vmlinuz", scratch), err) < 0)
		return -1;
	if (stat(k->image, &st) == 0)
		return 0;
	return no_kernel(path, err);
}

int kernel_open(struct kernel *kernel, const char *path, const char *modules,
		const char *scratch, struct error *err)
{
	AUTO(kernel) k = { 0 };

	if (take_image(&k, path, scratch, err) < 0 ||
	    kernel_read_version(&k.version, k.image, err) < 0 ||
	    take_modules(&k, modules, scratch, err) < 0)
		return -1;

	*kernel = k;
	k = (struct kernel){ 0 };
	return 0;
}

void kernel_release(struct kernel *kernel)
{
	free(kernel->image);
	free(kernel->version);
	free(kernel->modules);
	*kernel = (struct kernel){ 0 };
}
