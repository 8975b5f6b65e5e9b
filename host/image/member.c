/* SPDX-License-Identifier: MIT */
/* member.c - see member.h */
#include "host/image/member.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* Take the last part off; false if there is none. */
static bool go_up(char *name)
{
	char *slash = strrchr(name, '/');

	if (!*name)
		return false;
	*(slash ? slash : name) = '\0';
	return true;
}

static void go_down(char *name, const char *part, size_t length)
{
	size_t used = strlen(name);

	if (used > 0)
		name[used++] = '/';
	memcpy(name + used, part, length);
	name[used + length] = '\0';
}

static bool follow(char *name, const char *path)
{
	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && strncmp(path, "..", 2) == 0) {
			if (!go_up(name))
				return false;
		} else if (length > 0 && !(length == 1 && path[0] == '.')) {
			go_down(name, path, length);
		}
		path += length;
		path += strspn(path, "/");
	}
	return *name != '\0';
}

char *member_name(const char *from, const char *path)
{
	size_t room = (from ? strlen(from) : 0) + strlen(path) + 2;
	char *name = calloc(1, room);

	if (!name)
		return NULL;
	if (from) {
		strcpy(name, from);
		(void)go_up(name);
	}
	if (*path == '/' || !follow(name, path)) {
		free(name);
		errno = EINVAL;
		return NULL;
	}
	return name;
}

static int make_room(struct members *members)
{
	size_t room = members->room ? members->room * 2 : 64;
	struct member *item;

	if (members->count < members->room)
		return 0;
	item = reallocarray(members->item, room, sizeof(*item));
	if (!item)
		return -1;
	members->item = item;
	members->room = room;
	return 0;
}

static int check_limits(struct members *members, const struct member *member,
			struct error *err)
{
	size_t bytes = strlen(member->name) + strlen(member->target) + 2;

	if (members->count >= MEMBERS_MAX)
		return error_set(err, E2BIG, "has more than %d members",
				 MEMBERS_MAX);
	if (bytes > MEMBERS_NAMES_MAX - members->name_bytes)
		return error_set(err, E2BIG,
				 "the names of its members have more than %d "
				 "bytes",
				 MEMBERS_NAMES_MAX);
	members->name_bytes += bytes;
	return 0;
}

int members_add(struct members *members, const struct member *member,
		struct error *err)
{
	int r = check_limits(members, member, err);

	if (r == 0 && make_room(members) < 0)
		r = error_errno(err, "list the members");
	if (r < 0) {
		free(member->name);
		free(member->target);
		return -1;
	}
	members->item[members->count] = *member;
	members->item[members->count].place = members->count;
	members->count++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct member *left = a;
	const struct member *right = b;
	int order = strcmp(left->name, right->name);

	if (order != 0)
		return order;
	return left->place < right->place ? -1 : left->place > right->place;
}

void members_sort(struct members *members)
{
	struct member *item = members->item;
	size_t kept = 0;

	if (members->count == 0)
		return;
	qsort(item, members->count, sizeof(*item), compare);
	for (size_t i = 1; i < members->count; i++) {
		if (strcmp(item[i].name, item[kept].name) == 0) {
			free(item[kept].name);
			free(item[kept].target);
		} else {
			kept++;
		}
		item[kept] = item[i];
	}
	members->count = kept + 1;
}

static int compare_name(const void *key, const void *item)
{
	return strcmp(key, ((const struct member *)item)->name);
}

const struct member *members_find(const struct members *members,
				  const char *name)
{
	if (members->count == 0)
		return NULL;
	return bsearch(name, members->item, members->count,
		       sizeof(*members->item), compare_name);
}

void members_release(struct members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		free(members->item[i].name);
		free(members->item[i].target);
	}
	free(members->item);
	*members = (struct members){ 0 };
}
