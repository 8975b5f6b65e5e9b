/* SPDX-License-Identifier: MIT */
/* completion_fish.c - see completion.h: the script for fish */
#include "host/cli/completion.h"

#define COMPLETE "complete -c overlayvm"

static void print_quoted(const char *text, FILE *out)
{
	fputs("'", out);
	completion_print_quoted(text, "\\", "\\'", out);
	fputs("'", out);
}

/* When it is this command, and the one above it, that is being typed. */
static void print_condition(const struct subcommand *above,
			    const struct subcommand *command, FILE *out)
{
	if (above)
		fprintf(out,
			" -n '__fish_seen_subcommand_from %s; and "
			"__fish_seen_subcommand_from %s'",
			above->name, command->name);
	else
		fprintf(out, " -n '__fish_seen_subcommand_from %s'",
			command->name);
}

/* -x: nothing but what is listed; -r -F: a value, and files. */
static void print_value(const struct usage_option *option, FILE *out)
{
	if (option->words) {
		fputs(" -x -a '", out);
		for (size_t i = 0; option->words[i]; i++)
			fprintf(out, "%s%s", i ? " " : "", option->words[i]);
		fputs("'", out);
		return;
	}
	switch (completion_kind_of(option->value)) {
	case COMPLETION_FILE:
	case COMPLETION_SCRIPT:
		fputs(" -r -F", out);
		break;
	case COMPLETION_DIRECTORY:
		fputs(" -x -a '(__fish_complete_directories)'", out);
		break;
	case COMPLETION_IMAGE:
		fputs(" -r -F -a '" COMPLETION_FORMS "'", out);
		break;
	case COMPLETION_TEXT:
		fputs(" -x", out);
		break;
	}
}

static void print_option(const struct subcommand *above,
			 const struct subcommand *command,
			 const struct usage_option *option, FILE *out)
{
	fputs(COMPLETE, out);
	print_condition(above, command, out);
	if (option->letter)
		fprintf(out, " -s %c", option->letter);
	fprintf(out, " -l %s", option->name);
	if (option->value)
		print_value(option, out);
	fputs(" -d ", out);
	print_quoted(option->help, out);
	fputs("\n", out);
}

static void print_options(const struct subcommand *above,
			  const struct subcommand *command, FILE *out)
{
	static const struct usage_option help = { "help", 0, NULL,
						  "print the help", NULL };
	const struct usage *usage = command->usage ? command->usage() : NULL;

	for (size_t i = 0; usage && i < usage->count; i++)
		print_option(above, command, &usage->options[i], out);
	if (!usage)
		print_option(above, command, &help, out);
	if (completion_kind_of(command->operand) == COMPLETION_TEXT)
		return;
	fputs(COMPLETE, out);
	print_condition(above, command, out);
	fputs(" -F\n", out);
}

/* Until one of the names below the command has been typed. */
static void print_before(const struct subcommand *above, FILE *out)
{
	fprintf(out,
		COMPLETE " -n '__fish_seen_subcommand_from %s; and "
			 "not __fish_seen_subcommand_from",
		above->name);
	for (const struct subcommand *c = above->below; c->name; c++)
		fprintf(out, " %s", c->name);
	fputs("'", out);
}

/* The names below a command, and what stands before them. */
static void print_names(const struct subcommand *above, FILE *out)
{
	for (const struct subcommand *c = above->below; c->name; c++) {
		print_before(above, out);
		fprintf(out, " -a %s -d ", c->name);
		print_quoted(c->help, out);
		fputs("\n", out);
	}
	if (completion_kind_of(above->operand) == COMPLETION_TEXT)
		return;
	print_before(above, out);
	fputs(" -F\n", out);
}

void completion_print_fish(const struct subcommand *top, FILE *out)
{
	fputs("# fish completion of overlayvm, as \"overlayvm completion "
	      "fish\" prints it\n" COMPLETE " -f\n" COMPLETE
	      " -n __fish_use_subcommand -l help -d 'print the help'\n" COMPLETE
	      " -n __fish_use_subcommand -l version -d 'print the version'\n",
	      out);
	for (; top->name; top++) {
		fprintf(out, COMPLETE " -n __fish_use_subcommand -a %s -d ",
			top->name);
		print_quoted(top->help, out);
		fputs("\n", out);
		if (top->below)
			print_names(top, out);
		else
			print_options(NULL, top, out);
		for (const struct subcommand *c = top->below; c && c->name; c++)
			print_options(top, c, out);
	}
}
