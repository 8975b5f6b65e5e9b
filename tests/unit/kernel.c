/* SPDX-License-Identifier: MIT */
/* kernel.c - kernels: files, packages, and what a machine has installed */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <archive.h>
#include <archive_entry.h>

#include "images/blob.h"
#include "images/kernel.h"
#include "images/package.h"
#include "images/place.h"
#include "images/tempdir.h"

#define IMAGE_SIZE 4096

static struct tempdir here; /* the working directory of all tests */

static void write_file(const char *path, const void *data, size_t size)
{
	struct blob blob = { (unsigned char *)(uintptr_t)data, size };
	struct error err = { 0 };
	char parent[256];

	snprintf(parent, sizeof(parent), "%s", path);
	if (strrchr(parent, '/')) {
		*strrchr(parent, '/') = '\0';
		assert_int_equal(place_make(parent, &err), 0);
	}
	(void)unlink(path);
	assert_int_equal(blob_write(&blob, path, &err), 0);
}

/* The setup part of a bzImage, as boot.rst draws it. */
static void make_image(unsigned char image[IMAGE_SIZE], const char *version)
{
	memset(image, 0, IMAGE_SIZE);
	image[0x1fe] = 0x55;
	image[0x1ff] = 0xaa;
	memcpy(image + 0x202, "HdrS", 4);
	image[0x206] = 0x0f; /* protocol 2.15 */
	image[0x207] = 0x02;
	image[0x20f] = 0x06; /* the version is at 0x600 + 0x200 */
	image[0x236] = 0x3f;
	snprintf((char *)image + 0x800, 256, "%s", version);
}

static void write_image(const char *path, const char *version)
{
	unsigned char image[IMAGE_SIZE];

	make_image(image, version);
	write_file(path, image, sizeof(image));
}

static void version_is_read_from_a_bzimage(void **state)
{
	struct error err = { 0 };
	char *version = NULL;

	(void)state;
	write_image("bz", "6.1.0-56-cloud-amd64 (a@b) #1 SMP");
	assert_int_equal(kernel_read_version(&version, "bz", &err), 0);
	assert_string_equal(version, "6.1.0-56-cloud-amd64");
	free(version);
}

static const struct {
	size_t offset; /* of the byte that is changed */
	unsigned char byte;
	const char *version;
	const char *message;
} refused[] = {
	{ 0x202, 'X', "6.1", "'bad' is not a Linux kernel" },
	{ 0x1fe, 0, "6.1", "'bad' is not a Linux kernel" },
	{ 0x236, 0, "6.1", "'bad' is a 32-bit kernel, not one for x86_64" },
	{ 0, 0, "", "'bad' does not say which version of Linux it is" },
	{ 0, 0, "../../etc",
	  "'bad' does not say which version of Linux it is" },
	{ 0, 0, "6/1", "'bad' does not say which version of Linux it is" },
	{ 0x20f, 0xff, "6.1",
	  "'bad' does not say which version of Linux it is" },
};

static void what_is_no_kernel_is_refused(void **state)
{
	unsigned char image[IMAGE_SIZE];
	struct error err = { 0 };
	char *version = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		make_image(image, refused[i].version);
		if (refused[i].offset)
			image[refused[i].offset] = refused[i].byte;
		write_file("bad", image, sizeof(image));
		assert_int_equal(kernel_read_version(&version, "bad", &err),
				 -1);
		assert_string_equal(err.msg, refused[i].message);
	}

	make_image(image, "6.1");
	memcpy(image + 0x38, "ARM\x64", 4);
	write_file("bad", image, sizeof(image));
	assert_int_equal(kernel_read_version(&version, "bad", &err), -1);
	assert_string_equal(err.msg,
			    "'bad' is a kernel for aarch64, not for x86_64");

	make_image(image, "6.1");
	memcpy(image, "\177ELF", 4);
	write_file("bad", image, sizeof(image));
	assert_int_equal(kernel_read_version(&version, "bad", &err), -1);
	assert_string_equal(err.msg,
			    "'bad' is an ELF file, not a bzImage (of a kernel "
			    "that was built here it is arch/x86/boot/bzImage)");

	write_file("bad", "", 0);
	assert_int_equal(kernel_read_version(&version, "bad", &err), -1);
	assert_string_equal(err.msg, "'bad' is not a Linux kernel");
	assert_int_equal(kernel_read_version(&version, ".", &err), -1);
	assert_string_equal(err.msg, "'.' is not a regular file");
}

