/* SPDX-License-Identifier: MIT */
/* distribution.c - see distribution.h */
#include "images/distribution.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "images/text.h"

#define BUILD " && overlayvm guest build"

/* '@' is the version of a kernel. None needs root to make a guest image, where
 * packages can be fetched without. */
static const struct {
	const char *id;
	const char *cures[NEED_COUNT];
} systems[] = {
	{ "debian",
	  { "apt-get install qemu-system-x86",
	    "apt-get install squashfs-tools-ng", "apt-get install passt",
	    "apt-get download $(apt-cache depends linux-image-cloud-amd64 | "
	    "awk '$1 == \"Depends:\" { print $2 }')" BUILD
	    " --kernel ./linux-image-*-cloud-amd64_*.deb",
	    "apt-get download linux-image-@" BUILD
	    " --kernel ./linux-image-@_*.deb",
	    "apt-get download linux-image-@" BUILD
	    " --kernel ./linux-image-@_*.deb" } },
	{ "ubuntu",
	  { "apt-get install qemu-system-x86",
	    "apt-get install squashfs-tools-ng", "apt-get install passt",
	    "apt-get download $(apt-cache depends linux-image-virtual | awk "
	    "'$2 ~ /^linux-image-[0-9]/ { print $2; sub(/image/, \"modules\", "
	    "$2); print $2 }')" BUILD
	    " --kernel ./linux-image-*-generic_*.deb --modules "
	    "./linux-modules-*-generic_*.deb",
	    "apt-get download linux-image-@ linux-modules-@" BUILD
	    " --kernel ./linux-image-@_*.deb --modules "
	    "./linux-modules-@_*.deb",
	    "apt-get download linux-modules-@, and add --modules "
	    "./linux-modules-@_*.deb" } },
	{ "fedora",
	  { "dnf install qemu-system-x86-core", "dnf install squashfs-tools-ng",
	    "dnf install passt",
	    "dnf download kernel-core kernel-modules-core" BUILD
	    " --kernel ./kernel-core-*.rpm --modules "
	    "./kernel-modules-core-*.rpm",
	    "dnf download kernel-core-@ kernel-modules-core-@" BUILD
	    " --kernel ./kernel-core-@.rpm --modules "
	    "./kernel-modules-core-@.rpm",
	    "dnf download kernel-modules-core-@, and add --modules "
	    "./kernel-modules-core-@.rpm" } },
	{ "arch",
	  { "pacman -S qemu-system-x86", "pacman -S squashfs-tools-ng",
	    "pacman -S passt", "pacman -S linux" BUILD, "pacman -S linux" BUILD,
	    "pacman -S linux" BUILD } },
	{ "alpine",
	  { "apk add qemu-system-x86_64", "apk add squashfs-tools-ng",
	    "apk add passt", "apk add linux-virt" BUILD,
	    "apk add linux-virt" BUILD, "apk add linux-virt" BUILD } },
	{ "suse",
	  { "zypper install qemu-x86", "zypper install squashfs-tools-ng",
	    "zypper install passt", "zypper install kernel-default" BUILD,
	    "zypper install kernel-default" BUILD,
	    "zypper install kernel-default" BUILD } },
};

static const char *const elsewhere[NEED_COUNT] = {
	"install qemu-system-x86_64",
	"install squashfs-tools-ng",
	"install passt",
	"overlayvm guest build --kernel FILE, with a kernel or a package of "
	"one",
	"overlayvm guest build --kernel PACKAGE, with the one that has it",
	"say where they are with --modules DIR or PACKAGE",
};

/* That word in the line "KEY=value", maybe quoted; NULL if it has it not. */
static const char *find_word(const char *text, const char *key,
			     const char *word)
{
	size_t key_length = strlen(key);
	size_t length = strlen(word);

	while (*text) {
		size_t line = strcspn(text, "\n");

		if (strncmp(text, key, key_length) == 0 &&
		    text[key_length] == '=') {
			const char *at = text + key_length + 1;

			while (at < text + line) {
				size_t size;

				at += strspn(at, "\"' ");
				size = strcspn(at, "\"' \n");
				if (size == length &&
				    strncmp(at, word, size) == 0)
					return at;
				if (size == 0)
					break;
				at += size;
			}
		}
		text += line + (text[line] == '\n');
	}
	return NULL;
}

