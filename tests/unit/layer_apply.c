/* SPDX-License-Identifier: MIT */
/* layer_apply.c - the rules of layers, as a sink sees them */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/recorder.h"
#include "tests/unit/tarball.h"

#define ENTRIES_MAX 8

struct layer_case {
	const char *entries[ENTRIES_MAX];
	const char *calls; /* NULL: refused */
	const char *says;  /* the warnings, or the error */
	int code;
};

static void check_case(const struct layer_case *c)
{
	AUTO(tarball) t = { 0 };
	struct recorder r;
	int status;

	for (size_t i = 0; i < ENTRIES_MAX && c->entries[i]; i++) {
		print_message("%s ", c->entries[i]);
		tarball_short(&t, c->entries[i]);
	}
	print_message("\n");
	tarball_end(&t);
	status = recorder_read_tarball(&r, &t);
	if (!c->calls) {
		assert_string_equal(r.err.msg, c->says);
		assert_int_equal(status, -1);
		assert_int_equal(r.err.code, c->code);
		return;
	}
	assert_string_equal(r.err.msg, "");
	assert_int_equal(status, 0);
	assert_string_equal(r.text, c->calls);
	assert_string_equal(r.warnings, c->says ? c->says : "");
}

static const struct layer_case whiteouts[] = {
	{ { "d/", "d/.wh.x" },
	  "dir d; whiteout d/x; settle d; settle  inherit" },
	{ { ".wh.x" }, "whiteout x; settle  inherit" },
	{ { ".wh.x/" }, "whiteout x; settle  inherit" },
	{ { ".wh.x>y" }, "whiteout x; settle  inherit" },
	{ { ".wh.x&y" }, "whiteout x; settle  inherit" },
	{ { ".wh.x=data" }, "whiteout x; settle  inherit" },
	{ { ".wh.x", ".wh.x" }, "whiteout x; settle  inherit" },
	/* Names are bytes. */
	{ { ".wh. $(touch x)\n\xff" },
	  "whiteout  $(touch x)\n\xff; settle  inherit" },
	/* Parents that only a whiteout needs. */
	{ { "a/b/.wh.x" },
	  "dir a; dir a/b; whiteout a/b/x; settle a/b inherit; "
	  "settle a inherit; settle  inherit" },
	/* Opaque directories, before and after what is in them. */
	{ { "d/", "d/.wh..wh..opq", "d/x" },
	  "dir d; file d/x; settle d opaque; settle  inherit" },
	{ { "d/", "d/x", "d/.wh..wh..opq" },
	  "dir d; file d/x; settle d opaque; settle  inherit" },
	{ { "d/.wh..wh..opq", "d/" },
	  "dir d; settle d opaque; settle  inherit" },
	{ { "d/.wh..wh..opq" },
	  "dir d; settle d opaque inherit; settle  inherit" },
	{ { "./", ".wh..wh..opq", "x" }, "file x; settle  opaque" },
	/* Entries of the same layer survive, in both orders. */
	{ { "x=1", ".wh.x" }, "file x; 1; settle  inherit" },
	{ { ".wh.x", "x=1" }, "file x; 1; settle  inherit" },
	{ { "x/", ".wh.x" }, "dir x; settle x opaque; settle  inherit" },
	{ { ".wh.x", "x/" }, "dir x; settle x opaque; settle  inherit" },
	{ { ".wh.x", "x/y" },
	  "dir x; file x/y; settle x opaque; settle  inherit" },
	{ { "x/y", ".wh.x" },
	  "dir x; file x/y; settle x opaque; settle  inherit" },
	{ { "x>y", ".wh.x" }, "symlink x>y; settle  inherit" },
	/* Nothing shows, nothing to white out. */
	{ { "d/", "d/.wh..wh..opq", "d/.wh.x" },
	  "dir d; settle d opaque; settle  inherit" },
	{ { "d/.wh.x", "d/.wh..wh..opq", "d/" },
	  "dir d; settle d opaque; settle  inherit" },
	{ { "d/.wh..wh..opq", "d/e/.wh.x", "d/e/" },
	  "dir d; dir d/e; settle d/e; settle d opaque inherit; "
	  "settle  inherit" },
	{ { "d/.wh..wh..opq", "d/e/.wh..wh..opq", "d/f/.wh.x" },
	  "dir d; settle d opaque inherit; settle  inherit" },
	{ { "d/.wh..wh..opq", "d/e/", "d/e/.wh..wh..opq", "d/.wh.e" },
	  "dir d; dir d/e; settle d/e; settle d opaque inherit; "
	  "settle  inherit" },
	{ { ".wh.x", "x/", "x/.wh.y" },
	  "dir x; settle x opaque; settle  inherit" },
	{ { ".wh.a", "a/.wh.b" }, "whiteout a; settle  inherit" },
	{ { "a/.wh.b", ".wh.a" }, "whiteout a; settle  inherit" },
	{ { "a/b/.wh..wh..opq", ".wh.a" }, "whiteout a; settle  inherit" },
	{ { "f", "f/.wh.x" }, "file f; settle  inherit" },
	{ { "f/.wh.x", "f" }, "file f; settle  inherit" },
	{ { "f/.wh..wh..opq", "f", "f/.wh..wh..opq" },
	  "file f; settle  inherit" },
	{ { ".wh..wh..opq", ".wh.x", "d/.wh.y" }, "settle  opaque inherit" },
	/* Through a symlink of this layer. */
	{ { "s>d", "s/.wh.x", "s/.wh..wh..opq" },
	  "symlink s>d; dir d; settle d opaque inherit; settle  inherit" },
	{ { "s>d", ".wh.s" }, "symlink s>d; settle  inherit" },
	/* AUFS. */
	{ { ".wh..wh.aufs", ".wh..wh.orph/", ".wh..wh.orph/x", "d/.wh..wh.y" },
	  "settle  inherit" },
	{ { ".wh..wh.plnk/", ".wh..wh.plnk/1.2=x", "a&.wh..wh.plnk/1.2" },
	  "dir .wh..wh.plnk; file .wh..wh.plnk/1.2; x; "
	  "link a>.wh..wh.plnk/1.2; remove .wh..wh.plnk/1.2; "
	  "remove .wh..wh.plnk/; settle  inherit" },
	/* Not whiteouts. */
	{ { ".wh." }, NULL, "entry '.wh.': invalid whiteout", EINVAL },
	{ { ".wh.." }, NULL, "entry '.wh..': invalid whiteout", EINVAL },
	{ { "a/.wh..." }, NULL, "entry 'a/.wh...': invalid whiteout", EINVAL },
	{ { ".wh.a/x" }, NULL, "entry '.wh.a/x': invalid whiteout", EINVAL },
	{ { "../.wh.x" }, NULL, "entry '../.wh.x': '..' in the name", EINVAL },
};

