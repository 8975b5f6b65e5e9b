/* SPDX-License-Identifier: MIT */
/* distribution.c - which command cures it on which system */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "images/distribution.h"
#include "images/place.h"
#include "images/tempdir.h"

static void each_distribution_has_its_command(void **state)
{
	static const struct {
		const char *os_release;
		const char *cure;
	} cases[] = {
		{ "ID=debian\n", "apt-get install qemu-system-x86" },
		{ "ID=fedora", "dnf install qemu-system-x86-core" },
		{ "NAME=x\nID=\"arch\"\n", "pacman -S qemu-system-x86" },
		{ "ID=mint\nID_LIKE=\"ubuntu debian\"\n",
		  "apt-get install qemu-system-x86" },
		{ "ID='rocky'\nID_LIKE='rhel centos fedora'\n",
		  "dnf install qemu-system-x86-core" },
		{ "ID=opensuse-leap\nID_LIKE=\"suse opensuse\"",
		  "zypper install qemu-x86" },
		{ "ID=alpine\n", "apk add qemu-system-x86_64" },
		{ "ID=debianish\n", "install qemu-system-x86_64" },
		{ "XID=debian\nID=\n", "install qemu-system-x86_64" },
		{ "", "install qemu-system-x86_64" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(distribution_cure(cases[i].os_release,
						      NEED_QEMU),
				    cases[i].cure);
}

/* Who can fetch packages without root needs none for a guest image. */
static void a_version_is_put_into_the_cure(void **state)
{
	static const struct {
		const char *os_release, *version, *cure;
		enum need need;
	} cases[] = {
		{ "ID=ubuntu", "6.8.0-41-generic",
		  "apt-get download linux-image-6.8.0-41-generic "
		  "linux-modules-6.8.0-41-generic && overlayvm guest build "
		  "--kernel ./linux-image-6.8.0-41-generic_*.deb --modules "
		  "./linux-modules-6.8.0-41-generic_*.deb",
		  NEED_THIS_KERNEL },
		{ "ID=ubuntu", "6.8.0-41-generic",
		  "apt-get download linux-modules-6.8.0-41-generic, and add "
		  "--modules ./linux-modules-6.8.0-41-generic_*.deb",
		  NEED_MODULES },
		{ "ID=debian", "6.1.0-9-amd64",
		  "apt-get download linux-image-6.1.0-9-amd64 && overlayvm "
		  "guest build --kernel ./linux-image-6.1.0-9-amd64_*.deb",
		  NEED_THIS_KERNEL },
		{ "ID=fedora", "6.8.5-301.fc40.x86_64",
		  "dnf download kernel-core-6.8.5-301.fc40.x86_64 "
		  "kernel-modules-core-6.8.5-301.fc40.x86_64 && overlayvm "
		  "guest build --kernel "
		  "./kernel-core-6.8.5-301.fc40.x86_64.rpm --modules "
		  "./kernel-modules-core-6.8.5-301.fc40.x86_64.rpm",
		  NEED_THIS_KERNEL },
		{ "ID=alpine", "6.6.1-0-virt",
		  "apk add linux-virt && overlayvm guest build",
		  NEED_THIS_KERNEL },
		/* What is no plain word is not said to a shell. */
		{ "ID=alpine", "$(reboot)",
		  "apk add linux-virt && overlayvm guest build",
		  NEED_THIS_KERNEL },
		/* vmlinuz-virt has none. */
		{ "ID=ubuntu", "virt",
		  "apt-get download $(apt-cache depends linux-image-virtual | "
		  "awk '$2 ~ /^linux-image-[0-9]/ { print $2; sub(/image/, "
		  "\"modules\", $2); print $2 }') && overlayvm guest build "
		  "--kernel ./linux-image-*-generic_*.deb --modules "
		  "./linux-modules-*-generic_*.deb",
		  NEED_THIS_KERNEL },
		{ "ID=fedora", "",
		  "dnf download kernel-core kernel-modules-core && overlayvm "
		  "guest build --kernel ./kernel-core-*.rpm --modules "
		  "./kernel-modules-core-*.rpm",
		  NEED_MODULES },
		{ "", "6.1", "say where they are with --modules DIR or PACKAGE",
		  NEED_MODULES },
	};
	char cure[DISTRIBUTION_CURE];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		distribution_cure_of(cure, cases[i].os_release, cases[i].need,
				     cases[i].version);
		assert_string_equal(cure, cases[i].cure);
	}
}

/* Of the longest version, and no room to spare. */
static void a_cure_is_never_cut_within_reason(void **state)
{
	static const char *const systems[] = { "ID=debian", "ID=ubuntu",
					       "ID=fedora", "ID=suse", "" };
	char version[] = "6.12.38-1.1.el10_0.x86_64+debug";
	char cure[DISTRIBUTION_CURE];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(systems); i++)
		for (int need = 0; need < NEED_COUNT; need++) {
			distribution_cure_of(cure, systems[i], (enum need)need,
					     version);
			assert_true(strlen(cure) < sizeof(cure) - 1);
			assert_null(strchr(cure, '@'));
		}
}

static void a_version_tells_whose_kernel_it_is(void **state)
{
	static const struct {
		const char *version, *os_release;
	} cases[] = {
		{ "6.1.0-56-cloud-amd64", "ID=debian" },
		{ "6.8.0-41-generic", "ID=ubuntu" },
		{ "6.8.0-1017-aws", "ID=ubuntu" },
		{ "6.8.5-301.fc40.x86_64", "ID=fedora" },
		{ "5.14.0-427.el9.x86_64", "ID=fedora" },
		{ "6.9.7-arch1-1", "ID=arch" },
		{ "6.6.32-0-virt", "ID=alpine" },
		{ "6.4.0-150600.21-default", "ID=suse" },
		{ "6.1.0", "" },
		{ "6.1.fcx", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(distribution_of_kernel(cases[i].version),
				    cases[i].os_release);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void os_release_is_read_below_a_root(void **state)
{
	char text[DISTRIBUTION_TEXT], path[512];
	AUTO(tempdir) here = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(tempdir_create(&here, place_temporary(), "test-dist",
					&err),
			 0);
	distribution_read(text, here.path);
	assert_string_equal(text, "");
	snprintf(path, sizeof(path), "%s/usr/lib", here.path);
	assert_int_equal(place_make(path, &err), 0);
	snprintf(path, sizeof(path), "%s/etc", here.path);
	assert_int_equal(place_make(path, &err), 0);
	snprintf(path, sizeof(path), "%s/usr/lib/os-release", here.path);
	write_text(path, "ID=two\n");
	distribution_read(text, here.path);
	assert_string_equal(text, "ID=two\n");
	snprintf(path, sizeof(path), "%s/etc/os-release", here.path);
	write_text(path, "ID=one\n");
	distribution_read(text, here.path);
	assert_string_equal(text, "ID=one\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_distribution_has_its_command),
		cmocka_unit_test(a_version_is_put_into_the_cure),
		cmocka_unit_test(a_cure_is_never_cut_within_reason),
		cmocka_unit_test(a_version_tells_whose_kernel_it_is),
		cmocka_unit_test(os_release_is_read_below_a_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
