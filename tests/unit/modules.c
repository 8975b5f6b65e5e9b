/* SPDX-License-Identifier: MIT */
/* modules.c - which kernel modules a guest gets, and in which order */
#include "tests/unit/unit.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "images/blob.h"
#include "images/module_compression.h"
#include "images/modules.h"
#include "images/place.h"
#include "images/tempdir.h"

static struct tempdir here; /* the working directory of all tests */

/* Sections of a module that is made up; the first one is always empty. */
enum section { NONE, MODINFO, EXPORTS, STRINGS, SYMBOLS, NAMES, SECTIONS };

static const char section_names[] = "\0.modinfo\0__ksymtab_strings\0.strtab\0"
				    ".symtab\0.shstrtab";

/*
 * As much of a module as depmod looks at: its name and soft dependencies in
 * .modinfo, the symbol that it has for others in __ksymtab_strings, and the
 * one that it wants of others as an undefined symbol. "" for none.
 */
struct fake {
	const char *name;
	const char *has;
	const char *wants;
	const char *softdep;
};

struct bytes {
	char data[2048];
	size_t size;
};

static size_t put(struct bytes *b, const void *data, size_t size)
{
	size_t at = b->size;

	assert_true(b->size + size < sizeof(b->data));
	memcpy(b->data + b->size, data, size);
	b->size += size;
	return at;
}

static size_t put_text(struct bytes *b, const char *text)
{
	return put(b, text, strlen(text) + 1);
}

static void make_module(struct bytes *b, const struct fake *fake)
{
	Elf64_Ehdr head = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
					 ELFDATA2LSB, EV_CURRENT },
			    .e_type = ET_REL,
			    .e_machine = EM_X86_64,
			    .e_version = EV_CURRENT,
			    .e_ehsize = sizeof(head),
			    .e_shentsize = sizeof(Elf64_Shdr),
			    .e_shnum = SECTIONS,
			    .e_shstrndx = NAMES };
	Elf64_Shdr s[SECTIONS] = { 0 };
	Elf64_Sym symbols[2] = { { 0 } };
	static const unsigned names[SECTIONS] = { 0, 1, 10, 28, 36, 44 };
	char line[128];

	*b = (struct bytes){ 0 };
	put(b, &head, sizeof(head));

	snprintf(line, sizeof(line), "name=%s", fake->name);
	s[MODINFO].sh_offset = put_text(b, line);
	if (fake->softdep) {
		snprintf(line, sizeof(line), "softdep=%s", fake->softdep);
		put_text(b, line);
	}
	s[MODINFO].sh_size = b->size - s[MODINFO].sh_offset;

	s[EXPORTS].sh_offset = put_text(b, fake->has);
	s[EXPORTS].sh_size = strlen(fake->has) + 1;
	s[STRINGS].sh_offset = put(b, "", 1);
	put_text(b, fake->wants);
	s[STRINGS].sh_size = strlen(fake->wants) + 2;

	symbols[1].st_name = 1;
	symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
	symbols[1].st_shndx = SHN_UNDEF;
	s[SYMBOLS].sh_offset = put(b, symbols, sizeof(symbols));
	s[SYMBOLS].sh_size =
		*fake->wants ? sizeof(symbols) : sizeof(symbols[0]);
	s[NAMES].sh_offset = put(b, section_names, sizeof(section_names));
	s[NAMES].sh_size = sizeof(section_names);

	for (int i = 1; i < SECTIONS; i++) {
		s[i].sh_name = names[i];
		s[i].sh_type = SHT_PROGBITS;
	}
	head.e_shoff = put(b, s, sizeof(s));
	memcpy(b->data, &head, sizeof(head));
}

static void write_bytes(const char *path, const void *data, size_t size)
{
	struct blob blob = { (unsigned char *)(uintptr_t)data, size };
	struct error err = { 0 };

	(void)unlink(path);
	assert_int_equal(blob_write(&blob, path, &err), 0);
}

