/* SPDX-License-Identifier: MIT */
/* arp.h - the question of a guest for the card of its gateway (RFC 826) */
#ifndef HOST_VM_ARP_H
#define HOST_VM_ARP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARP_FRAME_SIZE 42 /* bytes; Ethernet's, without padding and checksum */

/* The frame that asks for ADDRESS_HOST, from the guest of addresses.h. */
void arp_ask(uint8_t frame[ARP_FRAME_SIZE]);

/* Is this frame the answer to that, whatever card it names? */
bool arp_is_answer(const uint8_t *frame, size_t size);

#endif
