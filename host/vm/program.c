/* SPDX-License-Identifier: MIT */
/* program.c - see program.h */
#include "host/vm/program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

/* What confstr(_CS_PATH) says where there is no PATH. */
#define DEFAULT_PATH "/bin:/usr/bin"

static bool can_run(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EACCES;
		return false;
	}
	return access(path, X_OK) == 0;
}

/* QEMU is started in another directory than this. Symlinks stay as they are. */
static int make_absolute(const char *name, char **path, struct error *err)
{
	autofree char *here = *name == '/' ? NULL : get_current_dir_name();

	if (*name != '/' && !here)
		return error_errno(err, "run '%s'", name);
	if (asprintf(path, "%s%s%s", here ? here : "", here ? "/" : "", name) <
	    0)
		return error_set(err, ENOMEM, "out of memory");
	return 0;
}

int program_find(const char *name, char **path, struct error *err)
{
	const char *dirs = getenv("PATH");
	const char *dir = dirs && *dirs ? dirs : DEFAULT_PATH;

	if (strchr(name, '/')) {
		if (!can_run(name))
			return error_errno(err, "run '%s'", name);
		return make_absolute(name, path, err);
	}
	for (; *dir; dir += strcspn(dir, ":"), dir += *dir == ':') {
		autofree char *candidate = NULL;

		if (asprintf(&candidate, "%.*s/%s", (int)strcspn(dir, ":"), dir,
			     name) < 0) {
			candidate = NULL;
			return error_set(err, ENOMEM, "out of memory");
		}
		if (can_run(candidate))
			return make_absolute(candidate, path, err);
	}
	return error_set(err, ENOENT,
			 "no '%s' in PATH (on Debian and Ubuntu: apt-get "
			 "install qemu-system-x86; or set OVERLAYVM_QEMU)",
			 name);
}