static void whiteouts_speak_of_the_layers_below(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(whiteouts); i++)
		check_case(&whiteouts[i]);
}

static const struct layer_case duplicates[] = {
	{ { "a=1", "a=2" },
	  "file a; 1; remove a; file a; 2; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a=1", "a>b" },
	  "file a; 1; remove a; symlink a>b; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a=1", "a/", "a/b" },
	  "file a; 1; remove a; dir a; file a/b; settle a; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a>b", "a=1" },
	  "symlink a>b; remove a; file a; 1; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a>b", "a>c" },
	  "symlink a>b; remove a; symlink a>c; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a>b", "a/", "a/x" },
	  "symlink a>b; remove a; dir a; file a/x; settle a; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a|", "a=1" },
	  "node a; remove a; file a; 1; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a/", "a/" },
	  "dir a; settle a; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a/b", "a/" }, "dir a; file a/b; settle a; settle  inherit" },
	{ { "a/", "a/b/", "a/b/c", "a/d", "a=1" },
	  "dir a; dir a/b; file a/b/c; file a/d; remove a/b/c; "
	  "remove a/b/; remove a/d; remove a/; file a; 1; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a/b", "a>c", "a/b" },
	  "dir a; file a/b; remove a/b; remove a/; symlink a>c; dir c; "
	  "file c/b; settle c inherit; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "f=1", "a=2", "a&f" },
	  "file f; 1; file a; 2; remove a; link a>f; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "f=1", "a&f", "a=2" },
	  "file f; 1; link a>f; remove a; file a; 2; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a&f", "a=2", "f=1" },
	  "file a; 2; file f; 1; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "a&f", "a&g", "g" },
	  "file g; link a>g; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { "./", "./" },
	  "settle ",
	  "entry './': comes twice, the later one counts" },
	/* What was said of the layers below is still said. */
	{ { "a/", "a/.wh.x", "a" },
	  "dir a; remove a/; file a; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
	{ { ".wh.a", "a=1", "a/" },
	  "file a; 1; remove a; dir a; settle a opaque; settle  inherit",
	  "entry 'a': comes twice, the later one counts" },
};

