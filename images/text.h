/* SPDX-License-Identifier: MIT */
/* text.h - a string made to measure */
#ifndef IMAGES_TEXT_H
#define IMAGES_TEXT_H

#include "guest/shared/error.h"

/* What printf would print, the caller's to free; NULL with ENOMEM. */
char *text_format(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
