/* SPDX-License-Identifier: MIT */
/* request.c - see request.h */
#include "host/plan/request.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/io.h"
#include "host/plan/words.h"

#define FIELD(name) offsetof(struct request, name)

/* A script longer than this is a file that was named by mistake. */
#define HOOK_MAX (1024 * 1024) /* bytes; three fit in a PLAN frame */

const struct setting settings[] = {
	{ "name", "name", "NAME", "name in the report and the image",
	  FIELD(name), SETTING_TEXT },
	{ "from-image", "fromImage", "REF",
	  "image to start from: PATH, or docker-archive:PATH[:REF] and such",
	  FIELD(from_image), SETTING_TEXT, .apart = true },
	{ "from-image-name", "fromImageName", "NAME",
	  "which image of the archive: its name", FIELD(from_image_name),
	  SETTING_TEXT, .apart = true },
	{ "from-image-tag", "fromImageTag", "TAG",
	  "which image of the archive: its tag", FIELD(from_image_tag),
	  SETTING_TEXT, .apart = true },
	{ "disk-size", "diskSize", "MIB",
	  "size of the scratch disk; suffix M, G or T; or auto (default 1024)",
	  FIELD(disk_size), SETTING_NUMBER, .apart = true },
	{ "memory", "buildVMMemorySize", "MIB",
	  "memory of the virtual machine; suffix M, G or T; or auto "
	  "(default 512)",
	  FIELD(memory), SETTING_NUMBER, .apart = true },
	{ "cpus", "cpus", "N", "processors of the virtual machine (default 1)",
	  FIELD(cpus), SETTING_NUMBER, .apart = true },
	{ "pre-mount", "preMount", "SCRIPT",
	  "hook before the overlay is mounted: text, @FILE, or @- for stdin",
	  FIELD(hooks[HOOK_PRE_MOUNT]), SETTING_HOOK },
	{ "post-mount", "postMount", "SCRIPT",
	  "hook with the merged tree mounted on mnt",
	  FIELD(hooks[HOOK_POST_MOUNT]), SETTING_HOOK },
	{ "post-umount", "postUmount", "SCRIPT",
	  "hook with the upper directory in OCI form",
	  FIELD(hooks[HOOK_POST_UMOUNT]), SETTING_HOOK },
	{ "run", "run", "COMMAND",
	  "run it in the mounted image, as a Dockerfile's RUN; repeatable",
	  FIELD(run), SETTING_RUN },
	{ "layer-per-run", "layerPerRun", NULL,
	  "make each --run a layer of its own, for --output-image",
	  FIELD(layer_per_run), SETTING_FLAG },
	{ "env", "env", "NAME=VALUE",
	  "variable for the hooks and for --run; repeatable", FIELD(env),
	  SETTING_ENV },
	{ "input", "input", "NAME=PATH",
	  "file or directory to be read at /in/NAME; of tar:PATH its contents; "
	  "repeatable",
	  FIELD(input), SETTING_GIVEN },
	{ "secret", "secret", "NAME=PATH",
	  "file to be read at /run/secrets/NAME, and kept nowhere; repeatable",
	  FIELD(secret), SETTING_GIVEN, .apart = true },
	{ "output", "output", "PATH", "where the layer goes; - is stdout",
	  FIELD(output), SETTING_TEXT, .apart = true },
	{ "output-image", "outputImage", "REF",
	  "where base and layer go as an image: "
	  "docker-archive:PATH[:NAME:TAG], "
	  "oci-archive:PATH[:REF], oci:DIR[:REF]; nix:DIR",
	  FIELD(output_image), SETTING_TEXT, .apart = true },
	{ "out", "out", "DIR", "directory that gets what hooks leave in $out",
	  FIELD(out), SETTING_TEXT, .apart = true },
	{ "config", "config", "KEY=VALUE",
	  "setting of that image: env, cmd, entrypoint, user, workdir, label, "
	  "expose or volume; repeatable",
	  FIELD(config), SETTING_CONFIG, .apart = true },
	{ "compress", "compress", "KIND",
	  "compress the output: none, gzip or zstd (default none)",
	  FIELD(compress), SETTING_TEXT, .words = words_compress },
	{ "verify", "verify", NULL,
	  "compare what base and layer make with what the guest has seen",
	  FIELD(verify), SETTING_FLAG, .apart = true },
	{ "report", "report", "PATH", "where the JSON report goes",
	  FIELD(report), SETTING_TEXT, .apart = true },
	{ "trace", "trace", "PATH",
	  "where the times of all steps go, as a Chrome trace", FIELD(trace),
	  SETTING_TEXT, .apart = true },
	{ "layers", "layers", "MODE",
	  "how layers reach the overlay: mount or unpack (default mount)",
	  FIELD(layers), SETTING_TEXT, .words = words_layers, .apart = true },
	{ "accel", "accel", "KIND", "auto, kvm or tcg (default auto)",
	  FIELD(accel), SETTING_TEXT, .words = words_accel, .apart = true },
	{ "network", "network", "KIND",
	  "none, or user: what your own programs can reach (default none)",
	  FIELD(network), SETTING_TEXT, .words = words_network },
	{ "no-template", "noTemplate", NULL,
	  "boot the guest, instead of restoring one that has booted",
	  FIELD(no_template), SETTING_FLAG, .apart = true },
	{ "timeout", "timeout", "SECONDS", "limit of the whole run",
	  FIELD(timeout), SETTING_NUMBER, .apart = true },
	{ "keep-failed", "keepFailed", "DIR",
	  "where a run that fails leaves its disk, console and QEMU command",
	  FIELD(keep_failed), SETTING_TEXT, .apart = true },
	{ "shell-on-failure", "shellOnFailure", NULL,
	  "lend the terminal to a shell in the guest of a run that fails",
	  FIELD(shell_on_failure), SETTING_FLAG, .apart = true },
	{ "limit", "limit", "NAME=VALUE",
	  "limit of log, layer-size (MIB), layer-entries, hook-time, "
	  "hook-silence or guest-silence (SECONDS); repeatable",
	  FIELD(limit), SETTING_LIMIT, .apart = true },
	{ "infra-exit", "infraExit", "STATUS",
	  "exit status if this host or the guest failed, instead of 125",
	  FIELD(infra_exit), SETTING_NUMBER, .apart = true },
	{ "progress", "progress", "KIND",
	  "auto, tty, plain, json or none (default auto)", FIELD(progress),
	  SETTING_TEXT, .words = words_progress, .apart = true },
};
const size_t setting_count = COUNT_OF(settings);

