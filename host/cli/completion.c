/* SPDX-License-Identifier: MIT */
/* completion.c - see completion.h */
#include "host/cli/completion.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/run/failure.h"

#define TRY "try 'overlayvm completion --help'"

static const char about[] =
	"Usage: overlayvm completion bash|zsh|fish\n"
	"\n"
	"Print what makes that shell complete the command line of overlayvm:\n"
	"\n"
	"  bash   source <(overlayvm completion bash)\n"
	"  zsh    overlayvm completion zsh >DIR/_overlayvm, DIR in fpath\n"
	"  fish   overlayvm completion fish | source\n"
	"\n"
	"  --help   print this\n";

const struct subcommand completion_shells[] = {
	{ "bash", "for bash", NULL, NULL, NULL, NULL },
	{ "zsh", "for zsh", NULL, NULL, NULL, NULL },
	{ "fish", "for fish", NULL, NULL, NULL, NULL },
	{ 0 },
};

/* In the order of completion_shells. */
static void (*const printers[])(const struct subcommand *top, FILE *out) = {
	completion_print_bash,
	completion_print_zsh,
	completion_print_fish,
};

enum completion_kind completion_kind_of(const char *value)
{
	static const struct {
		const char *value;
		enum completion_kind kind;
	} kinds[] = {
		{ "PATH", COMPLETION_FILE },
		{ "FILE", COMPLETION_FILE },
		{ "DIR", COMPLETION_DIRECTORY },
		{ "REF", COMPLETION_IMAGE },
		{ "IMAGE", COMPLETION_IMAGE },
		{ "SCRIPT", COMPLETION_SCRIPT },
	};
	size_t length = value ? strcspn(value, "|") : 0;

	for (size_t i = 0; length > 0 && i < COUNT_OF(kinds); i++)
		if (strlen(kinds[i].value) == length &&
		    strncmp(kinds[i].value, value, length) == 0)
			return kinds[i].kind;
	return COMPLETION_TEXT;
}

void completion_print_quoted(const char *text, const char *escaped,
			     const char *apostrophe, FILE *out)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs(apostrophe, out);
			continue;
		}
		if (strchr(escaped, *text))
			(void)fputc('\\', out);
		(void)fputc(*text == '\n' ? ' ' : *text, out);
	}
}

int completion_command(const struct subcommand *top, int argc, char **argv,
		       struct error *err)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct subcommand *shell =
		subcommand_find(completion_shells, name);

	if (subcommand_asks_for_help(argc, argv)) {
		fputs(about, stdout);
		return 0;
	}
	if (argc > 2)
		(void)error_set(err, EINVAL,
				"completion: unexpected argument '%s' (" TRY
				")",
				argv[2]);
	else if (shell)
		printers[shell - completion_shells](top, stdout);
	else if (*name)
		(void)subcommand_refuse(completion_shells,
					"completion: no shell", name, TRY, err);
	else
		(void)error_set(err, EINVAL,
				"completion: bash, zsh or fish? (" TRY ")");
	return shell && argc == 2 ? 0 : STATUS_FAILED;
}
