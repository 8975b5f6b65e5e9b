/* SPDX-License-Identifier: MIT */
/* image_fixture.c - see image_fixture.h */
#include "tests/unit/image_fixture.h"

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "host/image/config.h"
#include "host/image/digest.h"

static int advance(void *context, uint64_t bytes)
{
	struct fixture *fixture = context;

	fixture->told += bytes;
	return ++fixture->advanced == fixture->cancel_at;
}

static void warn_about(void *context, const char *message)
{
	struct fixture *fixture = context;

	snprintf(fixture->warning, sizeof(fixture->warning), "%s", message);
}

int fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		err(1, "fixture");
	strcpy(fixture->dir, "/tmp/overlayvm-test.XXXXXX");
	if (!mkdtemp(fixture->dir) || chdir(fixture->dir) < 0 ||
	    mkdir("work", 0700) < 0)
		err(1, "fixture '%s'", fixture->dir);
	snprintf(fixture->work_path, sizeof(fixture->work_path), "%s/work",
		 fixture->dir);
	fixture->work_dir = open("work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fixture->work_dir < 0)
		err(1, "fixture '%s'", fixture->work_path);
	fixture->work = (struct image_work){
		.dir = fixture->work_dir,
		.dir_path = fixture->work_path,
		.advance = advance,
		.warn = warn_about,
		.context = fixture,
	};
	*state = fixture;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;

	if (chdir("/") < 0 ||
	    nftw(fixture->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS) < 0)
		warn("remove '%s'", fixture->dir);
	close(fixture->work_dir);
	free(fixture);
	return 0;
}

size_t fixture_count(const struct fixture *fixture)
{
	DIR *dir = opendir(fixture->work_path);
	const struct dirent *entry;
	size_t count = 0;

	if (!dir)
		err(1, "list '%s'", fixture->work_path);
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

void fixture_write(const char *path, const void *bytes, size_t size)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
		err(1, "write '%s'", path);
}

char *fixture_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	struct stat st;
	char *bytes;

	if (!f || fstat(fileno(f), &st) < 0)
		err(1, "read '%s'", path);
	bytes = malloc((size_t)st.st_size + 1);
	if (!bytes)
		err(1, "read '%s'", path);
	*size = fread(bytes, 1, (size_t)st.st_size, f);
	bytes[*size] = '\0';
	fclose(f);
	return bytes;
}

static void add_filter(struct archive *archive, enum compression compression)
{
	if (archive_write_add_filter(archive,
				     compression_filter(compression)) !=
	    ARCHIVE_OK)
		errx(1, "filter: %s", archive_error_string(archive));
	archive_write_set_bytes_in_last_block(archive, 1);
}

struct pack fixture_pack(const char *path, enum compression compression)
{
	struct pack pack = { .archive = archive_write_new() };

	archive_write_set_format_ustar(pack.archive);
	add_filter(pack.archive, compression);
	if (archive_write_open_filename(pack.archive, path) != ARCHIVE_OK)
		errx(1, "pack: %s", archive_error_string(pack.archive));
	return pack;
}

static struct archive_entry *new_entry(const char *name, unsigned int type)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	return entry;
}

static void write_entry(struct pack *pack, struct archive_entry *entry)
{
	if (archive_write_header(pack->archive, entry) != ARCHIVE_OK)
		errx(1, "pack: %s", archive_error_string(pack->archive));
	archive_entry_free(entry);
}

void pack_file(struct pack *pack, const char *name, const void *bytes,
	       size_t size)
{
	struct archive_entry *entry = new_entry(name, AE_IFREG);

	archive_entry_set_size(entry, (la_int64_t)size);
	write_entry(pack, entry);
	if (archive_write_data(pack->archive, bytes, size) != (ssize_t)size)
		errx(1, "pack: %s", archive_error_string(pack->archive));
}

void pack_text(struct pack *pack, const char *name, const char *text)
{
	pack_file(pack, name, text, strlen(text));
}

void pack_link(struct pack *pack, const char *name, const char *target,
	       bool is_hard)
{
	struct archive_entry *entry =
		new_entry(name, is_hard ? AE_IFREG : AE_IFLNK);

	if (is_hard)
		archive_entry_set_hardlink(entry, target);
	else
		archive_entry_set_symlink(entry, target);
	write_entry(pack, entry);
}

void pack_directory(struct pack *pack, const char *name)
{
	write_entry(pack, new_entry(name, AE_IFDIR));
}

void pack_end(struct pack *pack)
{
	if (archive_write_close(pack->archive) != ARCHIVE_OK)
		errx(1, "pack: %s", archive_error_string(pack->archive));
	archive_write_free(pack->archive);
	pack->archive = NULL;
}

char *fixture_compress(enum compression compression, const void *bytes,
		       size_t size, size_t *packed)
{
	static const size_t room = 64 * 1024;
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = new_entry("data", AE_IFREG);
	char *out = malloc(size + room);

	archive_write_set_format_raw(archive);
	add_filter(archive, compression);
	if (!out ||
	    archive_write_open_memory(archive, out, size + room, packed) !=
		    ARCHIVE_OK ||
	    archive_write_header(archive, entry) != ARCHIVE_OK ||
	    archive_write_data(archive, bytes, size) != (ssize_t)size ||
	    archive_write_close(archive) != ARCHIVE_OK)
		errx(1, "compress: %s", archive_error_string(archive));
	archive_entry_free(entry);
	archive_write_free(archive);
	return out;
}

const char *fixture_sha256(const void *bytes, size_t size)
{
	static struct digest digest[2];
	static unsigned int next;
	struct error error;

	next ^= 1;
	if (digest_of(&digest[next], bytes, size, &error) < 0)
		errx(1, "%s", error.msg);
	return digest[next].hex;
}

char *fixture_config(const char *const *layers)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		err(1, "config");
	fprintf(f, "{\"architecture\":\"%s\",\"os\":\"linux\",",
		image_config_architecture());
	fprintf(f, "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[");
	for (size_t i = 0; layers[i]; i++)
		fprintf(f, "%s\"sha256:%s\"", i ? "," : "",
			fixture_sha256(layers[i], strlen(layers[i])));
	fprintf(f, "]}}");
	fclose(f);
	return text;
}

const char *pack_config(struct pack *pack, const char *before,
			const char *after, const char *const *layers)
{
	static char name[200];
	char *config = fixture_config(layers);

	snprintf(name, sizeof(name), "%s%s%s", before,
		 fixture_sha256(config, strlen(config)), after);
	pack_text(pack, name, config);
	free(config);
	return name;
}

void pack_manifest(struct pack *pack, const char *format, ...)
{
	char text[4000];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pack_text(pack, "manifest.json", text);
}
