/* SPDX-License-Identifier: MIT */
/* addresses.h - who is who in the network of a guest that has one */
#ifndef GUEST_SHARED_ADDRESSES_H
#define GUEST_SHARED_ADDRESSES_H

/*
 * QEMU's own network has these (QEMU, "Network emulation", -netdev user), and
 * passt(1) is told them: a guest sees no difference. The card is the one that
 * QEMU numbers first.
 */
#define ADDRESS_GUEST	 "10.0.2.15"
#define ADDRESS_NETMASK	 "255.255.255.0"
#define ADDRESS_HOST	 "10.0.2.2" /* the gateway; this host's loopback */
#define ADDRESS_RESOLVER "10.0.2.3"

#define ADDRESS_GUEST_CARD "52:54:00:12:34:56"
#define ADDRESS_HOST_CARD  "52:55:0a:00:02:02"

#endif