/* A kernel's directory of modules, with these and what it has built in. */
static void make_tree(const char *dir, const struct fake *fakes, size_t count,
		      const char *builtin)
{
	struct error err = { 0 };
	struct bytes b;
	char path[256];

	snprintf(path, sizeof(path), "%s/kernel", dir);
	assert_int_equal(place_make(path, &err), 0);
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/kernel/%s.ko", dir,
			 fakes[i].name);
		make_module(&b, &fakes[i]);
		write_bytes(path, b.data, b.size);
	}
	snprintf(path, sizeof(path), "%s/modules.builtin", dir);
	write_bytes(path, builtin, strlen(builtin));
	snprintf(path, sizeof(path), "%s/modules.order", dir);
	write_bytes(path, "", 0);
}

static int resolve_of(struct modules *modules, const char *name,
		      const char *dir, const char *scratch, struct error *err)
{
	char version[64], modules_dir[256];
	struct kernel kernel = { .version = version,
				 .modules = modules_dir,
				 .root = "here" };

	snprintf(version, sizeof(version), "%s", name);
	snprintf(modules_dir, sizeof(modules_dir), "%s", dir);
	assert_int_equal(place_make(scratch, err), 0);
	return modules_resolve(modules, &kernel, scratch, err);
}

static int resolve(struct modules *modules, const char *dir,
		   const char *scratch, struct error *err)
{
	return resolve_of(modules, "6.1-x", dir, scratch, err);
}

/* As Debian's cloud kernel has them. virtio wants virtio_ring: the traps are
 * that modules.dep names what is to load first last, and the alphabet. */
static const struct fake debian[] = {
	{ "virtio", "f_virtio", "f_ring", NULL },
	{ "virtio_ring", "f_ring", "", NULL },
	{ "virtio_pci", "", "f_virtio", NULL },
	{ "virtio_console", "", "f_ring", NULL },
	{ "virtio_blk", "", "f_ring", NULL },
	{ "squashfs", "", "", NULL },
	{ "overlay", "", "", NULL },
	{ "failover", "f_over", "", NULL },
	{ "virtio_net", "", "f_over", NULL },
	{ "unwanted", "", "", NULL },
};

static void modules_come_after_those_that_they_need(void **state)
{
	static const char *const order[] = {
		"virtio_ring",	  "virtio",	"virtio_pci",
		"virtio_console", "virtio_blk", "squashfs",
		"overlay",	  "failover",	"virtio_net",
	};
	AUTO(modules) modules = { 0 };
	struct error err = { 0 };

	(void)state;
	make_tree("debian", debian, COUNT_OF(debian),
		  "kernel/fs/ext4/ext4.ko\n");
	if (resolve(&modules, "debian", "s1", &err) < 0)
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < modules.count; i++)
		print_message("%s\n", modules.list[i].name);
	assert_int_equal(modules.count, COUNT_OF(order));
	for (size_t i = 0; i < COUNT_OF(order); i++) {
		assert_string_equal(modules.list[i].name, order[i]);
		assert_int_equal(modules.list[i].network, i >= 7);
		assert_int_equal(access(modules.list[i].path, R_OK), 0);
	}
}

/* As modules, or built in. */
static void features_are_what_the_guest_does(void **state)
{
	static const char builtin[] =
		"kernel/virtio_pci.ko\nkernel/virtio_console.ko\n"
		"kernel/virtio_blk.ko\nkernel/ext4.ko\nkernel/squashfs.ko\n";
	static const struct fake overlay[] = { { "overlay", "", "", NULL } };
	AUTO(modules) modules = { 0 };
	AUTO(modules) none = { 0 };
	struct error err = { 0 };

	(void)state;
	make_tree("features", overlay, 1, builtin);
	assert_int_equal(resolve(&modules, "features", "s10", &err), 0);
	assert_int_equal(modules.features.count, 6);
	assert_null(modules_lacking(&modules.features, false));
	assert_string_equal(modules_lacking(&modules.features, true),
			    "virtio_net");
	assert_string_equal(modules_lacking(&none.features, false),
			    "virtio_pci");
}

static void the_kernels_own_directory_is_left_alone(void **state)
{
	(void)state;
	assert_int_equal(access("debian/modules.order", F_OK), 0);
	assert_int_equal(access("debian/modules.dep", F_OK), -1);
	assert_int_equal(access("debian/modules.dep.bin", F_OK), -1);
}

