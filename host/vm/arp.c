/* SPDX-License-Identifier: MIT */
/* arp.c - see arp.h */
#include "host/vm/arp.h"

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/ether.h>
#include <netinet/if_ether.h>
#include <string.h>

#include "guest/shared/addresses.h"

struct arp_frame {
	struct ether_header ethernet;
	struct ether_arp arp;
};

_Static_assert(sizeof(struct arp_frame) == ARP_FRAME_SIZE, "no padding");

void arp_ask(uint8_t frame[ARP_FRAME_SIZE])
{
	struct arp_frame made = {
		.ethernet.ether_type = htons(ETHERTYPE_ARP),
		.arp.arp_hrd = htons(ARPHRD_ETHER),
		.arp.arp_pro = htons(ETHERTYPE_IP),
		.arp.arp_hln = ETH_ALEN,
		.arp.arp_pln = sizeof(struct in_addr),
		.arp.arp_op = htons(ARPOP_REQUEST),
	};
	struct ether_addr card = { 0 };

	(void)ether_aton_r(ADDRESS_GUEST_CARD, &card);
	memset(made.ethernet.ether_dhost, 0xff, ETH_ALEN);
	memcpy(made.ethernet.ether_shost, &card, ETH_ALEN);
	memcpy(made.arp.arp_sha, &card, ETH_ALEN);
	(void)inet_pton(AF_INET, ADDRESS_GUEST, made.arp.arp_spa);
	(void)inet_pton(AF_INET, ADDRESS_HOST, made.arp.arp_tpa);
	memcpy(frame, &made, sizeof(made));
}

bool arp_is_answer(const uint8_t *frame, size_t size)
{
	struct arp_frame seen;
	struct in_addr host;

	if (size < sizeof(seen))
		return false;
	memcpy(&seen, frame, sizeof(seen));
	(void)inet_pton(AF_INET, ADDRESS_HOST, &host);
	return seen.ethernet.ether_type == htons(ETHERTYPE_ARP) &&
	       seen.arp.arp_op == htons(ARPOP_REPLY) &&
	       memcmp(seen.arp.arp_spa, &host, sizeof(host)) == 0;
}
