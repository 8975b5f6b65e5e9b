/* SPDX-License-Identifier: MIT */
/* tarball.c - see tarball.h */
#include "tests/unit/tarball.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest/shared/io.h"

#define BLOCK 512 /* bytes */

/* Where the fields of a header are (POSIX, pax, "ustar Interchange Format"). */
#define NAME	 0
#define MODE	 100
#define UID	 108
#define GID	 116
#define SIZE	 124
#define MTIME	 136
#define CHECKSUM 148
#define TYPE	 156
#define LINK	 157
#define MAGIC	 257
#define MAJOR	 329
#define MINOR	 337

#define NAME_SIZE 100

void tarball_raw(struct tarball *t, const void *bytes, size_t size)
{
	if (t->size + size > t->room) {
		t->room = 2 * (t->size + size);
		t->bytes = realloc(t->bytes, t->room);
		if (!t->bytes)
			abort();
	}
	if (size > 0)
		memcpy(t->bytes + t->size, bytes, size);
	t->size += size;
}

static void put_padded(struct tarball *t, const void *bytes, size_t size)
{
	static const uint8_t zeros[BLOCK];

	tarball_raw(t, bytes, size);
	tarball_raw(t, zeros, (BLOCK - size % BLOCK) % BLOCK);
}

static void put_number(uint8_t *field, size_t size, int64_t number)
{
	char octal[24];

	if (number >= 0 && number < INT64_C(1) << (3 * (size - 1))) {
		(void)snprintf(octal, sizeof(octal), "%0*llo", (int)size - 1,
			       (unsigned long long)number);
		memcpy(field, octal, size - 1);
		return;
	}
	for (size_t i = size; i-- > 0; number >>= 8)
		field[i] = (uint8_t)number;
	field[0] |= 0x80;
}

static void put_checksum(uint8_t header[BLOCK])
{
	unsigned int sum = 0;
	char octal[8];

	memset(header + CHECKSUM, ' ', 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += header[i];
	(void)snprintf(octal, sizeof(octal), "%06o", sum & 0777777);
	memcpy(header + CHECKSUM, octal, 7);
}

static void put_text(uint8_t *field, const char *text)
{
	size_t size = text ? strlen(text) : 0;

	if (size > NAME_SIZE)
		size = NAME_SIZE;
	if (size > 0)
		memcpy(field, text, size);
}

static void put_header(struct tarball *t, const struct tarball_entry *e,
		       size_t size)
{
	uint8_t header[BLOCK] = { 0 };
	unsigned int mode = e->mode;

	if (mode == 0)
		mode = e->type == '5' ? 0755 : 0644;
	put_text(header + NAME, e->name);
	put_number(header + MODE, 8, mode);
	put_number(header + UID, 8, (int64_t)e->uid);
	put_number(header + GID, 8, (int64_t)e->gid);
	put_number(header + SIZE, 12, (int64_t)size);
	put_number(header + MTIME, 12, e->mtime);
	header[TYPE] = (uint8_t)(e->type ? e->type : '0');
	put_text(header + LINK, e->link);
	memcpy(header + MAGIC, "ustar\00000", 8);
	put_number(header + MAJOR, 8, (int64_t)e->major);
	put_number(header + MINOR, 8, (int64_t)e->minor);
	put_checksum(header);
	tarball_raw(t, header, sizeof(header));
}

void tarball_special(struct tarball *t, char type, const void *body,
		     size_t size)
{
	const struct tarball_entry e = { .name = "special", .type = type };

	put_header(t, &e, size);
	put_padded(t, body, size);
}

/* A record counts its own length, digits included. */
void tarball_pax(struct tarball *t, const char *key, const void *value,
		 size_t size)
{
	size_t rest = strlen(key) + size + 3, length = rest + 1;
	char digits[24], *at;

	while ((size_t)snprintf(digits, sizeof(digits), "%zu", length) + rest !=
	       length)
		length++;
	t->records = realloc(t->records, t->records_size + length + 1);
	if (!t->records)
		abort();
	at = t->records + t->records_size;
	at += sprintf(at, "%zu %s=", length, key);
	memcpy(at, value, size);
	at[size] = '\n';
	t->records_size += length;
}

void tarball_pax_string(struct tarball *t, const char *key, const char *value)
{
	tarball_pax(t, key, value, strlen(value));
}

void tarball_add(struct tarball *t, const struct tarball_entry *e)
{
	size_t size = e->size;

	if (e->data && size == 0)
		size = strlen(e->data);
	if (strlen(e->name) > NAME_SIZE)
		tarball_pax_string(t, "path", e->name);
	if (e->link && strlen(e->link) > NAME_SIZE)
		tarball_pax_string(t, "linkpath", e->link);
	if (t->records_size > 0)
		tarball_special(t, 'x', t->records, t->records_size);
	t->records_size = 0;
	put_header(t, e, size);
	put_padded(t, e->data, size);
}

void tarball_file(struct tarball *t, const char *name, const char *text)
{
	tarball_add(t, &(struct tarball_entry){ .name = name,
						.uid = geteuid(),
						.gid = getegid(),
						.data = text });
}

void tarball_directory(struct tarball *t, const char *name)
{
	tarball_add(t, &(struct tarball_entry){ .name = name,
						.type = '5',
						.uid = geteuid(),
						.gid = getegid() });
}

void tarball_symlink(struct tarball *t, const char *name, const char *target)
{
	tarball_add(t, &(struct tarball_entry){ .name = name,
						.type = '2',
						.uid = geteuid(),
						.gid = getegid(),
						.link = target });
}

void tarball_link(struct tarball *t, const char *name, const char *target)
{
	tarball_add(t, &(struct tarball_entry){
			       .name = name, .type = '1', .link = target });
}

void tarball_short(struct tarball *t, const char *entry)
{
	size_t size = strcspn(entry, "=>&|");
	char name[512];
	const char *rest = entry + size;

	memcpy(name, entry, size);
	name[size] = '\0';
	if (*rest == '=')
		tarball_file(t, name, rest + 1);
	else if (*rest == '>')
		tarball_symlink(t, name, rest + 1);
	else if (*rest == '&')
		tarball_link(t, name, rest + 1);
	else if (*rest == '|')
		tarball_add(t, &(struct tarball_entry){ .name = name,
							.type = '6' });
	else if (size > 0 && name[size - 1] == '/')
		tarball_directory(t, name);
	else
		tarball_file(t, name, "");
}

void tarball_end(struct tarball *t)
{
	static const uint8_t zeros[2 * BLOCK];

	tarball_raw(t, zeros, sizeof(zeros));
}

int tarball_open(const struct tarball *t)
{
	int fd = memfd_create("tarball", MFD_CLOEXEC);

	if (fd < 0 || io_write(fd, t->bytes, t->size) < 0)
		abort();
	return fd;
}

void tarball_release(struct tarball *t)
{
	free(t->bytes);
	free(t->records);
	*t = (struct tarball){ 0 };
}