static const struct {
	const char *name;
	const char *wanted;
} names[] = {
	{ "./boot/vmlinuz-6.1", "vmlinuz" },
	{ "boot/vmlinuz-6.1", "vmlinuz" },
	{ "./lib/modules/6.1/vmlinuz", "vmlinuz" },
	{ "./usr/lib/modules/6.1/vmlinuz", "vmlinuz" },
	{ "./lib/modules/6.1/kernel/fs/a.ko",
	  "lib/modules/6.1/kernel/fs/a.ko" },
	{ "usr/lib/modules/6.1/kernel/a.ko.xz",
	  "lib/modules/6.1/kernel/a.ko.xz" },
	{ "lib/modules/6.1/modules.builtin",
	  "lib/modules/6.1/modules.builtin" },
	{ "./boot/System.map-6.1", NULL },
	{ "./boot/config-6.1", NULL },
	{ "./boot/x/vmlinuz-6.1", NULL },
	{ "./lib/modules/6.1/kernel/modules.builtin", NULL },
	{ "./lib/modules/6.1/vdso/vdso64.so", NULL },
	{ "./lib/modules/vmlinuz", NULL },
	{ "./usr/share/doc/a.ko", NULL },
	{ "./", NULL },
};

static void only_kernel_and_modules_are_wanted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *wanted = package_wants(names[i].name);

		print_message("%s\n", names[i].name);
		if (names[i].wanted) {
			assert_non_null(wanted);
			assert_string_equal(wanted, names[i].wanted);
		} else {
			assert_null(wanted);
		}
	}
}

/* One file of a package that is made up. */
struct member {
	const char *name;
	const char *content; /* NULL: a link to /etc/passwd */
};

static void add_members(struct archive *a, const struct member *m, size_t count)
{
	struct archive_entry *e = archive_entry_new();

	for (size_t i = 0; i < count; i++) {
		archive_entry_clear(e);
		archive_entry_set_pathname(e, m[i].name);
		archive_entry_set_perm(e, 0644);
		archive_entry_set_size(e, m[i].content ? IMAGE_SIZE : 0);
		archive_entry_set_filetype(e,
					   m[i].content ? AE_IFREG : AE_IFLNK);
		if (!m[i].content)
			archive_entry_set_symlink(e, "/etc/passwd");
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		if (m[i].content) {
			unsigned char image[IMAGE_SIZE];

			make_image(image, m[i].content);
			archive_write_data(a, image, sizeof(image));
		}
	}
	archive_entry_free(e);
}

static size_t make_tar_xz(char *out, size_t room, const struct member *m,
			  size_t count)
{
	struct archive *a = archive_write_new();
	size_t used = 0;

	archive_write_set_format_ustar(a);
	archive_write_add_filter_xz(a);
	archive_write_open_memory(a, out, room, &used);
	add_members(a, m, count);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	return used;
}

/* Add a member of an ar archive: ar(5). */
static void put_member(char *deb, size_t *size, const char *name,
		       const char *data, size_t length)
{
	*size += (size_t)sprintf(deb + *size,
				 "%-16s0           0     0     100644  "
				 "%-10zu`\n",
				 name, length);
	memcpy(deb + *size, data, length);
	*size += length;
	if (length % 2)
		deb[(*size)++] = '\n';
}

static size_t make_control_tar(char *out, size_t room, const char *control)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	size_t used = 0;

	archive_write_set_format_ustar(a);
	archive_write_add_filter_gzip(a);
	archive_write_open_memory(a, out, room, &used);
	archive_entry_set_pathname(e, "./control");
	archive_entry_set_perm(e, 0644);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_size(e, (la_int64_t)strlen(control));
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	archive_write_data(a, control, strlen(control));
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(e);
	archive_write_free(a);
	return used;
}

static const struct member doc[] = { { "./usr/share/doc/a", "" } };

/* A package with no kernel, that says what it depends on. */
static void make_meta_deb(const char *path, const char *control)
{
	static char tar[256 * 1024], deb[512 * 1024];
	size_t size = (size_t)sprintf(deb, "!<arch>\n");

	put_member(deb, &size, "debian-binary", "2.0\n", 4);
	put_member(deb, &size, "control.tar.gz", tar,
		   make_control_tar(tar, sizeof(tar), control));
	put_member(deb, &size, "data.tar.xz", tar,
		   make_tar_xz(tar, sizeof(tar), doc, 1));
	write_file(path, deb, size);
}