static void the_later_of_two_entries_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(duplicates); i++)
		check_case(&duplicates[i]);
}

static const struct layer_case hard_links[] = {
	{ { "f=1", "d/", "d/l&f" },
	  "file f; 1; dir d; link d/l>f; settle d; settle  inherit" },
	{ { "l&f", "f=1" }, "file f; 1; link l>f; settle  inherit" },
	{ { "l&f", "m&l", "f" },
	  "file f; link l>f; link m>l; settle  inherit" },
	{ { "f", "l&/f", "m&./f", "n&///f" },
	  "file f; link l>f; link m>f; link n>f; settle  inherit" },
	{ { "s>t", "l&s" }, "symlink s>t; link l>s; settle  inherit" },
	/* A link to a symlink is one, to those that come after as well. */
	{ { "s>t", "l&s", "l/x" },
	  "symlink s>t; link l>s; dir t; file t/x; settle t inherit; "
	  "settle  inherit" },
	{ { "s>d", "d/f", "l&s/f", "s/m&d/f" },
	  "symlink s>d; dir d; file d/f; link l>d/f; link d/m>d/f; "
	  "settle d inherit; settle  inherit" },
	{ { "f", "f&f" },
	  "file f; settle  inherit",
	  "entry 'f': a hard link to itself, skipped" },
	{ { "l&f" },
	  NULL,
	  "entry 'l': hard link to 'f', which is not in the layer",
	  ENOENT },
	{ { "l&l" },
	  NULL,
	  "entry 'l': hard link to 'l', which is not in the layer",
	  ENOENT },
	{ { "l&m", "m&l" },
	  NULL,
	  "entry 'l': hard link to 'm', which is not in the layer",
	  ENOENT },
	{ { "l&.wh.f", ".wh.f" },
	  NULL,
	  "entry 'l': hard link to '.wh.f', which is not in the layer",
	  ENOENT },
	{ { "l&f", ".wh.f" },
	  NULL,
	  "entry 'l': hard link to 'f', which is not in the layer",
	  ENOENT },
	{ { "d/", "l&d" },
	  NULL,
	  "entry 'l': hard link to the directory 'd'",
	  EPERM },
	{ { "l&d", "d/x" },
	  NULL,
	  "entry 'l': hard link to the directory 'd'",
	  EPERM },
	{ { "l&/" },
	  NULL,
	  "entry 'l': hard link to the directory './'",
	  EPERM },
	{ { "./&f" },
	  NULL,
	  "entry './': the root is not a directory",
	  ENOTDIR },
	/* The target goes with what makes room for the link. */
	{ { "d/f", "d&d/f" },
	  NULL,
	  "entry 'd': hard link to 'd/f': its parent 'd' is not a directory",
	  ENOTDIR },
	{ { "l&../f" },
	  NULL,
	  "entry 'l': hard link to '../f': '..' in the name",
	  EINVAL },
	{ { "l&d/../../f" },
	  NULL,
	  "entry 'l': hard link to 'd/../../f': '..' in the name",
	  EINVAL },
	{ { "f", "l&f/x" },
	  NULL,
	  "entry 'l': hard link to 'f/x': its parent 'f' is not a directory",
	  ENOTDIR },
	{ { "l&s/x", "s>s" },
	  NULL,
	  "entry 'l': hard link to 's/x': more than 40 symlinks in its way",
	  ELOOP },
};

static void hard_links_stay_in_the_layer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(hard_links); i++)
		check_case(&hard_links[i]);
}

