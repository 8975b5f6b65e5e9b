/* SPDX-License-Identifier: MIT */
/* amount.h - sizes for people */
#ifndef HOST_CLI_AMOUNT_H
#define HOST_CLI_AMOUNT_H

#include <stdint.h>

#define AMOUNT_SIZE 16 /* bytes, with the NUL */

/* "0 B", "1023 B", "1.0 KiB" and so on up to EiB; three digits or so, rounded
 * down, so that nothing looks like more than it is. Returns `text`. */
const char *amount(char text[AMOUNT_SIZE], uint64_t bytes);

#endif
