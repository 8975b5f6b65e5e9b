/* SPDX-License-Identifier: MIT */
/* layer_read.c - the rules of layers, as a sink sees them */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "guest/shared/layer_read.h"
#include "tests/unit/tarball.h"

/* A sink that writes down what it is told: "dir a; file a/x; settle a; ..." */
struct record {
	struct layer_sink sink;
	char text[1 << 18];
	size_t used;
	char warnings[2048];
	struct layer_stats stats;
	struct error err;
};

static void PRINTF_LIKE(2, 3) note(struct record *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (r->used > 0 && r->used + 2 < sizeof(r->text))
		r->used += (size_t)sprintf(r->text + r->used, "; ");
	if (r->used < sizeof(r->text))
		r->used +=
			(size_t)vsnprintf(r->text + r->used,
					  sizeof(r->text) - r->used, fmt, args);
	va_end(args);
}

static int record_directory(struct layer_sink *sink, const char *path,
			    struct error *err)
{
	(void)err;
	note((struct record *)sink, "dir %s", path);
	return 0;
}

static int record_add(struct layer_sink *sink, const struct layer_entry *entry,
		      struct layer_data *data, struct error *err)
{
	struct record *r = (struct record *)sink;
	struct layer_block block;
	int more;

	if (S_ISLNK(entry->mode))
		note(r, "symlink %s>%s", entry->path, entry->target);
	else if (S_ISREG(entry->mode))
		note(r, "file %s", entry->path);
	else
		note(r, "node %s", entry->path);
	if (!S_ISREG(entry->mode))
		return 0;
	while ((more = data->next(data, &block, err)) > 0)
		note(r, "%.*s", (int)block.size, (const char *)block.bytes);
	return more;
}

static int record_link(struct layer_sink *sink, const char *path,
		       const char *target, struct error *err)
{
	(void)err;
	note((struct record *)sink, "link %s>%s", path, target);
	return 0;
}

static int record_remove(struct layer_sink *sink, const char *path,
			 int is_directory, struct error *err)
{
	(void)err;
	note((struct record *)sink, "remove %s%s", path,
	     is_directory ? "/" : "");
	return 0;
}

static int record_whiteout(struct layer_sink *sink, const char *path,
			   struct error *err)
{
	(void)err;
	note((struct record *)sink, "whiteout %s", path);
	return 0;
}

static int record_settle(struct layer_sink *sink,
			 const struct layer_entry *entry, unsigned int flags,
			 struct error *err)
{
	(void)err;
	note((struct record *)sink, "settle %s%s%s", entry->path,
	     flags & LAYER_SETTLE_OPAQUE ? " opaque" : "",
	     flags & LAYER_SETTLE_INHERIT ? " inherit" : "");
	return 0;
}

static const struct layer_sink recorder = {
	record_directory, record_add,	   record_link,
	record_remove,	  record_whiteout, record_settle,
};

static void record_warning(void *context, const char *message)
{
	struct record *r = context;

	if (r->warnings[0])
		strcat(r->warnings, "; ");
	strncat(r->warnings, message,
		sizeof(r->warnings) - strlen(r->warnings) - 3);
}

static int read_source(struct record *r, const struct layer_source *source)
{
	struct layer_options options = { record_warning, r };

	*r = (struct record){ .sink = recorder };
	return layer_read(source, &r->sink, &options, &r->stats, &r->err);
}

static int read_tarball(struct record *r, const struct tarball *t)
{
	autoclose int fd = tarball_open(t);
	struct layer_source source = { fd, 0, t->size };

	return read_source(r, &source);
}

/* "d/" "f=text" "s>target" "h&target" "p|" (a FIFO) as entries. */
static void add_short(struct tarball *t, const char *entry)
{
	size_t size = strcspn(entry, "=>&|");
	char name[512];
	const char *rest = entry + size;

	memcpy(name, entry, size);
	name[size] = '\0';
	if (*rest == '=')
		tarball_file(t, name, rest + 1);
	else if (*rest == '>')
		tarball_symlink(t, name, rest + 1);
	else if (*rest == '&')
		tarball_link(t, name, rest + 1);
	else if (*rest == '|')
		tarball_add(t, &(struct tarball_entry){ .name = name,
							.type = '6' });
	else if (size > 0 && name[size - 1] == '/')
		tarball_directory(t, name);
	else
		tarball_file(t, name, "");
}

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
	struct record r;
	int status;

	for (size_t i = 0; i < ENTRIES_MAX && c->entries[i]; i++) {
		print_message("%s ", c->entries[i]);
		add_short(&t, c->entries[i]);
	}
	print_message("\n");
	tarball_end(&t);
	status = read_tarball(&r, &t);
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

