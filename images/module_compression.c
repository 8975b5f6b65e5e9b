/* SPDX-License-Identifier: MIT */
/* module_compression.c - see module_compression.h */
#include "images/module_compression.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "guest/shared/cleanup.h"

struct compression {
	const char *suffix;
	const char *absent; /* how depmod says that it cannot */
	const char *unpack;
};

static const struct compression compressions[] = {
	{ ".ko.gz", "-ZLIB", "gunzip" },
	{ ".ko.xz", "-XZ", "unxz" },
	{ ".ko.zst", "-ZSTD", "unzstd --rm" },
};

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), size = strlen(suffix);

	return length > size && strcmp(name + length - size, suffix) == 0;
}

/* NULL if it is none that this depmod does not read. */
static const struct compression *not_read(const char *name, const char *about)
{
	for (size_t i = 0; i < COUNT_OF(compressions); i++)
		if (has_suffix(name, compressions[i].suffix) &&
		    strstr(about, compressions[i].absent))
			return &compressions[i];
	return NULL;
}

int module_compression_check(const char *dir, const char *version,
			     const char *about, struct error *err)
{
	char *const paths[] = { (char *)(uintptr_t)dir, NULL };
	const struct compression *bad = NULL;
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	if (!tree)
		return error_errno(err, "read '%s'", dir);
	while (!bad && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_F)
			bad = not_read(entry->fts_name, about);
	fts_close(tree);
	if (!bad)
		return 0;
	return error_set(err, EINVAL,
			 "this machine's depmod does not read the modules of "
			 "kernel %s, which are compressed (in a copy of their "
			 "directory: find -name '*%s' -exec %s {} +; and give "
			 "that with --modules)",
			 version, bad->suffix, bad->unpack);
}
