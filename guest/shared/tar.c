/* SPDX-License-Identifier: MIT */
/* tar.c - see tar.h */
#include "guest/shared/tar.h"

#include <string.h>

/* What an entry that was left half written may still cost when it is
 * abandoned: libarchive fills it with zeros. */
#define ABANDON_MAX 67108864 /* bytes: 64 MiB */

/*
 * libarchive 3.6 leaks its block when it is told of a failure. So it never
 * is: what comes after a failure is taken and forgotten.
 */
static la_ssize_t pass_on(struct archive *archive, void *client,
			  const void *bytes, size_t size)
{
	struct tar *tar = client;

	(void)archive;
	if (tar->abandoned)
		return (la_ssize_t)size;
	if (tar->sink.write(tar->sink.context, bytes, size, &tar->sink_error) <
	    0)
		tar->abandoned = tar->sink_failed = true;
	else
		tar->bytes += size;
	return (la_ssize_t)size;
}

static int fail(struct tar *tar, struct error *err)
{
	const char *why = archive_error_string(tar->archive);

	return error_set(err, archive_errno(tar->archive), "write the tar: %s",
			 why ? why : "no reason given");
}

static int ask_sink(const struct tar *tar, struct error *err)
{
	if (tar->sink_failed)
		*err = tar->sink_error;
	return tar->sink_failed ? -1 : 0;
}

/*
 * Without the option hdrcharset=BINARY, which would put a pax header of its
 * own before each entry. In the C locale libarchive then finds that a name
 * with bytes above 127 cannot be translated to UTF-8, says so as a warning,
 * and writes the bytes as they are with hdrcharset=BINARY for that entry.
 */
static bool is_harmless(struct archive *archive)
{
	static const char about_name[] = "Can't translate pathname ";
	static const char about_link[] = "Can't translate linkname ";
	const char *why = archive_error_string(archive);

	return why && (strncmp(why, about_name, strlen(about_name)) == 0 ||
		       strncmp(why, about_link, strlen(about_link)) == 0);
}

int tar_start(struct tar *tar, const struct tar_sink *sink, struct error *err)
{
	*tar = (struct tar){ .sink = *sink };
	tar->archive = archive_write_new();
	tar->entry = archive_entry_new();
	if (!tar->archive || !tar->entry)
		return error_set(err, ENOMEM, "write the tar: %s",
				 strerror(ENOMEM));
	if (archive_write_set_format_pax(tar->archive) != ARCHIVE_OK ||
	    archive_write_set_options(tar->archive, "xattrheader=SCHILY") !=
		    ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(tar->archive, 0) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(tar->archive, 1) !=
		    ARCHIVE_OK ||
	    archive_write_open2(tar->archive, tar, NULL, pass_on, NULL, NULL) !=
		    ARCHIVE_OK)
		return fail(tar, err);
	return 0;
}

int tar_header(struct tar *tar, struct error *err)
{
	int result = archive_write_header(tar->archive, tar->entry);

	if (result != ARCHIVE_OK &&
	    !(result == ARCHIVE_WARN && is_harmless(tar->archive)))
		return fail(tar, err);
	tar->entries++;
	tar->left = (uint64_t)archive_entry_size(tar->entry);
	return ask_sink(tar, err);
}

int tar_data(struct tar *tar, const void *bytes, size_t size, struct error *err)
{
	if (archive_write_data(tar->archive, bytes, size) != (la_ssize_t)size)
		return fail(tar, err);
	tar->left -= size;
	return ask_sink(tar, err);
}

int tar_finish(struct tar *tar, struct error *err)
{
	if (archive_write_close(tar->archive) != ARCHIVE_OK)
		return fail(tar, err);
	return ask_sink(tar, err);
}

void tar_release(struct tar *tar)
{
	archive_entry_free(tar->entry);
	tar->abandoned = true;
	if (tar->archive && tar->left > ABANDON_MAX)
		(void)archive_write_fail(tar->archive); /* rather leak */
	if (tar->archive)
		(void)archive_write_free(tar->archive);
	*tar = (struct tar){ 0 };
}