static const struct layer_case parents[] = {
	{ { "a/b/c" },
	  "dir a; dir a/b; file a/b/c; settle a/b inherit; settle a inherit; "
	  "settle  inherit" },
	{ { "a/b/c", "a/" },
	  "dir a; dir a/b; file a/b/c; settle a/b inherit; settle a; "
	  "settle  inherit" },
	{ { "./", "./x" }, "file x; settle " },
	{ { "/", "x" }, "file x; settle " },
	/* In an opaque directory the layers below have no say. */
	{ { "d/.wh..wh..opq", "d/e/f" },
	  "dir d; dir d/e; file d/e/f; settle d/e; settle d opaque inherit; "
	  "settle  inherit" },
	/* Symlinks of this layer: inside, and never out of it. */
	{ { "lib>usr/lib", "lib/x" },
	  "symlink lib>usr/lib; dir usr; dir usr/lib; file usr/lib/x; "
	  "settle usr/lib inherit; settle usr inherit; settle  inherit" },
	{ { "s>/etc", "s/passwd" },
	  "symlink s>/etc; dir etc; file etc/passwd; settle etc inherit; "
	  "settle  inherit" },
	{ { "s>../../etc", "s/passwd" },
	  "symlink s>../../etc; dir etc; file etc/passwd; "
	  "settle etc inherit; settle  inherit" },
	{ { "i/", "i/up>..", "i/up/out>../victim", "i/up/out/x" },
	  "dir i; symlink i/up>..; symlink out>../victim; dir victim; "
	  "file victim/x; settle i; settle victim inherit; settle  inherit" },
	{ { "s>f", "f", "s/x" },
	  NULL,
	  "entry 's/x': its parent 'f' is not a directory",
	  ENOTDIR },
	{ { "f", "f/x" },
	  NULL,
	  "entry 'f/x': its parent 'f' is not a directory",
	  ENOTDIR },
	{ { "f|", "f/x/" },
	  NULL,
	  "entry 'f/x': its parent 'f' is not a directory",
	  ENOTDIR },
	{ { "l&f", "l/x" },
	  NULL,
	  "entry 'l/x': its parent 'l' is not a directory",
	  ENOTDIR },
	{ { "s>s", "s/x" },
	  NULL,
	  "entry 's/x': more than 40 symlinks in its way",
	  ELOOP },
	{ { "a>b", "b>a", "a/.wh.x" },
	  NULL,
	  "entry 'a/.wh.x': more than 40 symlinks in its way",
	  ELOOP },
	{ { "./=" }, "settle " },
	{ { ".=x" }, NULL, "entry './': the root is not a directory", ENOTDIR },
	{ { ".>x" }, NULL, "entry './': the root is not a directory", ENOTDIR },
	{ { "../x" }, NULL, "entry '../x': '..' in the name", EINVAL },
	{ { "a/../../x/" },
	  NULL,
	  "entry 'a/../../x/': '..' in the name",
	  EINVAL },
	{ { "/etc/passwd" },
	  NULL,
	  "entry '/etc/passwd': absolute name",
	  EINVAL },
	{ { "..\n" }, "file ..\n; settle  inherit" },
};

static void parents_are_directories_of_the_layer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(parents); i++)
		check_case(&parents[i]);
}

#define MANY 100000

/* Not superlinear: a second natively is ten under emulation. */
static void a_hundred_thousand_whiteouts_are_fast(void **state)
{
	AUTO(tarball) t = { 0 };
	struct recorder r;
	char name[64];

	(void)state;
	for (unsigned int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "d/.wh.%06u",
			       i * 7919 % MANY);
		tarball_file(&t, name, "");
	}
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_int_equal(r.stats.entries, MANY);
}

static void depth_does_not_multiply(void **state)
{
	AUTO(tarball) t = { 0 };
	char name[4096];
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		memcpy(name + 2 * i, "d/", 2);
	for (unsigned int i = 0; i < 5000; i++) {
		(void)snprintf(name + 4000, sizeof(name) - 4000, "%s%u",
			       i % 2 ? ".wh." : "", i);
		tarball_file(&t, name, "");
	}
	assert_int_equal(recorder_read_tarball(&r, &t), 0);
	assert_int_equal(r.stats.entries, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whiteouts_speak_of_the_layers_below),
		cmocka_unit_test(the_later_of_two_entries_counts),
		cmocka_unit_test(hard_links_stay_in_the_layer),
		cmocka_unit_test(parents_are_directories_of_the_layer),
		cmocka_unit_test(a_hundred_thousand_whiteouts_are_fast),
		cmocka_unit_test(depth_does_not_multiply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