static void names_are_bytes(void **state)
{
	static const char *const names[] = {
		"a b",	    "a\nb",	"\ta",
		"-a",	    "a\\b",	"$(touch INJECTED)",
		"\xff\xfe", "\xc3\xa4", "A",
		"..a",	    "a;b'\"`",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		AUTO(tarball) t = { 0 };
		char want[256];
		struct record r;

		print_message("%s\n", names[i]);
		tarball_file(&t, names[i], "");
		tarball_pax_string(&t, "path", names[i]); /* now as UTF-8 */
		tarball_symlink(&t, "x", names[i]);
		tarball_pax_string(&t, "linkpath", names[i]);
		tarball_symlink(&t, "y", "z");
		assert_int_equal(read_tarball(&r, &t), 0);
		(void)snprintf(want, sizeof(want),
			       "file %s; remove %s; symlink %s>%s; "
			       "symlink y>%s; settle  inherit",
			       names[i], names[i], names[i], names[i],
			       names[i]);
		assert_string_equal(r.text, want);
	}
}

static void long_names_come_in_every_dialect(void **state)
{
	char component[257], path[4097], gnu[300];
	AUTO(tarball) t = { 0 };
	AUTO(tarball) refused = { 0 };
	struct record r;

	(void)state;
	memset(component, 'c', sizeof(component) - 1);
	component[255] = '\0';
	tarball_file(&t, component, "");
	for (size_t i = 0; i < 4095; i++)
		path[i] = i % 128 == 127 ? '/' : 'p';
	path[4095] = '\0';
	tarball_file(&t, path, "");
	memset(gnu, 'g', 200);
	gnu[200] = '\0';
	tarball_special(&t, 'L', gnu, 201);
	tarball_file(&t, "short", "");
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_non_null(strstr(r.text, gnu));
	assert_null(strstr(r.text, "short"));
	assert_int_equal(r.stats.entries, 3);

	component[255] = 'c';
	component[256] = '\0';
	tarball_file(&refused, component, "");
	assert_int_equal(read_tarball(&r, &refused), -1);
	assert_int_equal(r.err.code, ENAMETOOLONG);
	assert_non_null(strstr(r.err.msg, "component of 256 bytes, more than "
					  "255"));
	tarball_release(&refused);
	path[4095] = 'p';
	path[4096] = '\0';
	tarball_file(&refused, path, "");
	assert_int_equal(read_tarball(&r, &refused), -1);
	assert_int_equal(r.err.code, ENAMETOOLONG);
	assert_non_null(strstr(r.err.msg, ": name of more than 4095 bytes"));
}

static void data_of_links_and_markers_is_skipped(void **state)
{
	static const char big[3000001] = "x";
	AUTO(tarball) t = { 0 };
	struct record r;

	(void)state;
	tarball_file(&t, "f", "1");
	tarball_pax_string(&t, "comment", "so that the size is obeyed");
	tarball_add(&t, &(struct tarball_entry){ .name = "l",
						 .type = '1',
						 .link = "f",
						 .data = big,
						 .size = sizeof(big) });
	tarball_add(&t, &(struct tarball_entry){
				.name = ".wh.x", .data = big, .size = 5000 });
	tarball_file(&t, "g", "2");
	tarball_end(&t);
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "file f; 1; link l>f; file g; 2; "
				    "whiteout x; settle  inherit");
	assert_int_equal(r.stats.bytes, 2);
}

static void what_linux_cannot_store_is_refused(void **state)
{
	static const struct {
		struct tarball_entry entry;
		const char *error;
	} cases[] = {
		{ { .name = "f", .uid = UINT32_MAX },
		  "entry 'f': user id 4294967295 is out of range" },
		{ { .name = "f", .gid = UINT32_MAX },
		  "entry 'f': group id 4294967295 is out of range" },
		{ { .name = "f", .uid = (uint64_t)-2 },
		  "entry 'f': user id -2 is out of range" },
		{ { .name = "d/n", .type = '3' },
		  "entry 'd/n': character device 0:0 is a whiteout to "
		  "overlayfs" },
		{ { .name = "n", .type = '4', .major = 4096 },
		  "entry 'n': device number 4096:0 is out of range" },
		{ { .name = "n", .type = '3', .minor = 1048576 },
		  "entry 'n': device number 0:1048576 is out of range" },
		{ { .name = "n", .type = '3', .major = (uint64_t)-1 },
		  "entry 'n': device number -1:0 is out of range" },
		{ { .name = "s", .type = '2' },
		  "entry 's': symlink to nothing" },
		{ { .name = "m", .type = 'M' },
		  "entry 'm': unknown file type 00" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct record r;

		tarball_add(&t, &cases[i].entry);
		assert_int_equal(read_tarball(&r, &t), -1);
		assert_string_equal(r.err.msg, cases[i].error);
		assert_int_equal(r.err.code, EINVAL);
	}
}

static void a_socket_is_skipped_with_a_warning(void **state)
{
	AUTO(tarball) t = { 0 };
	struct record r;

	(void)state;
	/* Tar has no type for it; libarchive takes it from the mode there. */
	tarball_add(&t, &(struct tarball_entry){
				.name = "d/s", .type = 'M', .mode = 0140755 });
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "settle  inherit");
	assert_string_equal(r.warnings, "entry 'd/s': a socket, skipped");
	assert_int_equal(r.stats.warnings, 1);
}

