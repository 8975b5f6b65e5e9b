/* SPDX-License-Identifier: MIT */
/* libraries.c - see libraries.h */
#include "images/libraries.h"

#include <string.h>

#include "images/command.h"
#include "images/elf.h"
#include "images/text.h"

/* Links into /usr that every tree of ours has; images/content.c makes them. */
static const char *const merged[] = { "bin", "sbin", "lib", "lib64" };

/* Resolve "", "." and ".." by the letters alone; `path` becomes relative. */
static void simplify(char *path)
{
	char *out = path, *in = path;

	while (*in) {
		size_t length = strcspn(in, "/");
		size_t step = length + (in[length] == '/');

		if (length == 2 && strncmp(in, "..", 2) == 0) {
			*out = '\0';
			char *slash = strrchr(path, '/');

			out = slash ? slash : path;
		} else if (length > 1 || (length == 1 && *in != '.')) {
			if (out != path)
				*out++ = '/';
			memmove(out, in, length);
			out += length;
		}
		in += step;
	}
	*out = '\0';
}

char *libraries_place(const char *path)
{
	autofree char *simple = strdup(path);

	if (!simple)
		return NULL;
	simplify(simple);
	for (size_t i = 0; i < COUNT_OF(merged); i++) {
		size_t length = strlen(merged[i]);

		if (strncmp(simple, merged[i], length) == 0 &&
		    simple[length] == '/')
			return text_format("usr/%s", simple);
	}
	return take_pointer(&simple);
}

/*
 * "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f...)"
 * "\t/lib64/ld-linux-x86-64.so.2 (0x00007f...)"
 * "\tlinux-vdso.so.1 (0x00007f...)", which is in the kernel
 * "\tlibgone.so => not found"
 */
static int parse_line(struct name_list *files, const char *line,
		      struct error *err)
{
	const char *arrow = strstr(line, " => ");
	const char *file = arrow ? arrow + 4 : line + strspn(line, " \t");
	const char *end = strstr(file, " (0x");

	if (arrow && strncmp(file, "not found", 9) == 0) {
		line += strspn(line, " \t");
		return error_set(err, ENOENT,
				 "library '%.*s' is not on this "
				 "machine",
				 (int)(arrow - line), line);
	}
	if (*file != '/' || !end)
		return 0;
	return name_list_add_part(files, file, (size_t)(end - file), err);
}

int libraries_parse(struct name_list *files, const char *list,
		    struct error *err)
{
	AUTO(name_list) lines = { 0 };

	if (name_list_add_lines(&lines, list, err) < 0)
		return -1;
	for (size_t i = 0; i < lines.count; i++)
		if (parse_line(files, lines.name[i], err) < 0)
			return -1;
	return 0;
}

static int add_file(struct initramfs *fs, const char *file, struct error *err)
{
	AUTO(blob) content = { 0 };
	autofree char *place = libraries_place(file);

	if (!place)
		return error_errno(err, "add library '%s'", file);
	if (initramfs_has(fs, place))
		return 0;
	if (blob_read(&content, file, err) < 0)
		return -1;
	return initramfs_add_file(fs, place, 0755, &content, err);
}

int libraries_add(struct initramfs *fs, const char *path,
		  const struct blob *program, struct error *err)
{
	const char *loader = elf_interpreter(program);
	AUTO(blob) output = { 0 };
	AUTO(name_list) files = { 0 };

	if (!loader)
		return 0;

	char *const argv[] = { (char *)loader, (char *)"--list", (char *)path,
			       NULL };

	if (command_output(&output, argv, err) < 0 ||
	    libraries_parse(&files, (const char *)output.data, err) < 0 ||
	    name_list_add(&files, loader, err) < 0)
		return -1;

	for (size_t i = 0; i < files.count; i++)
		if (add_file(fs, files.name[i], err) < 0)
			return -1;
	return 0;
}
