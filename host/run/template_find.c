/* SPDX-License-Identifier: MIT */
/* template_find.c - see template_find.h */
#include "host/run/template_find.h"

#include <unistd.h>

#include "host/run/template_key.h"
#include "host/vm/args.h"
#include "host/vm/qemu.h"

static int name(struct template *template, const struct template_wish *wish,
		bool no_sandbox, struct error *err)
{
	const struct qemu qemu = {
		.program = wish->qemu,
		.kvm = wish->kvm,
		.memory = wish->memory,
		.cpus = wish->cpus,
		.network =
			wish->network ? QEMU_NETWORK_SOCKET : QEMU_NETWORK_NONE,
		.start = QEMU_MAKE,
		.no_sandbox = no_sandbox,
	};
	AUTO(args) args = { 0 };
	struct digest key;

	if (qemu_args(&args, &qemu, err) < 0 ||
	    template_key(&key, &args, wish->guest_key, wish->disk_size,
			 wish->kvm, err) < 0)
		return -1;
	return template_name(template, key.hex, err);
}

static bool is_there(const struct template *template)
{
	return access(template->kept.dir, F_OK) == 0;
}

int template_find(struct template *template, const struct template_wish *wish,
		  bool *no_sandbox, struct error *err)
{
	if (name(template, wish, *no_sandbox, err) < 0)
		return -1;
	if (*no_sandbox || is_there(template))
		return 0;
	if (name(template, wish, true, err) == 0 && is_there(template)) {
		*no_sandbox = true;
		return 0;
	}
	return name(template, wish, false, err);
}