static void global_headers_are_ignored(void **state)
{
	static const char comment[] = "15 comment=abc\n";
	AUTO(tarball) t = { 0 };
	struct record r;

	(void)state;
	tarball_special(&t, 'g', comment, sizeof(comment) - 1);
	tarball_file(&t, "f", "1");
	tarball_end(&t);
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "file f; 1; settle  inherit");
}

static void an_empty_layer_is_legal(void **state)
{
	static const uint8_t zeros[10240];
	static const size_t sizes[] = { 0, 512, 1024, sizeof(zeros) };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		AUTO(tarball) t = { 0 };
		struct record r;

		tarball_raw(&t, zeros, sizes[i]);
		assert_int_equal(read_tarball(&r, &t), 0);
		assert_int_equal(r.stats.entries, 0);
		assert_string_equal(r.text, "settle  inherit");
	}
}

static void what_follows_the_end_is_not_read(void **state)
{
	AUTO(tarball) t = { 0 };
	struct record r;

	(void)state;
	tarball_file(&t, "a", "");
	tarball_end(&t);
	tarball_file(&t, "b", "");
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "file a; settle  inherit");
}

static void only_the_slice_is_read(void **state)
{
	AUTO(tarball) t = { 0 };
	struct layer_source source;
	autoclose int fd = -1;
	struct record r;

	(void)state;
	tarball_file(&t, "before", "");
	source.offset = t.size;
	tarball_file(&t, "in", "1");
	source.size = t.size - source.offset;
	tarball_file(&t, "behind", "");
	fd = source.fd = tarball_open(&t);
	assert_int_equal(read_source(&r, &source), 0);
	assert_string_equal(r.text, "file in; 1; settle  inherit");
}

static void a_slice_beyond_its_file_is_refused(void **state)
{
	AUTO(tarball) t = { 0 };
	struct layer_source source = { -1, 0, 0 };
	autoclose int fd = -1;
	struct record r;

	(void)state;
	tarball_file(&t, "f", "1");
	source.size = t.size + 512;
	fd = source.fd = tarball_open(&t);
	assert_int_equal(read_source(&r, &source), -1);
	assert_int_equal(r.err.code, EIO);
	assert_string_equal(r.err.msg,
			    "open the archive: the file is too short");
	source.fd = -1;
	assert_int_equal(read_source(&r, &source), -1);
	assert_int_equal(r.err.code, EBADF);
	assert_string_equal(r.err.msg, "open the archive: Bad file descriptor");
}

/* Entries of every kind of header, so that it can end in each of them. */
static void make_varied(struct tarball *t, size_t ends[8])
{
	static const char data[3000] = "data";
	char name[300];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ends[0] = 0;
	tarball_directory(t, "d/");
	ends[1] = t->size;
	tarball_add(t, &(struct tarball_entry){
			       .name = "d/f", .data = data, .size = 3000 });
	ends[2] = t->size;
	tarball_pax(t, "SCHILY.xattr.user.x", data, 2000);
	tarball_add(t, &(struct tarball_entry){
			       .name = "d/g", .data = data, .size = 512 });
	ends[3] = t->size;
	tarball_special(t, 'L', name, 200);
	tarball_file(t, "short", "text");
	ends[4] = t->size;
	tarball_add(t, &(struct tarball_entry){
			       .name = ".wh.w", .data = data, .size = 1024 });
	ends[5] = t->size;
	tarball_symlink(t, "s", "t");
	ends[6] = t->size;
	tarball_end(t);
	ends[7] = SIZE_MAX;
}