static void make_deb(const char *path, const struct member *m, size_t count)
{
	static char data[256 * 1024], deb[300 * 1024];
	size_t size = make_tar_xz(data, sizeof(data), m, count);
	int head = snprintf(deb, sizeof(deb),
			    "!<arch>\n"
			    "debian-binary   0           0     0     100644  "
			    "4         `\n"
			    "2.0\n"
			    "data.tar.xz     0           0     0     100644  "
			    "%-10zu`\n",
			    size);

	memcpy(deb + head, data, size);
	write_file(path, deb, (size_t)head + size);
}

/* Lead, two empty headers, and a gzipped cpio archive. */
static void make_rpm(const char *path, const struct member *m, size_t count)
{
	static char rpm[300 * 1024];
	struct archive *a = archive_write_new();
	size_t head = 96 + 16 + 16, used = 0;

	memset(rpm, 0, head);
	memcpy(rpm, "\xed\xab\xee\xdb\x03", 5);
	memcpy(rpm + 96, "\x8e\xad\xe8\x01", 4);
	memcpy(rpm + 112, "\x8e\xad\xe8\x01", 4);

	archive_write_set_format_cpio_newc(a);
	archive_write_add_filter_gzip(a);
	archive_write_open_memory(a, rpm + head, sizeof(rpm) - head, &used);
	add_members(a, m, count);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	write_file(path, rpm, head + used);
}

static const struct member whole[] = {
	{ "./boot/vmlinuz-6.1-x", "6.1-x (a@b)" },
	{ "./boot/config-6.1-x", "" },
	{ "./lib/modules/6.1-x/kernel/a.ko", "" },
	{ "./lib/modules/6.1-x/kernel/evil.ko", NULL },
	{ "./lib/modules/6.1-x/modules.order", "" },
};

static void check_unpacked(const char *dir)
{
	static const struct {
		const char *name;
		bool there;
	} want[] = {
		{ "vmlinuz", true },
		{ "lib/modules/6.1-x/kernel/a.ko", true },
		{ "lib/modules/6.1-x/modules.order", true },
		{ "lib/modules/6.1-x/kernel/evil.ko", false },
		{ "boot", false },
	};
	char path[256];

	for (size_t i = 0; i < COUNT_OF(want); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, want[i].name);
		print_message("%s\n", path);
		assert_int_equal(access(path, F_OK) == 0, want[i].there);
	}
}

static void packages_give_kernel_and_modules_and_no_links(void **state)
{
	AUTO(kernel) kernel = { .root = "nowhere" };
	struct error err = { 0 };

	(void)state;
	make_deb("k.deb", whole, COUNT_OF(whole));
	assert_int_equal(kernel_open(&kernel, "k.deb", NULL, "deb", &err), 0);
	assert_string_equal(kernel.version, "6.1-x");
	assert_string_equal(kernel.image, "deb/vmlinuz");
	assert_string_equal(kernel.modules, "deb/lib/modules/6.1-x");
	check_unpacked("deb");

	make_rpm("k.rpm", whole, COUNT_OF(whole));
	assert_int_equal(package_unpack("k.rpm", "rpm", &err), 0);
	check_unpacked("rpm");
}

static void modules_may_be_in_a_package_of_their_own(void **state)
{
	AUTO(kernel) kernel = { .root = "nowhere" };
	struct error err = { 0 };

	(void)state;
	make_deb("image.deb", whole, 1);
	make_deb("modules.deb", whole + 2, 3);
	assert_int_equal(kernel_open(&kernel, "image.deb", "modules.deb", "two",
				     &err),
			 0);
	assert_string_equal(kernel.modules, "two/lib/modules/6.1-x");
}

static const struct member ubuntu[] = {
	{ "./boot/vmlinuz-6.8.0-1-generic", "6.8.0-1-generic (a@b)" },
};

