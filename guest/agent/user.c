/* SPDX-License-Identifier: MIT */
/* user.c - see user.h */
#include "guest/agent/user.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 7	       /* of passwd(5); group(5) has 4 */
#define ID_MAX	   4294967294u /* the largest is "no user" */

/* The fields of one line; borrowed from the text. */
struct record {
	const char *at[FIELDS_MAX];
	size_t length[FIELDS_MAX];
	size_t count;
};

/* Take the line apart that begins at `line`. Returns where the next begins. */
static const char *next_record(const char *line, struct record *record)
{
	const char *end = line + strcspn(line, "\n");

	record->count = 0;
	while (record->count < FIELDS_MAX) {
		size_t length = strcspn(line, ":\n");

		record->at[record->count] = line;
		record->length[record->count++] = length;
		if (line[length] != ':')
			break;
		line += length + 1;
	}
	return *end ? end + 1 : end;
}

static bool is_text(const struct record *record, size_t field, const char *text)
{
	return field < record->count && record->length[field] == strlen(text) &&
	       strncmp(record->at[field], text, record->length[field]) == 0;
}

/* All of it digits, and not too large. */
static bool to_id(const char *text, size_t length, unsigned *id)
{
	unsigned long long number = 0;

	if (length == 0 || length > 10)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = 10 * number + (unsigned)(text[i] - '0');
	}
	*id = (unsigned)number;
	return number <= ID_MAX;
}

static bool field_id(const struct record *record, size_t field, unsigned *id)
{
	return field < record->count &&
	       to_id(record->at[field], record->length[field], id);
}

/* The record of that name, else of that number in its third field. */
static bool look_up(const char *text, const char *name, size_t fields,
		    struct record *found)
{
	struct record record;
	bool by_number = false;
	unsigned wanted = 0;
	unsigned id;
	bool numeric = to_id(name, strlen(name), &wanted);

	while (*text) {
		text = next_record(text, &record);
		if (record.count < fields || !field_id(&record, 2, &id))
			continue;
		if (is_text(&record, 0, name)) {
			*found = record;
			return true;
		}
		if (numeric && !by_number && id == wanted) {
			*found = record;
			by_number = true;
		}
	}
	return by_number;
}

/* Whether the member list of a group, "a,b", has the user's name. */
static bool lists(const struct record *group, const struct record *user)
{
	const char *at = group->at[3];
	const char *end = at + group->length[3];

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t length = (size_t)((comma ? comma : end) - at);

		if (length == user->length[0] &&
		    strncmp(at, user->at[0], length) == 0)
			return true;
		at += length + 1;
	}
	return false;
}

static void add_groups(struct user *user, const struct record *who,
		       const char *text)
{
	struct record group;
	unsigned id;

	while (*text && user->group_count < USER_GROUPS_MAX) {
		text = next_record(text, &group);
		if (group.count >= 4 && field_id(&group, 2, &id) &&
		    lists(&group, who))
			user->groups[user->group_count++] = id;
	}
}

/* What passwd knows of the user; a mere number it need not know. */
static int find_user(struct user *user, const char *name, const char *passwd,
		     struct record *who, struct error *err)
{
	unsigned id = 0;

	who->count = 0;
	if (look_up(passwd, name, 6, who)) {
		(void)field_id(who, 2, &id);
		user->uid = id;
		id = 0;
		(void)field_id(who, 3, &id);
		user->gid = id;
		user->home = strndup(who->at[5], who->length[5]);
	} else if (to_id(name, strlen(name), &id)) {
		user->uid = id;
	} else {
		return error_set(err, EINVAL,
				 "no user '%s' in the image's /etc/passwd",
				 name);
	}
	if (!user->home || !*user->home) {
		free(user->home);
		user->home = strdup(user->uid == 0 ? "/root" : "/");
	}
	return user->home ? 0 : error_set(err, ENOMEM, "out of memory");
}

static int find_group(struct user *user, const char *name, const char *group,
		      struct error *err)
{
	struct record found;
	unsigned id;

	if (look_up(group, name, 3, &found)) {
		if (!field_id(&found, 2, &id))
			return error_set(err, EINVAL,
					 "group '%s' has no number in the "
					 "image's /etc/group",
					 name);
	} else if (!to_id(name, strlen(name), &id)) {
		return error_set(err, EINVAL,
				 "no group '%s' in the image's /etc/group",
				 name);
	}
	user->gid = id;
	return 0;
}

int user_find(struct user *user, const char *spec, const char *passwd,
	      const char *group, struct error *err)
{
	const char *colon = strchr(spec, ':');
	autofree char *name =
		strndup(spec, colon ? (size_t)(colon - spec) : strlen(spec));
	AUTO(user) found = { 0 };
	struct record who;

	if (!name)
		return error_set(err, ENOMEM, "out of memory");
	if (find_user(&found, *name ? name : "0", passwd, &who, err) < 0)
		return -1;
	if (colon && colon[1]) {
		if (find_group(&found, colon + 1, group, err) < 0)
			return -1;
	} else if (who.count > 0) {
		add_groups(&found, &who, group);
	}

	*user = found;
	found = (struct user){ 0 };
	return 0;
}

void user_release(struct user *user)
{
	free(user->home);
	*user = (struct user){ 0 };
}
