/* SPDX-License-Identifier: MIT */
/* census.c - see census.h */
#include "guest/shared/census.h"

#include <inttypes.h>
#include <sys/sysmacros.h>

#include <xxhash.h>

static const char *const names[CENSUS_FIELDS] = {
	[CENSUS_PATH] = "path",	      [CENSUS_TYPE] = "type",
	[CENSUS_MODE] = "mode",	      [CENSUS_OWNER] = "owner",
	[CENSUS_MTIME] = "mtime",     [CENSUS_CONTENT] = "content",
	[CENSUS_LINK] = "first name", [CENSUS_XATTRS] = "xattrs",
};

const char *census_field_name(enum census_field field)
{
	return names[field];
}

static const char *type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symlink";
	case S_IFCHR:
		return "character device";
	case S_IFBLK:
		return "block device";
	case S_IFIFO:
		return "FIFO";
	default:
		return "socket";
	}
}

static void print_content(const struct layer_entry *entry, uint64_t xxh64,
			  FILE *out)
{
	switch (entry->mode & S_IFMT) {
	case S_IFREG:
		fprintf(out, "%" PRIu64 " bytes, %016" PRIx64, entry->size,
			xxh64);
		break;
	case S_IFLNK:
		fputs(entry->target, out);
		break;
	case S_IFCHR:
	case S_IFBLK:
		fprintf(out, "%u:%u", major(entry->rdev), minor(entry->rdev));
		break;
	default:
		break;
	}
	(void)fputc('\0', out);
}

void census_print(const struct layer_entry *entry, uint64_t xxh64,
		  const char *first, FILE *out)
{
	fprintf(out, "%s%c%s%c%04o%c%u:%u%c%" PRId64 "%c", entry->path, 0,
		type_of(entry->mode), 0, (unsigned)(entry->mode & 07777), 0,
		entry->uid, entry->gid, 0, (int64_t)entry->mtime.tv_sec, 0);
	print_content(entry, xxh64, out);
	fprintf(out, "%s%c", first ? first : "", 0);
	for (size_t i = 0; i < entry->xattr_count; i++)
		fprintf(out, "%s%s=%016" PRIx64, i > 0 ? " " : "",
			entry->xattrs[i].name,
			(uint64_t)XXH64(entry->xattrs[i].value,
					entry->xattrs[i].size, 0));
	(void)fputc('\0', out);
}