static void a_truncated_archive_is_refused(void **state)
{
	AUTO(tarball) whole = { 0 };
	size_t ends[8], at = 0;

	(void)state;
	make_varied(&whole, ends);
	for (size_t size = 0; size < whole.size; size += 512) {
		struct tarball part = { .bytes = whole.bytes, .size = size };
		bool between = false;
		struct record r;
		int status = read_tarball(&r, &part);

		for (at = 0; at < COUNT_OF(ends); at++)
			between |= size == ends[at];
		between |= size > ends[6];
		print_message("%zu bytes: %s\n", size, r.err.msg);
		assert_int_equal(status, between ? 0 : -1);
		if (!between)
			assert_int_equal(r.err.code, EBADMSG);
	}
}

/* Not one byte less either; the last block of data is padding. */
static void a_torn_block_is_refused(void **state)
{
	AUTO(tarball) whole = { 0 };
	struct tarball part;
	struct record r;

	(void)state;
	tarball_file(&whole, "f", "text");
	for (size_t size = 1; size < whole.size; size++) {
		part = (struct tarball){ .bytes = whole.bytes, .size = size };
		assert_int_equal(read_tarball(&r, &part), -1);
		assert_int_equal(r.err.code, EBADMSG);
		assert_true(r.err.msg[0] != '\0');
	}
}

static void truncation_names_the_entry(void **state)
{
	static const char data[3000] = "data";
	AUTO(tarball) t = { 0 };
	struct record r;

	(void)state;
	tarball_file(&t, "a", "");
	tarball_add(&t, &(struct tarball_entry){
				.name = "d/f", .data = data, .size = 3000 });
	t.size -= 1024;
	assert_int_equal(read_tarball(&r, &t), -1);
	assert_string_equal(r.err.msg, "entry 'd/f': truncated tar archive");

	tarball_release(&t);
	tarball_add(&t, &(struct tarball_entry){ .name = "d/.wh.x",
						 .data = data,
						 .size = 3000 });
	t.size -= 1024;
	assert_int_equal(read_tarball(&r, &t), -1);
	assert_string_equal(r.err.msg,
			    "entry 'd/.wh.x': truncated input file (needed "
			    "3072 bytes, only 2048 available)");
}

/* As tars before POSIX had them, which knew neither type. */
static void a_file_with_a_slash_is_a_directory(void **state)
{
	AUTO(tarball) t = { 0 };
	struct record r;

	(void)state;
	tarball_file(&t, "d/", "");
	tarball_pax_string(&t, "path", "\xc3\xa4/"); /* libarchive complains */
	tarball_file(&t, "x", "");
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_string_equal(r.text, "dir d; dir \xc3\xa4; settle d; "
				    "settle \xc3\xa4; settle  inherit");
}

static void junk_is_no_layer(void **state)
{
	static const char text[2000] = "this is not a tar archive at all";
	AUTO(tarball) t = { 0 };
	AUTO(tarball) later = { 0 };
	struct record r;

	(void)state;
	tarball_raw(&t, text, sizeof(text));
	assert_int_equal(read_tarball(&r, &t), -1);
	assert_int_equal(r.err.code, EBADMSG);
	assert_string_equal(r.err.msg, "not a tar archive");

	tarball_file(&later, "f", "");
	tarball_raw(&later, text, 512);
	assert_int_equal(read_tarball(&r, &later), -1);
	assert_int_equal(r.err.code, EBADMSG);
	assert_string_equal(r.err.msg,
			    "header at byte 512: damaged tar archive");
}

/* Every byte of a header changed, three ways: never a crash, never a hang. */
static void mangled_headers_do_no_harm(void **state)
{
	static const uint8_t changes[] = { 0x01, 0x80, 0xff };
	AUTO(tarball) whole = { 0 };
	size_t ends[8];

	(void)state;
	make_varied(&whole, ends);
	for (size_t at = 0; at < whole.size; at++) {
		for (size_t i = 0; i < COUNT_OF(changes); i++) {
			struct record r;

			whole.bytes[at] ^= changes[i];
			if (read_tarball(&r, &whole) < 0)
				assert_true(r.err.msg[0] != '\0');
			whole.bytes[at] ^= changes[i];
		}
	}
}

