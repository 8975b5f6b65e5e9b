/* SPDX-License-Identifier: MIT */
/* module_index.c - see module_index.h */
#include "images/module_index.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "images/command.h"
#include "images/module_compression.h"
#include "images/place.h"
#include "images/text.h"

static bool has_file(const char *dir, const char *name)
{
	autofree char *path = text_format("%s/%s", dir, name);

	return path && access(path, R_OK) == 0;
}

/* What depmod reads; what it writes must not go into the kernel's directory.
 * "build" and "source" lead to the kernel's sources. */
static bool depmod_reads(const char *name, const char *path)
{
	struct stat st;

	if (name[0] == '.' || strcmp(name, "build") == 0 ||
	    strcmp(name, "source") == 0 || stat(path, &st) < 0)
		return false;
	return S_ISDIR(st.st_mode) || strcmp(name, "modules.order") == 0 ||
	       strcmp(name, "modules.builtin") == 0 ||
	       strcmp(name, "modules.builtin.modinfo") == 0;
}

/* Fill `to` with links to what depmod reads in `from`, an absolute path. */
static int link_into(const char *to, const char *from, struct error *err)
{
	DIR *dir = opendir(from);
	struct dirent *d;
	int result = 0;

	if (!dir)
		return error_errno(err, "open '%s'", from);

	while (result == 0 && (d = readdir(dir))) {
		autofree char *target = text_format("%s/%s", from, d->d_name);
		autofree char *name = text_format("%s/%s", to, d->d_name);

		if (!target || !name)
			result = error_errno(err, "read '%s'", from);
		else if (depmod_reads(d->d_name, target) &&
			 symlink(target, name) < 0)
			result = error_errno(err, "create '%s'", name);
	}
	closedir(dir);
	return result;
}

/* A kmod of today looks in /usr/lib/modules, one of yesterday in /lib. */
static int link_usr(const char *base, struct error *err)
{
	autofree char *usr = NULL, *lib = NULL;

	usr = text_format("%s/usr", base);
	if (!usr)
		return error_errno(err, "name a directory");
	lib = text_format("%s/lib", usr);
	if (!lib)
		return error_errno(err, "name a directory");
	if (place_make(usr, err) < 0)
		return -1;
	if (symlink("../lib", lib) < 0)
		return error_errno(err, "create '%s'", lib);
	return 0;
}

static int check_modules(char *depmod, const char *from, const char *version,
			 struct error *err)
{
	char *const argv[] = { depmod, (char *)"--version", NULL };
	AUTO(blob) about = { 0 };

	if (command_output(&about, argv, err) < 0)
		return -1;
	return module_compression_check(from, version,
					about.data ? (const char *)about.data
						   : "",
					err);
}

/* Over what is linked into `base`, of the directory `from`. */
static int run_depmod(const char *base, const char *from, const char *version,
		      struct error *err)
{
	AUTO(blob) output = { 0 };
	autofree char *depmod = NULL;

	if (command_find(&depmod, "depmod", err) < 0)
		return -1;
	if (!depmod)
		return error_set(err, ENOENT,
				 "no 'depmod' on this machine "
				 "(install the package kmod)");
	if (check_modules(depmod, from, version, err) < 0)
		return -1;

	char *const argv[] = { depmod, (char *)"-b", (char *)base,
			       (char *)version, NULL };

	return command_output(&output, argv, err);
}

static int make_beside(char **made, const struct kernel *kernel,
		       const char *scratch, struct error *err)
{
	autofree char *base = NULL, *dir = NULL;
	char from[PATH_MAX];

	if (!realpath(kernel->modules, from))
		return error_errno(err, "open '%s'", kernel->modules);
	base = text_format("%s/index", scratch);
	if (!base)
		return error_errno(err, "name a directory");
	dir = text_format("%s/lib/modules/%s", base, kernel->version);
	if (!dir)
		return error_errno(err, "name a directory");

	if (place_make(dir, err) < 0 || link_usr(base, err) < 0 ||
	    link_into(dir, from, err) < 0 ||
	    run_depmod(base, from, kernel->version, err) < 0)
		return -1;
	*made = take_pointer(&dir);
	return 0;
}

int module_index_make(struct module_index *index, const struct kernel *kernel,
		      const char *scratch, struct error *err)
{
	if (!has_file(kernel->modules, "modules.dep.bin") ||
	    !has_file(kernel->modules, "modules.builtin.bin"))
		return make_beside(&index->dir, kernel, scratch, err);

	index->dir = strdup(kernel->modules);
	return index->dir ? 0 : error_errno(err, "read '%s'", kernel->modules);
}

void module_index_release(struct module_index *index)
{
	free(index->dir);
	*index = (struct module_index){ 0 };
}
