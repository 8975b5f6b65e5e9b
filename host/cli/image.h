/* SPDX-License-Identifier: MIT */
/* image.h - the subcommand overlayvm image, and those below it */
#ifndef HOST_CLI_IMAGE_H
#define HOST_CLI_IMAGE_H

#include "guest/shared/error.h"
#include "host/cli/subcommand.h"

/*
 * argv[0] is the subcommand's own name in each. Returns the exit status;
 * *err has a message unless it is 0.
 */
int image_command(int argc, char **argv, struct error *err);

int image_inspect_command(int argc, char **argv, struct error *err);

/* 1 if rules are broken. */
int image_check_command(int argc, char **argv, struct error *err);
int image_convert_command(int argc, char **argv, struct error *err);
int image_flatten_command(int argc, char **argv, struct error *err);

/* Those below "image", and the options of two of them; static storage. */
extern const struct subcommand image_commands[];
const struct usage *image_inspect_usage(void);
const struct usage *image_check_usage(void);

#endif
