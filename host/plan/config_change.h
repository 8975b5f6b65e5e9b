/* SPDX-License-Identifier: MIT */
/* config_change.h - what the config of an image is to say from now on */
#ifndef HOST_PLAN_CONFIG_CHANGE_H
#define HOST_PLAN_CONFIG_CHANGE_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

enum config_key {
	CONFIG_ENV,
	CONFIG_CMD,
	CONFIG_ENTRYPOINT,
	CONFIG_USER,
	CONFIG_WORKDIR,
	CONFIG_LABEL,
	CONFIG_EXPOSE,
	CONFIG_VOLUME,
};

/*
 * One of "KEY=VALUE". What is named is a variable, a label, a port ("80/tcp")
 * or a volume; name NULL and value NULL: all of the key is unset.
 */
struct config_change {
	enum config_key key;
	char *text;  /* owned; as it was said */
	char *name;  /* owned; NULL for the keys that have but one value */
	char *value; /* owned; NULL: to be unset; "" for ports and volumes */
};

/*
 * Read "KEY=VALUE":
 *
 *	env=NAME=VALUE    label=NAME=VALUE    set one; without the second '='
 *	                                      that one is unset
 *	cmd=WORDS         entrypoint=WORDS    a JSON array of strings, or a
 *	                                      command for the image's shell
 *	user=USER         workdir=PATH        PATH is absolute
 *	expose=PORT       volume=PATH         add one; PORT/tcp, udp or sctp
 *
 * and "KEY=", which unsets it. Everything is UTF-8 without control characters,
 * but for newlines and tabs in the values of env, label, cmd and entrypoint.
 *
 * EINVAL with a message that names the option, ENOMEM. On failure *change is
 * untouched.
 */
int config_change_parse(struct config_change *change, const char *text,
			struct error *err);

/* The keys, by their number; NULL beyond the last. */
const char *config_change_key(size_t i);

/*
 * The words of cmd or entrypoint where they were given as a JSON array, which
 * is the caller's to json_object_put(); NULL if they are for a shell.
 */
struct json_object *config_change_words(const struct config_change *change);

void config_change_release(struct config_change *change);

DEFINE_AUTO(config_change, config_change_release)

#endif