static void malformed_pax_headers_are_refused(void **state)
{
	static const struct {
		const char *records;
		const char *error;
	} cases[] = {
		{ "xx path=a\n",
		  "entry 'f': ignoring malformed pax extended attributes" },
		{ "99 path=a\n",
		  "entry 'f': ignoring malformed pax extended attribute" },
		{ "7 path\n", "entry 'f': invalid pax extended attributes" },
		{ "11 size=-5\n",
		  "header at byte 0: tar size attribute is negative" },
		{ "30 SCHILY.acl.access=user:rwx\n",
		  "entry 'f': parse error:  SCHILY.acl.access" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		struct record r;

		print_message("%s", cases[i].records);
		tarball_special(&t, 'x', cases[i].records,
				strlen(cases[i].records));
		tarball_file(&t, "f", "");
		assert_int_equal(read_tarball(&r, &t), -1);
		assert_string_equal(r.err.msg, cases[i].error);
		assert_int_equal(r.err.code, EBADMSG);
	}
}

static int record_nothing(struct layer_sink *sink, const char *path,
			  struct error *err)
{
	(void)sink;
	(void)path;
	(void)err;
	return 0;
}

static int fail_to_add(struct layer_sink *sink, const struct layer_entry *entry,
		       struct layer_data *data, struct error *err)
{
	(void)sink;
	(void)entry;
	(void)data;
	errno = ENOSPC;
	return error_errno(err, "create");
}

/* A name must not push the cause out of the message. */
static void what_a_sink_says_is_passed_on(void **state)
{
	struct layer_sink sink = recorder;
	struct layer_options options = { NULL, NULL };
	struct layer_stats stats;
	struct error err = { 0 };
	AUTO(tarball) t = { 0 };
	struct layer_source source = { 0 };
	autoclose int fd = -1;
	char name[3001], want[1024];
	size_t second;

	(void)state;
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 100 == 99 ? '/' : 'n';
	name[sizeof(name) - 2] = 'n';
	name[sizeof(name) - 1] = '\0';
	sink.add = fail_to_add;
	tarball_symlink(&t, "s", name);
	second = t.size;
	tarball_symlink(&t, name, "s");
	fd = source.fd = tarball_open(&t);
	source.size = t.size;
	assert_int_equal(layer_read(&source, &sink, &options, &stats, &err),
			 -1);
	assert_int_equal(err.code, ENOSPC);
	assert_string_equal(err.msg,
			    "entry 's': create: No space left on device");

	source.offset = second;
	source.size -= second;
	sink.make_directory = record_nothing;
	assert_int_equal(layer_read(&source, &sink, &options, &stats, &err),
			 -1);
	(void)snprintf(want, sizeof(want),
		       "entry '%.400s': create: No space left on device", name);
	assert_string_equal(err.msg, want);
}

#define MANY 100000

/* Not superlinear: a second natively is ten under emulation. */
static void a_hundred_thousand_whiteouts_are_fast(void **state)
{
	AUTO(tarball) t = { 0 };
	struct record r;
	char name[64];

	(void)state;
	for (unsigned int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "d/.wh.%06u",
			       i * 7919 % MANY);
		tarball_file(&t, name, "");
	}
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_int_equal(r.stats.entries, MANY);
}

static void depth_does_not_multiply(void **state)
{
	AUTO(tarball) t = { 0 };
	char name[4096];
	struct record r;

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		memcpy(name + 2 * i, "d/", 2);
	for (unsigned int i = 0; i < 5000; i++) {
		(void)snprintf(name + 4000, sizeof(name) - 4000, "%s%u",
			       i % 2 ? ".wh." : "", i);
		tarball_file(&t, name, "");
	}
	assert_int_equal(read_tarball(&r, &t), 0);
	assert_int_equal(r.stats.entries, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whiteouts_speak_of_the_layers_below),
		cmocka_unit_test(the_later_of_two_entries_counts),
		cmocka_unit_test(hard_links_stay_in_the_layer),
		cmocka_unit_test(parents_are_directories_of_the_layer),
		cmocka_unit_test(names_are_bytes),
		cmocka_unit_test(long_names_come_in_every_dialect),
		cmocka_unit_test(data_of_links_and_markers_is_skipped),
		cmocka_unit_test(what_linux_cannot_store_is_refused),
		cmocka_unit_test(a_socket_is_skipped_with_a_warning),
		cmocka_unit_test(global_headers_are_ignored),
		cmocka_unit_test(an_empty_layer_is_legal),
		cmocka_unit_test(what_follows_the_end_is_not_read),
		cmocka_unit_test(only_the_slice_is_read),
		cmocka_unit_test(a_slice_beyond_its_file_is_refused),
		cmocka_unit_test(a_truncated_archive_is_refused),
		cmocka_unit_test(a_torn_block_is_refused),
		cmocka_unit_test(truncation_names_the_entry),
		cmocka_unit_test(a_file_with_a_slash_is_a_directory),
		cmocka_unit_test(junk_is_no_layer),
		cmocka_unit_test(mangled_headers_do_no_harm),
		cmocka_unit_test(malformed_pax_headers_are_refused),
		cmocka_unit_test(what_a_sink_says_is_passed_on),
		cmocka_unit_test(a_hundred_thousand_whiteouts_are_fast),
		cmocka_unit_test(depth_does_not_multiply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