static void no_modules_is_an_error_with_the_cure(void **state)
{
	AUTO(kernel) kernel = { .root = "nowhere" };
	struct error err = { 0 };

	(void)state;
	make_deb("image.deb", whole, 1);
	assert_int_equal(kernel_open(&kernel, "image.deb", NULL, "none", &err),
			 -1);
	assert_string_equal(
		err.msg, "no modules for kernel 6.1-x in "
			 "'nowhere/lib/modules/6.1-x' (say where they are with "
			 "--modules DIR or PACKAGE)");

	/* Whose kernel it is says where its modules are. */
	make_deb("ubuntu.deb", ubuntu, COUNT_OF(ubuntu));
	assert_int_equal(kernel_open(&kernel, "ubuntu.deb", NULL, "u", &err),
			 -1);
	assert_string_equal(
		err.msg,
		"no modules for kernel 6.8.0-1-generic in "
		"'nowhere/lib/modules/6.8.0-1-generic' (apt-get download "
		"linux-modules-6.8.0-1-generic, and add --modules "
		"./linux-modules-6.8.0-1-generic_*.deb)");

	/* And those of another kernel are none. */
	make_deb("other.deb", whole + 2, 3);
	assert_int_equal(kernel_open(&kernel, "ubuntu.deb", "other.deb", "o",
				     &err),
			 -1);
	assert_string_equal(err.msg,
			    "package 'other.deb' holds modules for kernel "
			    "6.1-x, not for 6.8.0-1-generic (apt-get download "
			    "linux-modules-6.8.0-1-generic, and add --modules "
			    "./linux-modules-6.8.0-1-generic_*.deb)");

	assert_int_equal(kernel_open(&kernel, "image.deb", "image.deb", "none",
				     &err),
			 -1);
	assert_string_equal(err.msg,
			    "package 'image.deb' holds no modules for kernel "
			    "6.1-x (say where they are with --modules DIR or "
			    "PACKAGE)");

	mkdir("empty", 0755);
	assert_int_equal(kernel_open(&kernel, "image.deb", "empty", "none",
				     &err),
			 -1);
	assert_string_equal(err.msg,
			    "'empty' is not a directory of kernel modules");
}

static void bad_packages_are_refused(void **state)
{
	static const struct member up[] = { { "./lib/modules/../../../x.ko",
					      "" } };
	static const struct member absolute[] = { { "/lib/modules/6/x.ko",
						    "" } };
	AUTO(kernel) kernel = { .root = "nowhere" };
	struct error err = { 0 };

	(void)state;
	make_deb("up.deb", up, 1);
	assert_int_equal(package_unpack("up.deb", "bad", &err), -1);
	assert_string_equal(err.msg, "read package 'up.deb': bad name "
				     "'./lib/modules/../../../x.ko'");
	make_deb("absolute.deb", absolute, 1);
	assert_int_equal(package_unpack("absolute.deb", "bad", &err), -1);
	assert_string_equal(err.msg, "read package 'absolute.deb': bad name "
				     "'/lib/modules/6/x.ko'");

	assert_int_equal(truncate("k.deb", 700), 0);
	assert_int_equal(package_unpack("k.deb", "bad", &err), -1);
	assert_int_equal(strncmp(err.msg, "read package 'k.deb': ", 22), 0);
	write_file("k.deb", "!<arch>\n", 8);
	assert_int_equal(package_unpack("k.deb", "bad", &err), -1);
	assert_string_equal(err.msg,
			    "read package 'k.deb': no member data.tar");
	write_file("k.deb", "text", 4);
	assert_int_equal(package_unpack("k.deb", "bad", &err), -1);
	assert_string_equal(err.msg, "'k.deb' is not a .deb or .rpm");
}

