/* SPDX-License-Identifier: MIT */
/* user.h - who runs a command, by the image's own passwd and group */
#ifndef GUEST_AGENT_USER_H
#define GUEST_AGENT_USER_H

#include <stddef.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

#define USER_GROUPS_MAX 64 /* supplementary groups that are taken */

struct user {
	uid_t uid;
	gid_t gid;
	gid_t groups[USER_GROUPS_MAX];
	size_t group_count;
	char *home; /* owned; "/" where passwd does not know */
};

/*
 * Who is meant by `spec`, the User of an image's config (OCI image-spec,
 * config.md): "user", "uid", "user:group" and so on; "" is root. `passwd` and
 * `group` are the texts of these files (passwd(5), group(5)), "" where there
 * are none; lines that are not well formed are passed over, and names win over
 * numbers. As Docker has it: a number need not be in the files; who is, gets
 * the primary group and the home from there; supplementary groups are those
 * that list the user, and none where `spec` names a group.
 *
 * EINVAL for a name that the files do not know ("no user 'x' in the image's
 * /etc/passwd"), ENOMEM.
 */
int user_find(struct user *user, const char *spec, const char *passwd,
	      const char *group, struct error *err);

void user_release(struct user *user);

DEFINE_AUTO(user, user_release)

#endif
