/* SPDX-License-Identifier: MIT */
/* kernel.c - see kernel.h */
#include "images/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/kernel_cure.h"
#include "images/package.h"
#include "images/text.h"

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

	kernel_cure(cure, NEED_MODULES, k);
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

	kernel_cure(cure, NEED_MODULES, k);
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

	if (set_path(&k->modules,
		     text_format("%s/lib/modules/%s", k->root ? k->root : "",
				 k->version),
		     err) < 0)
		return -1;
	if (is_directory(k->modules))
		return 0;
	return no_modules(k, err);
}

/* linux-image-amd64 only depends on the package of the day. */
static int no_kernel(const struct kernel *k, const char *package,
		     struct error *err)
{
	static const char prefix[] = "linux-image-";
	autofree char *other = package_depends(package);
	char cure[DISTRIBUTION_CURE];
	struct kernel wanted = { .root = k->root };

	if (!other) {
		kernel_cure(cure, NEED_KERNEL, k);
		return error_set(err, EINVAL,
				 "package '%s' holds no kernel (one that does: "
				 "%s)",
				 package, cure);
	}
	wanted.version = other + sizeof(prefix) - 1;
	kernel_cure(cure, NEED_THIS_KERNEL, &wanted);
	return error_set(err, EINVAL,
			 "package '%s' holds no kernel, but depends on '%s' "
			 "(%s)",
			 package, other, cure);
}

/* The bzImage: the file itself, or what its package holds. */
static int take_image(struct kernel *k, const char *path, const char *scratch,
		      struct error *err)
{
	struct stat st;

	if (!package_is(path)) {
		if (access(path, R_OK) < 0 && errno == EACCES)
			return kernel_locked(path, k->root, err);
		return set_path(&k->image, strdup(path), err);
	}

	if (package_unpack(path, scratch, err) < 0 ||
	    set_path(&k->image, text_format("%s/vmlinuz", scratch), err) < 0)
		return -1;
	if (stat(k->image, &st) == 0)
		return 0;
	return no_kernel(k, path, err);
}

int kernel_open(struct kernel *kernel, const char *path, const char *modules,
		const char *scratch, struct error *err)
{
	AUTO(kernel) k = { .root = kernel->root };

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
