/* SPDX-License-Identifier: MIT */
/* completion_zsh.c - see completion.h: the script for zsh */
#include "host/cli/completion.h"

/* What ends a part of a specification of _arguments (zshcompsys(1)). */
#define SPECIAL "\\[]:"

static void print_help(const char *text, FILE *out)
{
	completion_print_quoted(text, SPECIAL, "'\\''", out);
}

/* How a value or an operand is completed. */
static void print_action(const char *value, FILE *out)
{
	switch (completion_kind_of(value)) {
	case COMPLETION_FILE:
		fputs("_files", out);
		break;
	case COMPLETION_DIRECTORY:
		fputs("_files -/", out);
		break;
	case COMPLETION_IMAGE:
		fputs("_overlayvm_image", out);
		break;
	case COMPLETION_SCRIPT:
		fputs("_overlayvm_script", out);
		break;
	case COMPLETION_TEXT:
		fputs(" ", out);
		break;
	}
}

static void print_value(const struct usage_option *option, FILE *out)
{
	fputs(":", out);
	print_help(option->value, out);
	fputs(":", out);
	if (!option->words) {
		print_action(option->value, out);
		return;
	}
	fputs("(", out);
	for (size_t i = 0; option->words[i]; i++)
		fprintf(out, "%s%s", i ? " " : "", option->words[i]);
	fputs(")", out);
}

static void print_option(const struct usage_option *option, char letter,
			 FILE *out)
{
	/* The star: it may be said again. */
	fputs(" \\\n\t\t'*", out);
	if (letter)
		fprintf(out, "-%c", letter);
	else
		fprintf(out, "--%s%s", option->name, option->value ? "=" : "");
	fputs("[", out);
	print_help(option->help, out);
	fputs("]", out);
	if (option->value)
		print_value(option, out);
	fputs("'", out);
}

static void print_arguments(const struct subcommand *command, FILE *out)
{
	const struct usage *usage = command->usage ? command->usage() : NULL;

	fputs("\t_arguments", out);
	for (size_t i = 0; usage && i < usage->count; i++) {
		print_option(&usage->options[i], '\0', out);
		if (usage->options[i].letter)
			print_option(&usage->options[i],
				     usage->options[i].letter, out);
	}
	if (!usage)
		fputs(" \\\n\t\t'--help[print the help]'", out);
	if (command->operand) {
		fputs(" \\\n\t\t'*:", out);
		print_help(command->operand, out);
		fputs(":", out);
		print_action(command->operand, out);
		fputs("'", out);
	}
	fputs("\n", out);
}

/* A list to choose from, and what follows each; `before` is the operand that
 * stands before it, or NULL. */
static void print_choice(const struct subcommand *list, const char *prefix,
			 const char *top_options, const char *before, FILE *out)
{
	fputs("\tlocal curcontext=$curcontext state line\n"
	      "\tlocal -a commands=(\n",
	      out);
	for (const struct subcommand *c = list; c->name; c++) {
		fprintf(out, "\t\t'%s:", c->name);
		print_help(c->help, out);
		fputs("'\n", out);
	}
	fprintf(out,
		"\t)\n"
		"\t_arguments -C '--help[print the help]'%s \\\n"
		"\t\t",
		top_options);
	if (before) {
		fprintf(out, "'1:%s:", before);
		print_action(before, out);
		fputs("' ", out);
	}
	fprintf(out,
		"'%d: :->command' '*:: :->rest'\n"
		"\tcase $state in\n"
		"\tcommand) _describe command commands ;;\n"
		"\trest)\n",
		before ? 2 : 1);
	if (before)
		fputs("\t\tshift words\n\t\t(( CURRENT-- ))\n", out);
	fprintf(out, "\t\tcase $line[%d] in\n", before ? 2 : 1);
	for (const struct subcommand *c = list; c->name; c++)
		fprintf(out, "\t\t%s) %s_%s ;;\n", c->name, prefix, c->name);
	fputs("\t\tesac ;;\n\tesac\n", out);
}

static void print_function(const char *prefix, const struct subcommand *command,
			   FILE *out)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%s_%s", prefix, command->name);
	for (const struct subcommand *c = command->below; c && c->name; c++)
		print_function(name, c, out);
	fprintf(out, "%s() {\n", name);
	if (command->below)
		print_choice(command->below, name, "", command->operand, out);
	else
		print_arguments(command, out);
	fputs("}\n\n", out);
}

void completion_print_zsh(const struct subcommand *top, FILE *out)
{
	fputs("#compdef overlayvm\n"
	      "# zsh completion of overlayvm, as \"overlayvm completion "
	      "zsh\" prints it\n\n"
	      "_overlayvm_image() {\n"
	      "\tcompset -P '*:' || compadd -S '' -- " COMPLETION_FORMS "\n"
	      "\t_files\n"
	      "}\n\n"
	      "_overlayvm_script() {\n"
	      "\tcompset -P @ && _files\n"
	      "}\n\n",
	      out);
	for (const struct subcommand *c = top; c->name; c++)
		print_function("_overlayvm", c, out);
	fputs("_overlayvm() {\n", out);
	print_choice(top, "_overlayvm", " '--version[print the version]'", NULL,
		     out);
	fputs("}\n\n_overlayvm \"$@\"\n", out);
}
