/* SPDX-License-Identifier: MIT */
/* lint_attributes.c - what an entry says of its file, see lint_state.h */
#include "host/layer/lint_state.h"

#include <inttypes.h>
#include <string.h>

#include "guest/shared/layer_header.h"

/* Owner and group are 32 bits, and the last value means "leave it". */
#define ID_MAX UINT32_C(0xfffffffe)

static const struct {
	const char *prefix;
	enum rule_number rule;
} xattrs[] = {
	{ "trusted.overlay.", RULE_OVERLAY_XATTR },
	{ "security.selinux", RULE_HOST_XATTR },
	{ "system.nfs4_acl", RULE_HOST_XATTR },
};

static void check_owner(struct lint *lint)
{
	const char *uname = archive_entry_uname(lint->entry);
	const char *gname = archive_entry_gname(lint->entry);
	int64_t uid = archive_entry_uid(lint->entry);
	int64_t gid = archive_entry_gid(lint->entry);

	if (uid < 0 || uid > ID_MAX || gid < 0 || gid > ID_MAX)
		findings_add(lint->findings, RULE_OWNER,
			     "'%.400s' is owned by %" PRId64 ":%" PRId64,
			     lint->name, uid, gid);
	if ((uname && *uname) || (gname && *gname))
		findings_add(lint->findings, RULE_OWNER_NAME,
			     "'%.400s' is owned by '%.100s:%.100s'", lint->name,
			     uname ? uname : "", gname ? gname : "");
}

static void check_xattrs(struct lint *lint)
{
	const char *name;
	const void *value;
	size_t size;

	(void)archive_entry_xattr_reset(lint->entry);
	while (archive_entry_xattr_next(lint->entry, &name, &value, &size) ==
	       ARCHIVE_OK)
		for (size_t i = 0; i < COUNT_OF(xattrs); i++)
			if (strncmp(name, xattrs[i].prefix,
				    strlen(xattrs[i].prefix)) == 0)
				findings_add(lint->findings, xattrs[i].rule,
					     "'%.400s' has %.300s", lint->name,
					     name);
}

static void check_symlink(struct lint *lint)
{
	const char *target = archive_entry_symlink(lint->entry);

	if (!target || !*target)
		findings_add(lint->findings, RULE_SYMLINK,
			     "'%.400s' has no target", lint->name);
	else if (strlen(target) >= PATH_SIZE)
		findings_add(lint->findings, RULE_SYMLINK,
			     "'%.400s' has a target of %zu bytes, more than %d",
			     lint->name, strlen(target), PATH_SIZE - 1);
}

static void check_device(struct lint *lint)
{
	uint64_t high = archive_entry_rdevmajor(lint->entry);
	uint64_t low = archive_entry_rdevminor(lint->entry);

	if (high > LAYER_MAJOR_MAX || low > LAYER_MINOR_MAX)
		findings_add(lint->findings, RULE_DEVICE,
			     "'%.400s' has the device number %" PRId64
			     ":%" PRId64,
			     lint->name, (int64_t)high, (int64_t)low);
	else if (lint->raw.type == '3' && high == 0 && low == 0)
		findings_add(lint->findings, RULE_DEVICE,
			     "'%.400s' is a device 0:0, a deletion to "
			     "overlayfs",
			     lint->name);
}

int lint_attributes(struct lint *lint, struct error *err)
{
	(void)err;
	check_owner(lint);
	check_xattrs(lint);
	if (lint->raw.notes & RAW_FRACTION)
		findings_add(lint->findings, RULE_MTIME,
			     "'%.400s' has a time with a fraction", lint->name);
	if (lint->raw.type == '3' || lint->raw.type == '4')
		check_device(lint);
	if (lint->raw.type == '2')
		check_symlink(lint);
	return 0;
}
