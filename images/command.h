/* SPDX-License-Identifier: MIT */
/* command.h - run a small program of this machine and take what it prints */
#ifndef IMAGES_COMMAND_H
#define IMAGES_COMMAND_H

#include "guest/shared/error.h"
#include "images/blob.h"

/*
 * Where the program `name` is: in the system's own directories, then along
 * PATH. *path is the caller's to free; NULL if there is none. -1 only when
 * memory is short.
 */
int command_find(char **path, const char *name, struct error *err);

/*
 * Run argv[0], a path, with an almost empty environment and without a shell.
 * *output gets its standard output, at most 16 MiB. Fails if it cannot be
 * started, ends by a signal or with a status other than 0; the message then
 * has the last line that it wrote to standard error.
 */
int command_output(struct blob *output, char *const argv[], struct error *err);

#endif
