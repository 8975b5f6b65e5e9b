/* SPDX-License-Identifier: MIT */
/* boot.h - what the kernel leaves to PID 1 */
#ifndef GUEST_AGENT_BOOT_H
#define GUEST_AGENT_BOOT_H

#include "guest/shared/error.h"

/* Mount /proc, /sys, /dev and what programs expect below them; lo goes up. */
int boot_mount(struct error *err);

/*
 * Load /lib/modules/ in the order of the file `order` there, which the
 * builder of the guest image wrote, and, if there is a network card, of
 * `network`. A module that the kernel has already is no error.
 */
int boot_load_modules(struct error *err);

#endif
