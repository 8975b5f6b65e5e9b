/* SPDX-License-Identifier: MIT */
/* network.h - the guest's way out, if it was given one */
#ifndef GUEST_AGENT_NETWORK_H
#define GUEST_AGENT_NETWORK_H

#include <stdbool.h>

#include "guest/shared/error.h"

/* Names are resolved by this, in the guest and in the root of a command. */
#define NETWORK_RESOLVER "/etc/resolv.conf"

/* Whether the machine has a network card: then its drivers are loaded. */
bool network_has_card(void);

/*
 * Give the card the address of addresses.h, raise it, and write
 * NETWORK_RESOLVER. ENODEV if there is none.
 */
int network_raise(struct error *err);

#endif
