/* SPDX-License-Identifier: MIT */
/* names.c - see names.h */
#include "guest/agent/names.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/order.h"

/* What one getdents64(2) fills: some 800 names, so that one call and a
 * second that says "no more" do for most directories. */
#define BATCH 32768 /* bytes */

/* What is read so far: for each name its type, its bytes and a NUL. */
struct text {
	char *bytes; /* owned */
	size_t used;
	size_t room;
	size_t count; /* names */
};

static int text_add(struct text *text, const char *name, unsigned char type)
{
	size_t size = strlen(name) + 2;

	if (text->room - text->used < size) {
		size_t room = text->room ? text->room * 2 : 1024;
		char *bytes = realloc(text->bytes, room);

		if (!bytes)
			return -1;
		text->bytes = bytes;
		text->room = room;
	}
	text->bytes[text->used] = (char)type;
	memcpy(text->bytes + text->used + 1, name, size - 1);
	text->used += size;
	text->count++;
	return 0;
}

/* Some file systems do not say in the directory what a name stands for. */
static unsigned char type_of(int fd, const struct dirent64 *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return DT_UNKNOWN;
	return IFTODT(st.st_mode);
}

static int add_batch(struct text *text, int fd, const char *batch, size_t size)
{
	for (size_t at = 0; at < size;) {
		const struct dirent64 *entry = (const void *)(batch + at);
		const char *name = entry->d_name;
		unsigned char type;

		at += entry->d_reclen;
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		type = type_of(fd, entry);
		if (type == DT_UNKNOWN || text_add(text, name, type) < 0)
			return -1;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	return order_compare(((const struct name *)a)->bytes,
			     ((const struct name *)b)->bytes);
}

/* An empty directory still gets a list, so that NULL means no memory. */
static struct name *make_list(const struct text *text)
{
	struct name *list = malloc((text->count + 1) * sizeof(*list));
	const char *at = text->bytes;

	if (!list)
		return NULL;
	for (size_t i = 0; i < text->count; i++) {
		list[i].type = (unsigned char)*at++;
		list[i].bytes = at;
		at += strlen(at) + 1;
	}
	if (text->count > 1)
		qsort(list, text->count, sizeof(*list), compare);
	return list;
}

int names_read(struct names *names, int fd, struct error *err)
{
	_Alignas(struct dirent64) char batch[BATCH];
	struct text text = { 0 };
	autofree char *bytes = NULL;
	struct name *list;
	ssize_t n = 0;
	int added = 0;

	while (added == 0 && (n = getdents64(fd, batch, sizeof(batch))) > 0)
		added = add_batch(&text, fd, batch, (size_t)n);
	bytes = text.bytes;
	if (n < 0 || added < 0)
		return error_errno(err, "list directory");
	list = make_list(&text);
	if (!list)
		return error_errno(err, "list directory");
	*names = (struct names){ .list = list,
				 .count = text.count,
				 .text = take_pointer(&bytes) };
	return 0;
}

void names_release(struct names *names)
{
	free(names->list);
	free(names->text);
	*names = (struct names){ 0 };
}
