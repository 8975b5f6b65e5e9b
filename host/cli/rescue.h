/* SPDX-License-Identifier: MIT */
/* rescue.h - the subcommand overlayvm rescue, and what it does with a disk */
#ifndef HOST_CLI_RESCUE_H
#define HOST_CLI_RESCUE_H

#include "guest/shared/error.h"
#include "host/cli/subcommand.h"
#include "host/cli/workplace.h"
#include "host/rescue/remains.h"
#include "host/rescue/rescue.h"

/* argv[0] is "rescue", then come the disk and what to do with it. Returns the
 * exit status; *err has a message unless it is 0. */
int rescue_command(int argc, char **argv, struct error *err);

/*
 * Those that can be done. argv[0] is the name, argv[1] the disk, and what was
 * behind the name follows. Status and message as above.
 */
int rescue_ls_command(int argc, char **argv, struct error *err);
int rescue_cat_command(int argc, char **argv, struct error *err);
int rescue_tar_command(int argc, char **argv, struct error *err);
int rescue_diff_command(int argc, char **argv, struct error *err);
int rescue_shell_command(int argc, char **argv, struct error *err);

/* Static storage. */
extern const struct subcommand rescue_commands[];
const struct usage *rescue_tar_usage(void);
const struct usage *rescue_diff_usage(void);

/* The disk as it is worked on from that place, which is open and stays. */
struct rescue rescue_begin(struct workplace *workplace, const char *disk);

/*
 * What was below: layer->base becomes `base`, with the image that is named, or
 * else that of the plan; nothing if the run had none. Fails, with layer->base
 * NULL, if it is not known, cannot be read or is another one: with an image
 * that was not named that matters only if something has to be known of it.
 */
int rescue_find_base(struct rescue_layer *layer, struct base *base,
		     const char *from_image, const struct remains *remains,
		     struct workplace *workplace, struct error *err);

#endif
