/* SPDX-License-Identifier: MIT */
/* lint_form.c - the headers of an entry, see lint_state.h */
#include "host/layer/lint_state.h"

#include <inttypes.h>
#include <string.h>

static void add(struct lint *lint, enum rule_number rule, const char *what)
{
	findings_add(lint->findings, rule, "'%.400s' %s", lint->name, what);
}

static void check_dialect(struct lint *lint)
{
	unsigned int notes = lint->raw.notes;

	if (notes & RAW_OLD)
		add(lint, RULE_TAR_DIALECT, "has a header from before POSIX");
	if (notes & RAW_GNU)
		add(lint, RULE_TAR_DIALECT, "has a header of GNU tar's own");
	if (notes & RAW_CONTIGUOUS)
		add(lint, RULE_TAR_DIALECT, "is a contiguous file");
	if (notes & RAW_GLOBAL)
		add(lint, RULE_PAX_GLOBAL, "has a global pax header before it");
	if (notes & RAW_SPARSE)
		add(lint, RULE_SPARSE, "is sparse");
	if (notes & RAW_SOCKET)
		add(lint, RULE_SOCKET, "is a socket");
}

static void check_records(struct lint *lint)
{
	const struct raw *raw = &lint->raw;

	if (raw->notes & RAW_NEEDLESS)
		findings_add(lint->findings, RULE_PAX_RECORD,
			     "'%.400s' has the record '%s'", lint->name,
			     raw->needless);
	if (raw->notes & RAW_MALFORMED)
		findings_add(lint->findings, RULE_PAX_FORM,
			     "'%.400s' has the malformed record '%s'",
			     lint->name, raw->malformed);
	if (raw->notes & RAW_TWICE)
		findings_add(lint->findings, RULE_PAX_FORM,
			     "'%.400s' has the record '%s' twice", lint->name,
			     raw->twice);
}

/* Of a type that no reader knows some take the data and some skip it. */
static void check_type(struct lint *lint)
{
	const struct raw *raw = &lint->raw;
	bool has_data =
		raw->type == '0' || raw->type == '7' || raw->type == 'S';

	if ((raw->type < '0' || raw->type > '7') && raw->type != 'S')
		findings_add(lint->findings, RULE_TAR,
			     "'%.400s' is of the unknown type 0x%02x",
			     lint->name, (unsigned char)raw->type);
	else if (!has_data && raw->size > 0)
		findings_add(lint->findings, RULE_TAR,
			     "'%.400s' has data, and is of a type that has "
			     "none",
			     lint->name);
	if (raw->notes & RAW_NO_SIZE)
		add(lint, RULE_TAR, "has a size that is no number");
}

int lint_form(struct lint *lint, struct error *err)
{
	(void)err;
	check_dialect(lint);
	check_records(lint);
	check_type(lint);
	return 0;
}