/* The system that the line names first: ID_LIKE begins with the closest. */
static size_t first_named(const char *os_release, const char *key)
{
	size_t best = COUNT_OF(systems);
	const char *first = NULL;

	for (size_t i = 0; i < COUNT_OF(systems); i++) {
		const char *at = find_word(os_release, key, systems[i].id);

		if (at && (!first || at < first)) {
			first = at;
			best = i;
		}
	}
	return best;
}

/* Its place in the table, which ends with it where it is not known. */
static size_t find_system(const char *os_release)
{
	size_t i = first_named(os_release, "ID");

	return i < COUNT_OF(systems) ? i : first_named(os_release, "ID_LIKE");
}

bool distribution_is_known(const char *os_release)
{
	return find_system(os_release) < COUNT_OF(systems);
}

const char *distribution_cure(const char *os_release, enum need need)
{
	size_t i = find_system(os_release);

	return i < COUNT_OF(systems) ? systems[i].cures[need] : elsewhere[need];
}

void distribution_read(char os_release[DISTRIBUTION_TEXT], const char *root)
{
	static const char *const paths[] = { "/etc/os-release",
					     "/usr/lib/os-release" };
	ssize_t size = -1;

	for (size_t i = 0; size < 0 && i < COUNT_OF(paths); i++) {
		autofree char *path = text_format("%s%s", root, paths[i]);
		autoclose int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

		if (fd >= 0)
			size = io_read(fd, os_release, DISTRIBUTION_TEXT - 1);
	}
	os_release[size > 0 ? size : 0] = '\0';
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), size = strlen(end);

	return length >= size && strcmp(text + length - size, end) == 0;
}

/* ".fc40.x86_64", ".el9_4.x86_64" */
static bool is_red_hat(const char *version)
{
	const char *fc = strstr(version, ".fc"), *el = strstr(version, ".el");

	return (fc && isdigit((unsigned char)fc[3])) ||
	       (el && isdigit((unsigned char)el[3]));
}

static bool is_ubuntu(const char *version)
{
	static const char *const flavours[] = {
		"-aws", "-azure", "-gcp",	 "-generic", "-gke",
		"-ibm", "-kvm",	  "-lowlatency", "-oem",     "-oracle"
	};

	for (size_t i = 0; i < COUNT_OF(flavours); i++)
		if (ends_with(version, flavours[i]))
			return true;
	return false;
}

const char *distribution_of_kernel(const char *version)
{
	if (ends_with(version, "-amd64"))
		return "ID=debian";
	if (is_ubuntu(version))
		return "ID=ubuntu";
	if (is_red_hat(version))
		return "ID=fedora";
	if (strstr(version, "-arch"))
		return "ID=arch";
	if (ends_with(version, "-virt"))
		return "ID=alpine";
	if (ends_with(version, "-default"))
		return "ID=suse";
	return "";
}

/* What a shell takes as it is, and "virt" of vmlinuz-virt is not. */
static bool is_plain(const char *version)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";

	return isdigit((unsigned char)*version) &&
	       version[strspn(version, plain)] == '\0';
}

/* Put the version in, wherever the cure has an '@'. */
static void fill_in(char cure[DISTRIBUTION_CURE], const char *form,
		    const char *version)
{
	size_t used = 0;

	for (; *form && used < DISTRIBUTION_CURE - 1; form++) {
		int wrote = snprintf(cure + used, DISTRIBUTION_CURE - used,
				     "%.*s", *form == '@' ? 95 : 1,
				     *form == '@' ? version : form);

		used += wrote > 0 ? (size_t)wrote : 0;
	}
	cure[used < DISTRIBUTION_CURE ? used : DISTRIBUTION_CURE - 1] = '\0';
}

void distribution_cure_of(char cure[DISTRIBUTION_CURE], const char *os_release,
			  enum need need, const char *version)
{
	if (!is_plain(version))
		need = NEED_KERNEL;
	fill_in(cure, distribution_cure(os_release, need), version);
}
