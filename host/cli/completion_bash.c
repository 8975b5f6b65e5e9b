/* SPDX-License-Identifier: MIT */
/* completion_bash.c - see completion.h: the script for bash */
#include "host/cli/completion.h"

#include <stdbool.h>

/*
 * Bash makes words of their own of '=', ':' and '@' (COMP_WORDBREAKS): behind
 * the first is the value of the option before it, behind the others a file.
 */
static const char head[] =
	"# bash completion of overlayvm, as \"overlayvm completion bash\" "
	"prints it\n"
	"# shellcheck shell=bash\n"
	"\n"
	"_overlayvm_files() {\n"
	"	compopt -o filenames 2>/dev/null\n"
	"	mapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\")\n"
	"}\n"
	"\n"
	"_overlayvm() {\n"
	"	local cur=${COMP_WORDS[COMP_CWORD]} "
	"prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"	local command='' words='' operand='' i\n"
	"\n"
	"	COMPREPLY=()\n"
	"	case $cur in\n"
	"	=) cur='' ;;\n"
	"	[:@]) prev=$cur cur='' ;;\n"
	"	esac\n"
	"	case $prev in\n"
	"	=) prev=${COMP_WORDS[COMP_CWORD - 2]} ;;\n"
	"	[:@])\n"
	"		_overlayvm_files -f\n"
	"		return ;;\n"
	"	esac\n"
	"	for ((i = 1; i < COMP_CWORD; i++)); do\n"
	"		case \"$command${command:+ }${COMP_WORDS[i]}\" in\n";

static const char tail[] =
	"	esac\n"
	"	if [[ -n $operand && $cur != -* ]]; then\n"
	"		_overlayvm_files \"$operand\"\n"
	"	else\n"
	"		mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
	"\"$cur\")\n"
	"	fi\n"
	"}\n"
	"complete -F _overlayvm overlayvm\n";

/* "image check", for a command and the one above it. */
static void print_path(const struct subcommand *above,
		       const struct subcommand *command, FILE *out)
{
	fprintf(out, "%s%s%s", above ? above->name : "", above ? " " : "",
		command->name);
}

static void print_paths(const struct subcommand *list, FILE *out)
{
	const char *bar = "";

	fputs("\t\t", out);
	for (; list->name; list++) {
		fprintf(out, "%s'%s'", bar, list->name);
		bar = " | ";
		for (const struct subcommand *c = list->below; c && c->name;
		     c++) {
			fputs(" | '", out);
			print_path(list, c, out);
			fputs("'", out);
		}
	}
	fputs(") command+=${command:+ }${COMP_WORDS[i]} ;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "\tcase \"$command $prev\" in\n",
	      out);
}

static void print_words(const char *const *words, FILE *out)
{
	fputs("words='", out);
	for (size_t i = 0; words[i]; i++)
		fprintf(out, "%s%s", i ? " " : "", words[i]);
	fputs("' ;;\n", out);
}

static void print_value(const struct usage_option *option, FILE *out)
{
	if (option->words) {
		print_words(option->words, out);
		return;
	}
	switch (completion_kind_of(option->value)) {
	case COMPLETION_FILE:
		fputs("_overlayvm_files -f && return ;;\n", out);
		break;
	case COMPLETION_DIRECTORY:
		fputs("_overlayvm_files -d && return ;;\n", out);
		break;
	case COMPLETION_IMAGE:
		fputs("compopt -o nospace 2>/dev/null\n"
		      "\t\t_overlayvm_files -f -W '" COMPLETION_FORMS
		      "' && return ;;\n",
		      out);
		break;
	case COMPLETION_SCRIPT: /* its '@' has been seen */
	case COMPLETION_TEXT:
		fputs("return ;;\n", out);
		break;
	}
}

static void print_values(const struct subcommand *above,
			 const struct subcommand *command, FILE *out)
{
	const struct usage *usage = command->usage ? command->usage() : NULL;

	for (size_t i = 0; usage && i < usage->count; i++) {
		if (!usage->options[i].value)
			continue;
		fputs("\t'", out);
		print_path(above, command, out);
		fprintf(out, " --%s') ", usage->options[i].name);
		print_value(&usage->options[i], out);
	}
	for (const struct subcommand *c = command->below; c && c->name; c++)
		print_values(command, c, out);
}

static void print_names(const struct subcommand *list, FILE *out)
{
	for (; list && list->name; list++)
		fprintf(out, "%s ", list->name);
}

static bool has_files(const struct subcommand *command)
{
	return completion_kind_of(command->operand) != COMPLETION_TEXT;
}

/* What there is to choose from behind the command. */
static void print_choice(const struct subcommand *above,
			 const struct subcommand *command, FILE *out)
{
	const struct usage *usage = command->usage ? command->usage() : NULL;

	/* Right behind it. */
	if (has_files(command) && command->below)
		fprintf(out, "\t'%s %s') words='--help' operand=-f ;;\n",
			command->name, command->name);
	fputs("\t'", out);
	print_path(above, command, out);
	fputs(" '*) words='", out);
	print_names(command->below, out);
	for (size_t i = 0; usage && i < usage->count; i++)
		fprintf(out, "%s--%s", i ? " " : "", usage->options[i].name);
	fputs(usage ? "'" : "--help'", out);
	if (has_files(command) && !command->below)
		fputs(" operand=-f", out);
	fputs(" ;;\n", out);
}

void completion_print_bash(const struct subcommand *top, FILE *out)
{
	fputs(head, out);
	print_paths(top, out);
	for (const struct subcommand *c = top; c->name; c++)
		print_values(NULL, c, out);
	fputs("\t' '*) words='", out);
	print_names(top, out);
	fputs("--help --version' ;;\n", out);
	for (const struct subcommand *c = top; c->name; c++) {
		for (const struct subcommand *b = c->below; b && b->name; b++)
			print_choice(c, b, out);
		print_choice(NULL, c, out);
	}
	fputs(tail, out);
}
