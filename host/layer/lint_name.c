/* SPDX-License-Identifier: MIT */
/* lint_name.c - the name of an entry, see lint_state.h */
#include "host/layer/lint_state.h"

#include <string.h>

static void check_form(struct lint *lint)
{
	bool directory = lint->raw.type == '5';
	size_t length = strlen(lint->path);

	if (length == 0 && strcmp(lint->name, "./") == 0)
		return;
	if (length == 0 || strncmp(lint->name, lint->path, length) != 0 ||
	    strcmp(lint->name + length, directory ? "/" : "") != 0)
		findings_add(lint->findings, RULE_NAME_FORM,
			     "'%.400s' would be '%.400s%s'", lint->name,
			     *lint->path ? lint->path : ".",
			     directory ? "/" : "");
}

void lint_name(struct lint *lint, bool *usable)
{
	struct error why = { 0 };

	lint->path[0] = '\0';
	*usable = path_normalize(lint->path, lint->name, &why) == 0;
	if (!*usable) {
		findings_add(lint->findings, RULE_NAME, "'%.400s': %s",
			     lint->name, why.msg);
		return;
	}
	/* As kaniko writes its root. */
	if (*lint->name == '/')
		findings_add(lint->findings, RULE_NAME, "'/': absolute name");
	else
		check_form(lint);
	lint->hidden = NULL;
	lint->kind = whiteout_classify(path_base(lint->path), &lint->hidden);
}
