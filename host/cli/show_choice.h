/* SPDX-License-Identifier: MIT */
/* show_choice.h - in which form a listing is shown, as options choose it */
#ifndef HOST_CLI_SHOW_CHOICE_H
#define HOST_CLI_SHOW_CHOICE_H

#include <stdio.h>

#include "guest/shared/error.h"
#include "host/layer/listing.h"

enum show_form {
	SHOW_FORM_AUTO,
	SHOW_FORM_LINES,
	SHOW_FORM_LONG,
	SHOW_FORM_TREE,
	SHOW_FORM_JSON
};

/* Usable from { 0 }. */
struct show_choice {
	enum show_form form;
	const char *color; /* borrowed; NULL: auto */
};

enum show_choice_option {
	SHOW_CHOICE_LINES,
	SHOW_CHOICE_LONG,
	SHOW_CHOICE_TREE,
	SHOW_CHOICE_JSON,
	SHOW_CHOICE_COLOR,
	SHOW_CHOICE_COUNT
};

extern const char *const show_choice_colors[];

/* Their rows in the table of a command (usage.h), from that index on. */
#define SHOW_CHOICE_ROWS(from)                                                 \
	[(from) + SHOW_CHOICE_LINES] = { "lines", 0, NULL,                     \
					 "one line a path, also on a "         \
					 "terminal",                           \
					 NULL },                               \
		  [(from) + SHOW_CHOICE_LONG] = { "long", 'l', NULL,           \
						  "the same with mode, "       \
						  "owner, size and "           \
						  "time",                      \
						  NULL },                      \
		  [(from) + SHOW_CHOICE_TREE] = { "tree", 0, NULL,             \
						  "a tree, also elsewhere",    \
						  NULL },                      \
		  [(from) + SHOW_CHOICE_JSON] = { "json", 0, NULL,             \
						  "an array of objects",       \
						  NULL },                      \
		  [(from) + SHOW_CHOICE_COLOR] = {                             \
			  "color", 0, "WHEN",                                  \
			  "colours in the tree: auto, always or never;\n"      \
			  "auto asks the terminal, and NO_COLOR",              \
			  show_choice_colors                                   \
		  }

/* Take one of them. EINVAL; the message of forms that exclude each other ends
 * in `cure`. */
int show_choice_take(struct show_choice *choice, enum show_choice_option option,
		     const char *value, const char *cure, struct error *err);

/* Show the listing so: on a terminal a tree, elsewhere lines, if nothing was
 * chosen. As the functions of show_forms.h fail. */
int show_choice_print(const struct show_choice *choice,
		      const struct listing *listing, FILE *out,
		      struct error *err);

#endif
