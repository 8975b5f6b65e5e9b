/* SPDX-License-Identifier: MIT */
/* member_bytes.c - see member_bytes.h */
#include "host/image/member_bytes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Before each name and target, which follow it with their zero bytes. */
struct head {
	uint64_t offset;
	uint64_t size;
	uint32_t kind;
	uint32_t name_size; /* bytes, the zero byte among them */
	uint32_t target_size;
	uint32_t zero;
};

static void write_one(const struct member *member, FILE *out)
{
	const struct head head = {
		.offset = member->offset,
		.size = member->size,
		.kind = member->kind,
		.name_size = (uint32_t)strlen(member->name) + 1,
		.target_size = (uint32_t)strlen(member->target) + 1,
	};

	fwrite(&head, sizeof(head), 1, out);
	fwrite(member->name, head.name_size, 1, out);
	fwrite(member->target, head.target_size, 1, out);
}

int member_bytes_write(const struct members *members, char **bytes,
		       size_t *size, struct error *err)
{
	FILE *out = open_memstream(bytes, size);

	if (!out)
		return error_errno(err, "list the members");
	for (size_t i = 0; i < members->count; i++)
		write_one(&members->item[i], out);
	if (fclose(out) != 0) {
		free(*bytes);
		*bytes = NULL;
		return error_errno(err, "list the members");
	}
	return 0;
}

static bool is_string(const char *bytes, size_t size)
{
	return strnlen(bytes, size) == size - 1;
}

static bool can_be(const struct head *head, const char *strings, size_t size,
		   uint64_t file_size)
{
	if (head->kind > MEMBER_OTHER || head->name_size < 2 ||
	    head->target_size < 1 || head->name_size > size ||
	    head->target_size > size - head->name_size)
		return false;
	if (head->kind == MEMBER_FILE &&
	    (head->offset > file_size || head->size > file_size - head->offset))
		return false;
	return is_string(strings, head->name_size) &&
	       is_string(strings + head->name_size, head->target_size);
}

static int read_one(struct members *members, const struct head *head,
		    const char *strings, struct error *err)
{
	const struct member member = {
		.name = strdup(strings),
		.target = strdup(strings + head->name_size),
		.kind = head->kind,
		.offset = head->offset,
		.size = head->size,
	};

	if (!member.name || !member.target) {
		free(member.name);
		free(member.target);
		return error_set(err, ENOMEM, "out of memory");
	}
	return members_add(members, &member, err);
}

int member_bytes_read(struct members *members, const void *bytes, size_t size,
		      uint64_t file_size, struct error *err)
{
	const char *at = bytes;
	struct head head;

	while (size > 0) {
		if (size < sizeof(head))
			return error_set(err, EPROTO, "no list of members");
		memcpy(&head, at, sizeof(head));
		at += sizeof(head);
		size -= sizeof(head);
		if (!can_be(&head, at, size, file_size))
			return error_set(err, EPROTO, "no list of members");
		if (read_one(members, &head, at, err) < 0)
			return -1;
		at += head.name_size + head.target_size;
		size -= head.name_size + head.target_size;
	}
	return 0;
}
