/* SPDX-License-Identifier: MIT */
/* elf.h - what kind of program a file is */
#ifndef IMAGES_ELF_H
#define IMAGES_ELF_H

#include <stdbool.h>

#include "images/blob.h"

/* true for a program or library for x86_64 Linux, bounds checked. */
bool elf_is_program(const struct blob *blob);

/* true for an object file for x86_64, as kernel modules are. */
bool elf_is_object(const struct blob *blob);

/* true if the table of its sections, which is at the end, is there. */
bool elf_is_whole(const struct blob *blob);

/*
 * The program that the kernel starts to load this one and its libraries:
 * "/lib64/ld-linux-x86-64.so.2". Borrowed from the blob. NULL if the program
 * is static.
 */
const char *elf_interpreter(const struct blob *blob);

#endif