static void a_package_that_only_depends_on_one_is_told(void **state)
{
	AUTO(kernel) kernel = { .root = "nowhere" };
	struct error err = { 0 };
	static const char *const nothing[] = {
		"Package: a\nDepends: libc6, linux-image\n",
		"Package: a\nRecommends: linux-image-6.1\n",
		"Package: a\n Depends: linux-image-6.1\n",
		"Depends: xlinux-image-6.1, linux-image-\n",
		"Depends:",
		"",
	};
	static const struct {
		const char *control, *name;
	} found[] = {
		{ "Package: linux-image-amd64\nDepends: linux-image-6.1.0-5-"
		  "amd64 (= 6.1.2-1)\nSection: kernel\n",
		  "linux-image-6.1.0-5-amd64" },
		{ "Depends: libc6 (>= 2), linux-base | linux-image-6.8.0-1-"
		  "generic, linux-image-virtual\n",
		  "linux-image-6.8.0-1-generic" },
		{ "Depends: linux-image-6.1$(reboot)\n", "linux-image-6.1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(nothing); i++) {
		make_meta_deb("meta.deb", nothing[i]);
		assert_null(package_depends("meta.deb"));
	}
	for (size_t i = 0; i < COUNT_OF(found); i++) {
		autofree char *name = NULL;

		make_meta_deb("meta.deb", found[i].control);
		name = package_depends("meta.deb");
		assert_non_null(name);
		assert_string_equal(name, found[i].name);
	}

	make_meta_deb("meta.deb", found[0].control);
	assert_int_equal(kernel_open(&kernel, "meta.deb", NULL, "m", &err), -1);
	assert_string_equal(err.msg,
			    "package 'meta.deb' holds no kernel, but depends "
			    "on 'linux-image-6.1.0-5-amd64' (apt-get download "
			    "linux-image-6.1.0-5-amd64 && overlayvm guest "
			    "build --kernel "
			    "./linux-image-6.1.0-5-amd64_*.deb)");

	/* Ubuntu's has its modules in another one. */
	make_meta_deb("meta.deb", found[1].control);
	assert_int_equal(kernel_open(&kernel, "meta.deb", NULL, "m", &err), -1);
	assert_string_equal(err.msg,
			    "package 'meta.deb' holds no kernel, but depends "
			    "on 'linux-image-6.8.0-1-generic' (apt-get "
			    "download linux-image-6.8.0-1-generic "
			    "linux-modules-6.8.0-1-generic && overlayvm guest "
			    "build --kernel "
			    "./linux-image-6.8.0-1-generic_*.deb --modules "
			    "./linux-modules-6.8.0-1-generic_*.deb)");

	/* linux-generic depends on one that only depends on one. */
	write_file("ubuntu/etc/os-release", "ID=ubuntu\n", 10);
	kernel.root = "ubuntu";
	make_meta_deb("meta.deb", "Depends: linux-image-generic\n");
	assert_int_equal(kernel_open(&kernel, "meta.deb", NULL, "m", &err), -1);
	assert_string_equal(
		err.msg,
		"package 'meta.deb' holds no kernel, but depends on "
		"'linux-image-generic' (apt-get download $(apt-cache depends "
		"linux-image-virtual | awk '$2 ~ /^linux-image-[0-9]/ { print "
		"$2; sub(/image/, \"modules\", $2); print $2 }') && overlayvm "
		"guest build --kernel ./linux-image-*-generic_*.deb --modules "
		"./linux-modules-*-generic_*.deb)");
	kernel.root = "nowhere";
	make_meta_deb("meta.deb", nothing[0]);
	assert_int_equal(kernel_open(&kernel, "meta.deb", NULL, "m", &err), -1);
	assert_string_equal(
		err.msg, "package 'meta.deb' holds no kernel (one that does: "
			 "overlayvm guest build --kernel FILE, with a kernel "
			 "or a package of one)");

	/* What an .rpm depends on is not read: the distribution tells. */
	write_file("fedora/etc/os-release", "ID=fedora\n", 10);
	kernel.root = "fedora";
	make_rpm("meta.rpm", doc, 1);
	assert_int_equal(kernel_open(&kernel, "meta.rpm", NULL, "m", &err), -1);
	assert_string_equal(
		err.msg, "package 'meta.rpm' holds no kernel (one that does: "
			 "dnf download kernel-core kernel-modules-core && "
			 "overlayvm guest build --kernel "
			 "./kernel-core-*.rpm --modules "
			 "./kernel-modules-core-*.rpm)");
	assert_null(package_depends("."));
}

static void newest_kernel_is_found(void **state)
{
	autofree char *path = NULL;
	struct error err = { 0 };

	(void)state;
	write_image("new/boot/vmlinuz-6.9.1", "6.9.1");
	write_image("new/boot/vmlinuz-6.10.1", "6.10.1");
	write_image("new/boot/vmlinuz-6.2.1", "6.2.1");
	assert_int_equal(kernel_find(&path, "new", &err), 0);
	assert_string_equal(path, "new/boot/vmlinuz-6.10.1");
	free(path);

	write_image("new/lib/modules/6.1/vmlinuz", "6.1");
	assert_int_equal(kernel_find(&path, "new", &err), 0);
	assert_string_equal(path, "new/lib/modules/6.1/vmlinuz");
}

static void no_kernel_is_an_error_with_the_cure(void **state)
{
	static const struct {
		const char *os_release, *cure;
	} cases[] = {
		{ "ID=debian\n",
		  "apt-get download $(apt-cache depends "
		  "linux-image-cloud-amd64 | awk '$1 == \"Depends:\" { print "
		  "$2 }') && overlayvm guest build --kernel "
		  "./linux-image-*-cloud-amd64_*.deb" },
		{ "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
		  "apt-get download $(apt-cache depends linux-image-virtual | "
		  "awk '$2 ~ /^linux-image-[0-9]/ { print $2; sub(/image/, "
		  "\"modules\", $2); print $2 }') && overlayvm guest build "
		  "--kernel ./linux-image-*-generic_*.deb --modules "
		  "./linux-modules-*-generic_*.deb" },
		{ "ID=fedora\n",
		  "dnf download kernel-core kernel-modules-core && overlayvm "
		  "guest build --kernel ./kernel-core-*.rpm --modules "
		  "./kernel-modules-core-*.rpm" },
		{ "ID=arch\n", "pacman -S linux && overlayvm guest build" },
		{ "ID=alpine\n",
		  "apk add linux-virt && overlayvm guest build" },
		{ "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
		  "zypper install kernel-default && overlayvm guest build" },
		{ "ID=unheard-of\n",
		  "overlayvm guest build --kernel FILE, with a kernel or a "
		  "package of one" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char want[1024], cure[DISTRIBUTION_CURE], *path = NULL;
		struct error err = { 0 };

		write_file("nothing/etc/os-release", cases[i].os_release,
			   strlen(cases[i].os_release));
		snprintf(want, sizeof(want),
			 "no kernel in /lib/modules and /boot (get one: %s)",
			 cases[i].cure);
		assert_int_equal(kernel_find(&path, "nothing", &err), -1);
		assert_string_equal(err.msg, want);
		assert_int_equal(err.code, ENOENT);
		kernel_find_cure(cure, "nothing");
		assert_string_equal(cure, cases[i].cure);
	}
}

/* The images of containers have it so. */
static void an_apt_without_lists_fetches_them_first(void **state)
{
	static const char debian[] =
		"apt-get download $(apt-cache depends linux-image-cloud-amd64 "
		"| awk '$1 == \"Depends:\" { print $2 }') && overlayvm guest "
		"build --kernel ./linux-image-*-cloud-amd64_*.deb";
	char cure[DISTRIBUTION_CURE];

	(void)state;
	write_file("slim/etc/os-release", "ID=debian\n", 10);
	write_file("slim/var/lib/apt/lists/lock", "", 0);
	kernel_find_cure(cure, "slim");
	assert_memory_equal(cure, "apt-get update && ", 18);
	assert_string_equal(cure + 18, debian);
	write_file("slim/var/lib/apt/lists/x_Packages.lz4", "", 0);
	kernel_find_cure(cure, "slim");
	assert_string_equal(cure, debian);

	write_file("slim/var/lib/apt/lists/lock", "", 0);
	(void)unlink("slim/var/lib/apt/lists/x_Packages.lz4");
	write_file("slim/etc/os-release", "ID=alpine\n", 10);
	kernel_find_cure(cure, "slim");
	assert_string_equal(cure,
			    "apk add linux-virt && overlayvm guest build");
}

static void a_kernel_that_is_there_needs_no_package(void **state)
{
	char cure[DISTRIBUTION_CURE];

	(void)state;
	write_file("own/etc/os-release", "ID=debian\n", 10);
	write_image("own/boot/vmlinuz-6.9.1", "6.9.1");
	kernel_find_cure(cure, "own");
	assert_string_equal(cure, "overlayvm guest build");
	setenv("OVERLAYVM_KERNEL", "k.deb", 1);
	kernel_find_cure(cure, "nothing");
	assert_string_equal(cure, "overlayvm guest build");
	unsetenv("OVERLAYVM_KERNEL");
}

/* Run a test as somebody who must ask for permission. */
static void as_nobody(void (*test)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		if (getuid() == 0 && setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		test();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define LOCKED                                                                 \
	"': Permission denied (take it from its package: apt-get download "    \
	"linux-image-6.8.0-41-generic linux-modules-6.8.0-41-generic && "      \
	"overlayvm guest build --kernel "                                      \
	"./linux-image-6.8.0-41-generic_*.deb --modules "                      \
	"./linux-modules-6.8.0-41-generic_*.deb)"

static void expect_locked(int result, const struct error *err, const char *want)
{
	if (result == -1 && err->code == EACCES && strcmp(err->msg, want) == 0)
		return;
	print_error("%s\n", err->msg);
	_exit(1);
}

static void find_locked(void)
{
	char cure[DISTRIBUTION_CURE];
	struct error err = { 0 };
	char *path = NULL;

	expect_locked(kernel_find(&path, "locked", &err), &err,
		      "open 'locked/boot/vmlinuz-6.8.0-41-generic" LOCKED);
	kernel_find_cure(cure, "locked");
	if (!strstr(LOCKED, cure))
		_exit(1);
}

/* The same one by name, and by that of a link to it. */
static void open_locked(void)
{
	struct kernel kernel = { .root = "locked" };
	struct error err = { 0 };

	expect_locked(kernel_open(&kernel,
				  "locked/boot/vmlinuz-6.8.0-41-generic", NULL,
				  "none", &err),
		      &err,
		      "open 'locked/boot/vmlinuz-6.8.0-41-generic" LOCKED);
	expect_locked(kernel_open(&kernel, "locked/boot/vmlinuz", NULL, "none",
				  &err),
		      &err, "open 'locked/boot/vmlinuz" LOCKED);
}

/* Which version it is nobody says, so that any will do. */
static void open_nameless(void)
{
	struct kernel kernel = { .root = "arch" };
	struct error err = { 0 };

	expect_locked(kernel_open(&kernel, "arch/bzImage", NULL, "none", &err),
		      &err,
		      "open 'arch/bzImage': Permission denied (take it from "
		      "its package: pacman -S linux && overlayvm guest build)");
}

static void find_readable(void)
{
	struct error err = { 0 };
	char *path = NULL;

	if (kernel_find(&path, "locked", &err) != 0 ||
	    strcmp(path, "locked/boot/vmlinuz-6.1") != 0) {
		print_error("%s\n", path ? path : err.msg);
		_exit(1);
	}
}

static void kernels_that_cannot_be_read_come_last(void **state)
{
	(void)state;
	write_image("locked/boot/vmlinuz-6.8.0-41-generic", "6.8.0-41-generic");
	write_file("locked/etc/os-release", "ID=ubuntu\n", 10);
	chmod("locked/boot/vmlinuz-6.8.0-41-generic", 0);
	as_nobody(find_locked);
	assert_int_equal(symlink("vmlinuz-6.8.0-41-generic",
				 "locked/boot/vmlinuz"),
			 0);
	as_nobody(open_locked);
	write_image("arch/bzImage", "6.9");
	write_file("arch/etc/os-release", "ID=arch\n", 8);
	chmod("arch/bzImage", 0);
	as_nobody(open_nameless);
	write_image("locked/boot/vmlinuz-6.1", "6.1");
	as_nobody(find_readable);
}

static int enter(void **state)
{
	struct error err = { 0 };

	(void)state;
	umask(022);
	if (tempdir_create(&here, place_temporary(), "test-kernel", &err) < 0)
		return -1;
	return chmod(here.path, 0755) < 0 ? -1 : chdir(here.path);
}

static int leave(void **state)
{
	(void)state;
	tempdir_release(&here);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_is_read_from_a_bzimage),
		cmocka_unit_test(what_is_no_kernel_is_refused),
		cmocka_unit_test(only_kernel_and_modules_are_wanted),
		cmocka_unit_test(packages_give_kernel_and_modules_and_no_links),
		cmocka_unit_test(modules_may_be_in_a_package_of_their_own),
		cmocka_unit_test(no_modules_is_an_error_with_the_cure),
		cmocka_unit_test(bad_packages_are_refused),
		cmocka_unit_test(a_package_that_only_depends_on_one_is_told),
		cmocka_unit_test(newest_kernel_is_found),
		cmocka_unit_test(no_kernel_is_an_error_with_the_cure),
		cmocka_unit_test(an_apt_without_lists_fetches_them_first),
		cmocka_unit_test(a_kernel_that_is_there_needs_no_package),
		cmocka_unit_test(kernels_that_cannot_be_read_come_last),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
