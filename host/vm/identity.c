/* SPDX-License-Identifier: MIT */
/* identity.c - see identity.h */
#include "host/vm/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/json.h"
#include "guest/shared/json_make.h"

static const char *const fields[] = { "inode", "size", "mtimeNs", "ctimeNs" };

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int ask(int dir, const char *name, int64_t values[COUNT_OF(fields)],
	       struct error *err)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "look at '%s'", name);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ESTALE, "'%s' is not a regular file",
				 name);
	values[0] = (int64_t)st.st_ino;
	values[1] = st.st_size;
	values[2] = nanoseconds(st.st_mtim);
	values[3] = nanoseconds(st.st_ctim);
	return 0;
}

struct json_object *identity_take(int dir, const char *name, struct error *err)
{
	struct json_object *identity;
	int64_t values[COUNT_OF(fields)];

	if (ask(dir, name, values, err) < 0)
		return NULL;
	identity = json_make_object();
	if (!identity)
		error_set(err, ENOMEM, "out of memory");
	for (size_t i = 0; identity && i < COUNT_OF(fields); i++)
		json_add(identity, fields[i], json_make_int(values[i]));
	return identity;
}

int identity_check(int dir, const char *name, struct json_object *identity,
		   struct error *err)
{
	int64_t values[COUNT_OF(fields)];

	if (ask(dir, name, values, err) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		int64_t want;

		if (json_get_int(identity, fields[i], INT64_MIN, INT64_MAX,
				 &want, err) < 0)
			return error_prefix(err, "'%s'", name);
		if (want != values[i])
			return error_set(err, ESTALE,
					 "'%s' has changed: another %s", name,
					 fields[i]);
	}
	return 0;
}
