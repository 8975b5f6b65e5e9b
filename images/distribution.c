/* SPDX-License-Identifier: MIT */
/* distribution.c - see distribution.h */
#include "images/distribution.h"

#include <stdbool.h>
#include <string.h>

#include "guest/shared/cleanup.h"

static const struct {
	const char *id;
	const char *cures[NEED_COUNT];
} systems[] = {
	{ "debian",
	  { "apt-get install qemu-system-x86",
	    "apt-get install squashfs-tools-ng",
	    "apt-get download $(apt-cache depends linux-image-cloud-amd64 | "
	    "awk '$1 == \"Depends:\" { print $2 }') && overlayvm guest build "
	    "--kernel ./linux-image-*-cloud-amd64_*.deb" } },
	{ "ubuntu",
	  { "apt-get install qemu-system-x86",
	    "apt-get install squashfs-tools-ng",
	    "apt-get download linux-image-$(uname -r) linux-modules-$(uname "
	    "-r) && overlayvm guest build --kernel ./linux-image-*.deb "
	    "--modules ./linux-modules-*.deb" } },
	{ "fedora",
	  { "dnf install qemu-system-x86-core", "dnf install squashfs-tools-ng",
	    "dnf download kernel-core kernel-modules-core && overlayvm guest "
	    "build --kernel ./kernel-core-*.rpm --modules "
	    "./kernel-modules-core-*.rpm" } },
	{ "arch",
	  { "pacman -S qemu-system-x86", "pacman -S squashfs-tools-ng",
	    "pacman -S linux && overlayvm guest build" } },
	{ "alpine",
	  { "apk add qemu-system-x86_64", "apk add squashfs-tools-ng",
	    "apk add linux-virt && overlayvm guest build" } },
	{ "suse",
	  { "zypper install qemu-x86", "zypper install squashfs-tools-ng",
	    "zypper install kernel-default && overlayvm guest build" } },
};

static const char *const elsewhere[NEED_COUNT] = {
	"install qemu-system-x86_64",
	"install squashfs-tools-ng",
	"overlayvm guest build --kernel FILE, with a kernel or a package of "
	"one",
};

/* Whether the line "KEY=value", maybe quoted, has that word. */
static bool has_word(const char *text, const char *key, const char *word)
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
					return true;
				if (size == 0)
					break;
				at += size;
			}
		}
		text += line + (text[line] == '\n');
	}
	return false;
}

const char *distribution_cure(const char *os_release, enum need need)
{
	static const char *const keys[] = { "ID", "ID_LIKE" };

	for (size_t k = 0; k < COUNT_OF(keys); k++)
		for (size_t i = 0; i < COUNT_OF(systems); i++)
			if (has_word(os_release, keys[k], systems[i].id))
				return systems[i].cures[need];
	return elsewhere[need];
}