static void soft_dependencies_come_first_where_they_are_there(void **state)
{
	static const struct fake fakes[] = {
		{ "overlay", "", "", "pre: crc_soft absent" },
		{ "crc_soft", "", "f_crc", "pre: overlay" },
		{ "crc_base", "f_crc", "", NULL },
	};
	static const char *const order[] = { "crc_base", "crc_soft",
					     "overlay" };
	AUTO(modules) modules = { 0 };
	struct error err = { 0 };

	(void)state;
	make_tree("soft", fakes, COUNT_OF(fakes),
		  "kernel/virtio_pci.ko\nkernel/virtio_console.ko\n"
		  "kernel/virtio_blk.ko\nkernel/ext4.ko\nkernel/squashfs.ko\n");
	if (resolve(&modules, "soft", "s2", &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(modules.count, COUNT_OF(order));
	for (size_t i = 0; i < COUNT_OF(order); i++)
		assert_string_equal(modules.list[i].name, order[i]);
}

static void a_kernel_with_all_built_in_needs_no_modules(void **state)
{
	AUTO(modules) modules = { 0 };
	struct error err = { 0 };

	(void)state;
	make_tree("builtin", NULL, 0,
		  "kernel/virtio_pci.ko\nkernel/virtio_console.ko\n"
		  "kernel/virtio_blk.ko\nkernel/ext4.ko\nkernel/squashfs.ko\n"
		  "kernel/overlay.ko\nkernel/virtio_net.ko\n");
	if (resolve(&modules, "builtin", "s3", &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(modules.count, 0);
}

static void this_machine_is(const char *os_release)
{
	struct error err = { 0 };

	assert_int_equal(place_make("here/etc", &err), 0);
	write_bytes("here/etc/os-release", os_release, strlen(os_release));
}

static void expect_lack(const char *version, const char *dir,
			const char *scratch, const char *message)
{
	AUTO(modules) modules = { 0 };
	struct error err = { 0 };

	assert_int_equal(resolve_of(&modules, version, dir, scratch, &err), -1);
	assert_string_equal(err.msg, message);
	assert_int_equal(err.code, ENOENT);
	assert_int_equal(modules.count, 0);
}

#define NO_OVERLAY                                                             \
	" has no module 'overlay' (CONFIG_OVERLAY_FS), which the guest needs " \
	"(one that has it: "

/* This machine's distribution has one; if it is not known, the kernel's. */
static void a_missing_module_is_named_with_its_option(void **state)
{
	(void)state;
	make_tree("missing", debian, 1,
		  "kernel/virtio_pci.ko\nkernel/virtio_console.ko\n"
		  "kernel/virtio_blk.ko\nkernel/ext4.ko\nkernel/squashfs.ko\n");
	this_machine_is("");
	expect_lack("6.1-x", "missing", "s4",
		    "kernel 6.1-x" NO_OVERLAY
		    "overlayvm guest build --kernel FILE, with a kernel or a "
		    "package of one)");
	expect_lack("6.9.7-arch1-1", "missing", "s5",
		    "kernel 6.9.7-arch1-1" NO_OVERLAY
		    "pacman -S linux && overlayvm guest build)");
	this_machine_is("ID=fedora\n");
	expect_lack("6.9.7-arch1-1", "missing", "s6",
		    "kernel 6.9.7-arch1-1" NO_OVERLAY
		    "dnf download kernel-core kernel-modules-core && overlayvm "
		    "guest build --kernel ./kernel-core-*.rpm --modules "
		    "./kernel-modules-core-*.rpm)");
}

static void each_feature_that_the_guest_needs_is_missed(void **state)
{
	static const struct {
		const char *name, *config;
	} features[] = {
		{ "virtio_pci", "CONFIG_VIRTIO_PCI" },
		{ "virtio_console", "CONFIG_VIRTIO_CONSOLE" },
		{ "virtio_blk", "CONFIG_VIRTIO_BLK" },
		{ "ext4", "CONFIG_EXT4_FS" },
		{ "squashfs", "CONFIG_SQUASHFS" },
		{ "overlay", "CONFIG_OVERLAY_FS" },
	};

	(void)state;
	this_machine_is("ID=alpine\n");
	for (size_t i = 0; i < COUNT_OF(features); i++) {
		char dir[64], scratch[64], message[512], builtin[512] = "";

		for (size_t k = 0; k < COUNT_OF(features); k++)
			if (k != i)
				snprintf(builtin + strlen(builtin),
					 sizeof(builtin) - strlen(builtin),
					 "kernel/%s.ko\n", features[k].name);
		snprintf(dir, sizeof(dir), "no-%s", features[i].name);
		snprintf(scratch, sizeof(scratch), "s-%s", features[i].name);
		make_tree(dir, debian, 1, builtin);
		snprintf(message, sizeof(message),
			 "kernel 6.6.32-0-virt has no module '%s' (%s), which "
			 "the guest needs (one that has it: apk add linux-virt "
			 "&& overlayvm guest build)",
			 features[i].name, features[i].config);
		expect_lack("6.6.32-0-virt", dir, scratch, message);
	}
}

/* Fedora's kernel-core, and one that was built with all but this. */
static void modules_that_are_elsewhere_are_told(void **state)
{
	(void)state;
	make_tree("core", NULL, 0, "kernel/virtio_pci.ko\n");
	assert_int_equal(rmdir("core/kernel"), 0);
	this_machine_is("ID=debian\n");
	expect_lack("6.8.5-301.fc40.x86_64", "core", "s8",
		    "kernel 6.8.5-301.fc40.x86_64 comes without its modules, "
		    "and has 'virtio_console' (CONFIG_VIRTIO_CONSOLE), which "
		    "the guest needs, not built in (dnf download "
		    "kernel-modules-core-6.8.5-301.fc40.x86_64, and add "
		    "--modules "
		    "./kernel-modules-core-6.8.5-301.fc40.x86_64.rpm)");
	expect_lack("6.8.5", "core", "s9",
		    "kernel 6.8.5 comes without its modules, and has "
		    "'virtio_console' (CONFIG_VIRTIO_CONSOLE), which the guest "
		    "needs, not built in (say where they are with --modules "
		    "DIR or PACKAGE)");
}

static void write_packed(const char *path, int (*add_filter)(struct archive *),
			 const struct bytes *b)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();

	archive_write_set_format_raw(a);
	assert_int_equal(add_filter(a), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_pathname(e, "m");
	archive_write_header(a, e);
	archive_write_data(a, b->data, b->size);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(e);
	archive_write_free(a);
}

static void compressed_modules_are_unpacked(void **state)
{
	static const struct {
		const char *path;
		int (*add_filter)(struct archive *);
	} packed[] = {
		{ "m.ko", archive_write_add_filter_none },
		{ "m.ko.xz", archive_write_add_filter_xz },
		{ "m.ko.zst", archive_write_add_filter_zstd },
		{ "m.ko.gz", archive_write_add_filter_gzip },
	};
	struct bytes b;

	(void)state;
	make_module(&b, &debian[0]);
	for (size_t i = 0; i < COUNT_OF(packed); i++) {
		AUTO(blob) blob = { 0 };
		struct error err = { 0 };

		print_message("%s\n", packed[i].path);
		write_packed(packed[i].path, packed[i].add_filter, &b);
		assert_int_equal(module_read(&blob, packed[i].path, &err), 0);
		assert_int_equal(blob.size, b.size);
		assert_memory_equal(blob.data, b.data, b.size);
	}
}

/* Each depmod is built with some of them; what it does not read it leaves out
 * without a word. */
static void what_depmod_does_not_read_is_told(void **state)
{
	static const char debian_12[] =
		"kmod version 30\n+ZSTD +XZ -ZLIB +LIBCRYPTO -EXPERIMENTAL\n";
	static const struct {
		const char *suffix, *about, *command; /* NULL: it is read */
	} cases[] = {
		{ "gz", debian_12, "find -name '*.ko.gz' -exec gunzip {} +" },
		{ "xz", debian_12, NULL },
		{ "zst", debian_12, NULL },
		{ "xz", "kmod version 27\n-ZSTD -XZ\n",
		  "find -name '*.ko.xz' -exec unxz {} +" },
		{ "zst", "kmod version 27\n-ZSTD -XZ\n",
		  "find -name '*.ko.zst' -exec unzstd --rm {} +" },
		{ "gz", "kmod version 27\n", NULL },
		{ "gz", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char dir[64], path[128], want[512];
		struct error err = { 0 };
		int result;

		snprintf(dir, sizeof(dir), "packed-%zu", i);
		snprintf(path, sizeof(path), "%s/kernel/fs", dir);
		assert_int_equal(place_make(path, &err), 0);
		snprintf(path, sizeof(path), "%s/kernel/fs/a.ko.%s", dir,
			 cases[i].suffix);
		write_bytes(path, "", 0);
		result = module_compression_check(dir, "6.1", cases[i].about,
						  &err);
		assert_int_equal(result, cases[i].command ? -1 : 0);
		if (!cases[i].command)
			continue;
		snprintf(want, sizeof(want),
			 "this machine's depmod does not read the modules of "
			 "kernel 6.1, which are compressed (in a copy of their "
			 "directory: %s; and give that with --modules)",
			 cases[i].command);
		assert_string_equal(err.msg, want);
	}
}

/* How it says why is libarchive's business. */
#define DAMAGED "a module that is damaged or cut off: read '"

static void expect_damaged(const char *path)
{
	AUTO(blob) blob = { 0 };
	struct error err = { 0 };
	char begin[128];

	snprintf(begin, sizeof(begin), DAMAGED "%s': ", path);
	assert_int_equal(module_read(&blob, path, &err), -1);
	print_message("%s\n", err.msg);
	assert_true(strlen(err.msg) > strlen(begin));
	assert_memory_equal(err.msg, begin, strlen(begin));
	assert_null(blob.data);
}

static const struct {
	const char *path;
	int (*add_filter)(struct archive *);
} compressions[] = {
	{ "c.ko.xz", archive_write_add_filter_xz },
	{ "c.ko.zst", archive_write_add_filter_zstd },
	{ "c.ko.gz", archive_write_add_filter_gzip },
};

static void a_module_that_is_cut_off_is_told(void **state)
{
	AUTO(blob) blob = { 0 };
	struct error err = { 0 };
	struct bytes b;

	(void)state;
	make_module(&b, &debian[0]);
	for (size_t i = 0; i < COUNT_OF(compressions); i++) {
		const char *path = compressions[i].path;
		struct stat st;

		write_packed(path, compressions[i].add_filter, &b);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(truncate(path, st.st_size / 2), 0);
		expect_damaged(path);
	}

	write_bytes("c.ko", b.data, b.size - 1);
	assert_int_equal(module_read(&blob, "c.ko", &err), -1);
	assert_string_equal(err.msg,
			    "module 'c.ko' is cut off, after 578 bytes");
	assert_int_equal(module_read(&blob, "none.ko.xz", &err), -1);
	assert_string_equal(err.msg,
			    "open 'none.ko.xz': No such file or directory");
}

static void a_module_that_is_damaged_is_told(void **state)
{
	struct bytes b;

	(void)state;
	make_module(&b, &debian[0]);
	for (size_t i = 0; i < COUNT_OF(compressions); i++) {
		const char *path = compressions[i].path;
		AUTO(blob) packed = { 0 };
		struct error err = { 0 };

		write_packed(path, compressions[i].add_filter, &b);
		assert_int_equal(blob_read(&packed, path, &err), 0);
		memset(packed.data + packed.size / 2, 0xff, 16);
		write_bytes(path, packed.data, packed.size);
		expect_damaged(path);
	}
}

static void a_module_is_for_one_kernel(void **state)
{
	static const char of[] = "x\0vermagic=6.1.0-5-amd64 SMP mod_unload ";
	static const char silent[] = "xvermagic=6.1.0-5-amd64 ";
	static const char end[] = "x\0vermagic=6.1.0-5-amd64";
	static const struct {
		const char *version; /* of the kernel */
		const char *content;
		size_t size;
		const char *message; /* NULL: they belong together */
	} cases[] = {
		{ "6.1.0-5-amd64", of, sizeof(of) - 1, NULL },
		{ "6.1.0-5-amd64", end, sizeof(end) - 1, NULL },
		{ "other", silent, sizeof(silent), NULL },
		{ "6.1.0-5", of, sizeof(of) - 1,
		  "module 'ext4' is for kernel 6.1.0-5-amd64, not for 6.1.0-5 "
		  "(say where they are with --modules DIR or PACKAGE)" },
		{ "6.1.0-6-amd64", of, sizeof(of) - 1,
		  "module 'ext4' is for kernel 6.1.0-5-amd64, not for "
		  "6.1.0-6-amd64 (apt-get download linux-image-6.1.0-6-amd64 "
		  "&& overlayvm guest build --kernel "
		  "./linux-image-6.1.0-6-amd64_*.deb)" },
		{ "6.8.0-41-generic", of, sizeof(of) - 1,
		  "module 'ext4' is for kernel 6.1.0-5-amd64, not for "
		  "6.8.0-41-generic (apt-get download "
		  "linux-modules-6.8.0-41-generic, and add --modules "
		  "./linux-modules-6.8.0-41-generic_*.deb)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct blob blob = {
			(unsigned char *)(uintptr_t)cases[i].content,
			cases[i].size
		};
		char version[64];
		struct kernel kernel = { .version = version,
					 .root = "nowhere" };
		struct error err = { 0 };
		int result;

		snprintf(version, sizeof(version), "%s", cases[i].version);
		result = module_check_kernel(&blob, "ext4", &kernel, &err);
		assert_int_equal(result, cases[i].message ? -1 : 0);
		if (cases[i].message)
			assert_string_equal(err.msg, cases[i].message);
	}
}

/* Signer of 2 bytes, key id of 3, signature of `length`: 5 + length bytes. */
static void sign(struct bytes *b, uint8_t length)
{
	uint8_t info[12] = { 0, 0, 2, 2, 3, 0, 0, 0, 0, 0, 0, length };

	put(b, "snkey", 5);
	put(b, "0123456789", 10);
	put(b, info, sizeof(info));
	put(b, "~Module signature appended~\n", 28);
}

static void signatures_are_taken_off(void **state)
{
	AUTO(blob) blob = { 0 };
	struct error err = { 0 };
	struct bytes plain, b;

	(void)state;
	make_module(&plain, &debian[0]);
	b = plain;
	sign(&b, 10);
	write_bytes("signed.ko", b.data, b.size);
	assert_int_equal(module_read(&blob, "signed.ko", &err), 0);
	assert_int_equal(blob.size, plain.size);
	assert_memory_equal(blob.data, plain.data, plain.size);
}

static void what_is_no_module_is_refused(void **state)
{
	AUTO(blob) blob = { 0 };
	struct error err = { 0 };
	struct bytes b = { .size = 0 };

	(void)state;
	sign(&b, 200);
	write_bytes("short.ko", b.data, b.size);
	assert_int_equal(module_read(&blob, "short.ko", &err), -1);
	assert_string_equal(err.msg, "module 'short.ko' has a signature "
				     "longer than itself");

	write_bytes("text.ko", "text", 4);
	assert_int_equal(module_read(&blob, "text.ko", &err), -1);
	assert_string_equal(err.msg,
			    "'text.ko' is not a kernel module for x86_64");
	write_bytes("empty.ko", "", 0);
	assert_int_equal(module_read(&blob, "empty.ko", &err), -1);
	assert_string_equal(err.msg,
			    "'empty.ko' is not a kernel module for x86_64");
	assert_null(blob.data);
}

static int enter(void **state)
{
	struct error err = { 0 };

	(void)state;
	if (tempdir_create(&here, place_temporary(), "test-modules", &err) < 0)
		return -1;
	return chdir(here.path);
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
		cmocka_unit_test(modules_come_after_those_that_they_need),
		cmocka_unit_test(features_are_what_the_guest_does),
		cmocka_unit_test(the_kernels_own_directory_is_left_alone),
		cmocka_unit_test(
			soft_dependencies_come_first_where_they_are_there),
		cmocka_unit_test(a_kernel_with_all_built_in_needs_no_modules),
		cmocka_unit_test(a_missing_module_is_named_with_its_option),
		cmocka_unit_test(each_feature_that_the_guest_needs_is_missed),
		cmocka_unit_test(modules_that_are_elsewhere_are_told),
		cmocka_unit_test(compressed_modules_are_unpacked),
		cmocka_unit_test(what_depmod_does_not_read_is_told),
		cmocka_unit_test(a_module_that_is_cut_off_is_told),
		cmocka_unit_test(a_module_that_is_damaged_is_told),
		cmocka_unit_test(a_module_is_for_one_kernel),
		cmocka_unit_test(signatures_are_taken_off),
		cmocka_unit_test(what_is_no_module_is_refused),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
