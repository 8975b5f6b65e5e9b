/* SPDX-License-Identifier: MIT */
/* show_choice.c - see show_choice.h */
#include "host/cli/show_choice.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/cli/show_forms.h"

const char *const show_choice_colors[] = { "auto", "always", "never", NULL };

static int take_form(struct show_choice *choice, enum show_form form,
		     const char *cure, struct error *err)
{
	if (choice->form != SHOW_FORM_AUTO && choice->form != form)
		return error_set(err, EINVAL,
				 "--lines, --long, --tree and --json: choose "
				 "one %s",
				 cure);
	choice->form = form;
	return 0;
}

static int take_color(struct show_choice *choice, const char *when,
		      struct error *err)
{
	for (size_t i = 0; show_choice_colors[i]; i++)
		if (strcmp(when, show_choice_colors[i]) == 0) {
			choice->color = when;
			return 0;
		}
	return error_set(err, EINVAL,
			 "--color '%s' is none of: auto, always, never", when);
}

int show_choice_take(struct show_choice *choice, enum show_choice_option option,
		     const char *value, const char *cure, struct error *err)
{
	static const enum show_form forms[] = {
		[SHOW_CHOICE_LINES] = SHOW_FORM_LINES,
		[SHOW_CHOICE_LONG] = SHOW_FORM_LONG,
		[SHOW_CHOICE_TREE] = SHOW_FORM_TREE,
		[SHOW_CHOICE_JSON] = SHOW_FORM_JSON,
	};

	if (option == SHOW_CHOICE_COLOR)
		return take_color(choice, value, err);
	return take_form(choice, forms[option], cure, err);
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool wants_color(const struct show_choice *choice, FILE *out)
{
	const char *term = getenv("TERM");

	if (choice->color && strcmp(choice->color, "auto") != 0)
		return strcmp(choice->color, "always") == 0;
	return isatty(fileno(out)) && !is_set("NO_COLOR") &&
	       !(term && strcmp(term, "dumb") == 0);
}

int show_choice_print(const struct show_choice *choice,
		      const struct listing *listing, FILE *out,
		      struct error *err)
{
	enum show_form form = choice->form;

	if (form == SHOW_FORM_AUTO)
		form = isatty(fileno(out)) ? SHOW_FORM_TREE : SHOW_FORM_LINES;
	switch (form) {
	case SHOW_FORM_LONG:
		return show_print_long(listing, out, err);
	case SHOW_FORM_TREE:
		return show_print_tree(listing, wants_color(choice, out), out,
				       err);
	case SHOW_FORM_JSON:
		return show_print_json(listing, out, err);
	default:
		return listing_print(listing, out, err);
	}
}