static void *field_of(struct request *request, const struct setting *setting)
{
	return (char *)request + setting->field;
}

bool setting_is_list(const struct setting *setting)
{
	return setting->kind == SETTING_ENV || setting->kind == SETTING_GIVEN ||
	       setting->kind == SETTING_LIMIT ||
	       setting->kind == SETTING_CONFIG || setting->kind == SETTING_RUN;
}

static int add_to(struct request_list *list, char *copy)
{
	char **item = reallocarray(list->item, list->count + 2, sizeof(*item));

	if (!item)
		return -1;
	item[list->count++] = copy;
	item[list->count] = NULL;
	list->item = item;
	return 0;
}

static void list_release(struct request_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->item[i]);
	free(list->item);
}

int request_set(struct request *request, const struct setting *setting,
		const char *text, struct error *err)
{
	autofree char *copy = strdup(text);

	if (!copy)
		return error_set(err, ENOMEM, "--%s: out of memory",
				 setting->option);
	if (setting_is_list(setting)) {
		if (add_to(field_of(request, setting), copy) < 0)
			return error_set(err, ENOMEM, "--%s: out of memory",
					 setting->option);
	} else {
		char **field = field_of(request, setting);

		free(*field);
		*field = copy;
	}
	copy = NULL; /* now the request's */
	return 0;
}

void request_unset(struct request *request, const struct setting *setting)
{
	if (setting_is_list(setting)) {
		struct request_list *list = field_of(request, setting);

		list_release(list);
		*list = (struct request_list){ 0 };
	} else {
		char **field = field_of(request, setting);

		free(*field);
		*field = NULL;
	}
}

static int read_script(const char *path, char **text, struct error *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	autoclose int fd =
		is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	autofree char *buffer = malloc(HOOK_MAX + 1);
	ssize_t size;

	if (!buffer)
		return error_set(err, ENOMEM, "out of memory");
	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	size = io_read(fd, buffer, HOOK_MAX + 1);
	if (size < 0)
		return error_errno(err, "read '%s'", path);
	if (size > HOOK_MAX)
		return error_set(err, EFBIG, "'%s' is larger than %d bytes",
				 path, HOOK_MAX);
	buffer[size] = '\0';
	if (strlen(buffer) != (size_t)size)
		return error_set(err, EINVAL, "'%s' holds a NUL byte", path);
	*text = take_pointer(&buffer);
	return 0;
}

int request_set_option(struct request *request, const struct setting *setting,
		       const char *text, struct error *err)
{
	autofree char *script = NULL;

	if (setting->kind == SETTING_FLAG)
		text = "true";
	if (setting->kind != SETTING_HOOK || text[0] != '@')
		return request_set(request, setting, text, err);
	if (read_script(text + 1, &script, err) < 0)
		return error_prefix(err, "--%s", setting->option);
	return request_set(request, setting, script, err);
}

void request_release(struct request *request)
{
	for (size_t i = 0; i < setting_count; i++)
		request_unset(request, &settings[i]);
	*request = (struct request){ 0 };
}
