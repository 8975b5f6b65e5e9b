/* SPDX-License-Identifier: MIT */
/* check.c - the check of a returned layer, on tars made byte by byte */
#include "tests/unit/unit.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "host/layer/check.h"

/*
 * A tar is written as words: each is a typeflag, a name, and what else the
 * header says, e.g. "5 d/|0 d/file #3|1 d/link =d/file|x path=long|0 short".
 * '|' ends an entry and begins the next, "=" is a link's target, "#" a size,
 * "@" a device number, "%" a user name. 'x' is a pax header with one record,
 * and its value may hold anything but '|'.
 */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8];
	char type, target[100], magic[8], user[32], group[32], major[8];
	char minor[8], prefix[155], rest[12];
};

static void finish_header(struct header *h, FILE *f)
{
	unsigned sum = 0;

	memset(h->sum, ' ', sizeof(h->sum));
	for (size_t i = 0; i < sizeof(*h); i++)
		sum += ((const unsigned char *)h)[i];
	(void)snprintf(h->sum, sizeof(h->sum), "%06o", sum);
	assert_int_equal(fwrite(h, sizeof(*h), 1, f), 1);
}

static struct header new_header(char type, unsigned size)
{
	struct header h = { .mode = "0000644",
			    .uid = "0000000",
			    .gid = "0000000",
			    .mtime = "00000000005",
			    .major = "0000000",
			    .minor = "0000000",
			    .type = type };

	memcpy(h.magic, "ustar\00000", 8);
	(void)snprintf(h.size, sizeof(h.size), "%011o", size);
	return h;
}

static void pad(unsigned size, FILE *f)
{
	for (; size % 512 != 0; size++)
		fputc(0, f);
}

/* `text` are whole records. */
static void put_pax(const char *text, size_t size, FILE *f)
{
	struct header h = new_header('x', (unsigned)size);

	strcpy(h.name, "PaxHeader");
	finish_header(&h, f);
	fwrite(text, 1, size, f);
	pad((unsigned)size, f);
}

static void put_record(const char *record, FILE *f)
{
	char text[2048];
	size_t length = strlen(record) + 3;

	while (length !=
	       strlen(record) + 2 + (size_t)snprintf(NULL, 0, "%zu", length))
		length++;
	(void)snprintf(text, sizeof(text), "%zu %s\n", length, record);
	put_pax(text, length, f);
}

static void put_word(char *word, FILE *f)
{
	struct header h = new_header(word[0], 0);
	unsigned size = 0;
	char *rest = NULL;
	char *name;

	if (word[0] == 'x') {
		put_record(word + 2, f);
		return;
	}
	name = strtok_r(word + 2, " ", &rest);
	if (name)
		memcpy(h.name, name, strlen(name));
	for (char *w = rest; (w = strtok_r(NULL, " ", &rest));) {
		if (*w == '=')
			memcpy(h.target, w + 1, strlen(w + 1));
		else if (*w == '#')
			size = (unsigned)atoi(w + 1);
		else if (*w == '@')
			h.minor[6] = w[1];
		else if (*w == '%')
			strcpy(h.user, w + 1);
	}
	(void)snprintf(h.size, sizeof(h.size), "%011o", size);
	finish_header(&h, f);
	for (unsigned i = 0; i < size; i++)
		fputc('x', f);
	pad(size, f);
}

/* Without an end, to be put there by put_end(). */
static FILE *new_tar(const char *words)
{
	char *copy = strdup(words), *rest = NULL;
	FILE *f = tmpfile();

	assert_non_null(f);
	for (char *w = strtok_r(copy, "|", &rest); w;
	     w = strtok_r(NULL, "|", &rest))
		put_word(w, f);
	free(copy);
	return f;
}

static void put_zeros(size_t count, FILE *f)
{
	while (count-- > 0)
		fputc(0, f);
}

static int check(FILE *f, const struct layer_limits *limits,
		 struct layer_summary *summary, struct error *err)
{
	assert_int_equal(fflush(f), 0);
	return layer_check(fileno(f), limits, summary, err);
}

static void assert_file_refused(FILE *f, const struct layer_limits *limits,
				int code, const char *msg)
{
	struct layer_summary summary = { .entries = 77 };
	struct error err = { 0 };

	assert_int_equal(check(f, limits, &summary, &err), -1);
	if (msg)
		assert_string_equal(err.msg, msg);
	assert_int_equal(err.code, code);
	assert_int_equal(summary.entries, 77);
	assert_int_equal(fclose(f), 0);
}

static const struct layer_limits no_limits = { 0 };

static void well_formed_layer_is_summed_up(void **state)
{
	FILE *f = new_tar("5 ./|0 .wh.gone|5 d/|0 d/.wh..wh..opq|0 d/.wh.a|"
			  "0 d/.wh.z|0 d/a-b #3|5 d/b/|0 d/b/x|0 d/b.c #600|"
			  "6 fifo|1 hard =d/a-b|2 link =/any/../where|"
			  "3 null @3|4 zero");
	struct layer_summary s = { 0 };
	struct error err = { 0 };

	(void)state;
	put_zeros(1024, f);
	(void)check(f, &no_limits, &s, &err);
	assert_string_equal(err.msg, "");
	assert_int_equal(s.entries, 15);
	assert_int_equal(s.files, 3);
	assert_int_equal(s.directories, 3);
	assert_int_equal(s.symlinks, 1);
	assert_int_equal(s.hard_links, 1);
	assert_int_equal(s.devices, 2);
	assert_int_equal(s.fifos, 1);
	assert_int_equal(s.whiteouts, 3);
	assert_int_equal(s.opaques, 1);
	assert_int_equal(s.content, 603);
	assert_int_equal(fclose(f), 0);
}

static void harmless_layers_are_accepted(void **state)
{
	static const char *const cases[] = {
		"",			     /* no entry at all */
		"5 a/|0 a/x|0 a-b|0 a.c",    /* '-' < '.' < '/' */
		"0 .wh.a|0 .wh.c|0 b|0 d",   /* hides others */
		"5 a/|0 a/.wh.b|5 c/|0 c/b", /* in another directory */
		"0 .wh.b|5 a/|0 a/b",	     /* in one below */
		"x path=\303\251|0 a|x path=\377\376|0 b",
		"0 a|1 b =a|1 c =a", /* two links */
		"0 a.wh.b|0 wh.c",   /* not markers */
		"x hdrcharset=BINARY|0 a",
		"x SCHILY.xattr.user.a=b|0 a",
		"x mtime=-5|0 a",
		"x uid=4294967294|0 a",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct layer_summary summary = { 0 };
		struct error err = { 0 };
		FILE *f = new_tar(cases[i]);

		print_message("%s\n", cases[i]);
		put_zeros(1024, f);
		(void)check(f, &no_limits, &summary, &err);
		assert_string_equal(err.msg, "");
		assert_int_equal(fclose(f), 0);
	}
}

static void what_no_agent_sends_is_refused(void **state)
{
	static const struct {
		const char *words;
		const char *msg;
	} cases[] = {
		/* names */
		{ "0 /etc", "layer: '/etc': absolute name" },
		{ "0 ../etc", "layer: '../etc': '..' in the name" },
		{ "5 a/|0 a/../b", "layer: 'a/../b': '..' in the name" },
		{ "5 a/|0 a/..", "layer: 'a/..': '..' in the name" },
		{ "0 ./a", "layer: './a' is not in normal form" },
		{ "5 a/|0 a//b", "layer: 'a//b' is not in normal form" },
		{ "5 a", "layer: 'a' is not in normal form" },
		{ "5 a//", "layer: 'a//' is not in normal form" },
		{ "0 a/", "layer: 'a/' is not in normal form" },
		{ "0 ./", "layer: './' is not in normal form" },
		{ "5 .", "layer: '.' is not in normal form" },
		{ "2 ./ =x", "layer: './' is not in normal form" },
		/* places */
		{ "0 a|5 ./", "layer: the root is not the first entry" },
		{ "5 ./|5 ./", "layer: the root is not the first entry" },
		{ "0 a/b", "layer: 'a/b' does not follow its directory" },
		{ "5 a/|0 a/b/c",
		  "layer: 'a/b/c' does not follow its directory" },
		{ "0 a|0 a/b", "layer: 'a/b' does not follow its directory" },
		{ "2 a =b|0 a/b",
		  "layer: 'a/b' does not follow its directory" },
		{ "0 .wh.a|0 a/b",
		  "layer: 'a/b' does not follow its directory" },
		{ "5 a/|0 b|0 a/c",
		  "layer: 'a/c' does not follow its directory" },
		{ "5 a/|0 ab/c",
		  "layer: 'ab/c' does not follow its directory" },
		{ "0 a|0 a", "layer: 'a' is there twice" },
		{ "5 a/|0 a/b|5 a/", "layer: 'a' is there twice" },
		{ "5 a/|0 a", "layer: 'a' is there twice" },
		{ "0 .wh.a|0 .wh.a", "layer: '.wh.a' is there twice" },
		{ "0 b|0 a", "layer: 'a' comes after 'b'" },
		{ "5 d/|0 d/b|0 d/a", "layer: 'd/a' comes after 'd/b'" },
		{ "5 d/|0 d/b|0 d/.wh.c",
		  "layer: 'd/.wh.c' comes after 'd/b'" },
		{ "0 .wh.b|0 .wh.a", "layer: '.wh.a' comes after '.wh.b'" },
		{ "5 d/|0 d/.wh.a|0 d/.wh..wh..opq",
		  "layer: 'd/.wh..wh..opq' comes after 'd/.wh.a'" },
		{ "5 d/|0 d/.wh..a|0 d/.wh..wh..opq",
		  "layer: 'd/.wh..wh..opq' comes after 'd/.wh..a'" },
		{ "5 d/|0 d/a|0 d/.wh..wh..opq",
		  "layer: 'd/.wh..wh..opq' comes after 'd/a'" },
		/* whiteouts */
		{ "5 etc/|0 etc/.wh.x|0 etc/x",
		  "layer: 'etc/.wh.x' hides 'etc/x' of the same layer" },
		{ "0 .wh.a|0 .wh.c|0 .wh.d|5 b/|5 d/",
		  "layer: '.wh.d' hides 'd' of the same layer" },
		{ "0 .wh.x #1", "layer: '.wh.x' stands for a deletion, and "
				"must be an empty file" },
		{ "2 .wh.x =y", "layer: '.wh.x' stands for a deletion, and "
				"must be an empty file" },
		{ "5 .wh.x/", "layer: '.wh.x' stands for a deletion, and must "
			      "be an empty file" },
		{ "5 .wh..wh..opq/", "layer: '.wh..wh..opq' stands for a "
				     "deletion, and must be an empty file" },
		{ "0 .wh.", "layer: '.wh.' is not the name of a whiteout" },
		{ "0 .wh..", "layer: '.wh..' is not the name of a whiteout" },
		{ "0 .wh...", "layer: '.wh...' is not the name of a whiteout" },
		{ "5 .wh..wh.plnk/",
		  "layer: '.wh..wh.plnk' is not the name of a whiteout" },
		/* links */
		{ "1 a =b",
		  "layer: hard link 'a': no file 'b' came before it" },
		{ "1 a =b|0 b",
		  "layer: hard link 'a': no file 'b' came before it" },
		{ "0 b|1 c =b|1 d =c",
		  "layer: hard link 'd': no file 'c' came before it" },
		{ "2 a =x|1 b =a",
		  "layer: hard link 'b': no file 'a' came before it" },
		{ "5 a/|1 b =a",
		  "layer: hard link 'b': no file 'a' came before it" },
		{ "0 .wh.a|1 b =.wh.a",
		  "layer: hard link 'b': no file '.wh.a' came before it" },
		{ "1 a =a",
		  "layer: hard link 'a': no file 'a' came before it" },
		{ "0 a|1 b =/a", "layer: hard link 'b': '/a' is not in normal "
				 "form" },
		{ "0 a|1 b =../a", "layer: hard link 'b': '../a' is not in "
				   "normal form" },
		{ "0 a|1 b =./a", "layer: hard link 'b': './a' is not in "
				  "normal form" },
		{ "0 a|1 b", "layer: 'b' has two types" },
		{ "2 a", "layer: symlink 'a' has a target that no system "
			 "takes" },
		/* types */
		{ "3 a", "layer: 'a' is a device 0:0, which overlayfs would "
			 "take for a deletion" },
		{ "7 a", "layer: an entry of type 0x37" },
		{ "s a", "layer: an entry of type 0x73" },
		{ "S a", "layer: an entry of type 0x53" },
		{ "g a", "layer: the end of the archive is not zeros" },
		{ "g g|0 a", "layer: an entry of type 0x67" },
		{ "L a|0 a", "layer: an entry of type 0x4c" },
		/* metadata */
		{ "0 a %root", "layer: 'a' names its owner or group" },
		{ "x uname=root|0 a", "layer: unknown pax record 'uname'" },
		{ "x uid=4294967295|0 a", "layer: 'a' has the owner "
					  "4294967295:0" },
		{ "x SCHILY.xattr.trusted.overlay.opaque=y|5 a/",
		  "layer: 'a' carries trusted.overlay.opaque" },
		{ "x SCHILY.acl.access=user::rw-|0 a",
		  "layer: unknown pax record 'SCHILY.acl.access'" },
		{ "x atime=5|0 a", "layer: unknown pax record 'atime'" },
		{ "x GNU.sparse.size=5|0 a",
		  "layer: unknown pax record 'GNU.sparse.size'" },
		{ "x path=a|x path=b|0 c", NULL }, /* libarchive's words */
		{ "x size=5|0 a #5", "layer: two sizes of one entry" },
		{ "x SCHILY.xattr.=a|0 a", "layer: an xattr without a name" },
		{ "5 a/ #3", "layer: two sizes of one entry" },
		{ "2 a =b #3", "layer: two sizes of one entry" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		FILE *f = new_tar(cases[i].words);

		print_message("%s\n", cases[i].words);
		put_zeros(1024, f);
		assert_file_refused(f, &no_limits, EPROTO, cases[i].msg);
	}
}

static void long_names_are_refused(void **state)
{
	char words[5000] = "x path=", msg[5000];
	size_t at = strlen(words);
	FILE *f;

	(void)state;
	memset(words + at, 'n', 256);
	strcpy(words + at + 256, "|0 a");
	f = new_tar(words);
	put_zeros(1024, f);
	(void)snprintf(msg, sizeof(msg),
		       "layer: '%.256s': component of 256 "
		       "bytes, more than 255",
		       words + at);
	assert_file_refused(f, &no_limits, EPROTO, msg);
}

static void pax_records_are_read_strictly(void **state)
{
	static const struct {
		const char *text;
		size_t size; /* 0: the text's */
		const char *msg;
	} cases[] = {
		{ "8 path=\n", 0, "layer: pax record 'path' is empty" },
		{ "9 path=a\n9 path=b\n", 0,
		  "layer: pax record 'path' is there twice" },
		{ "30 SCHILY.xattr.user.a=first.\n"
		  "31 SCHILY.xattr.user.a=second.\n",
		  0, "layer: xattr 'user.a' is there twice or out of order" },
		{ "25 SCHILY.xattr.user.b=1\n25 SCHILY.xattr.user.a=1\n", 0,
		  "layer: xattr 'user.a' is there twice or out of order" },
		{ "26 SCHILY.xattr.user.ab=1\n25 SCHILY.xattr.user.a=1\n", 0,
		  "layer: xattr 'user.a' is there twice or out of order" },
		{ "11 path=a\0b\n", 12, "layer: malformed pax record" },
		{ "12 path=a\0b\n", 12, "layer: NUL in pax record 'path'" },
		{ "09 path=a\n", 0, "layer: malformed pax record" },
		{ "10 mtime5\n", 0, "layer: malformed pax record" },
		{ "8 mtime=5\n", 0, "layer: malformed pax record" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t size =
			cases[i].size ? cases[i].size : strlen(cases[i].text);
		struct layer_summary summary = { 0 };
		struct error err = { 0 };
		FILE *f = tmpfile();
		char word[] = "0 a";

		print_message("%s\n", cases[i].text);
		put_pax(cases[i].text, size, f);
		put_word(word, f);
		put_zeros(1024, f);
		assert_int_equal(check(f, &no_limits, &summary, &err), -1);
		/* What libarchive refuses itself it says in its own words. */
		if (strncmp(err.msg, "layer: not a well-formed tar: ", 30) !=
			    0 &&
		    cases[i].msg)
			assert_string_equal(err.msg, cases[i].msg);
		assert_int_equal(fclose(f), 0);
	}
}

static void the_end_is_exact(void **state)
{
	static const struct {
		size_t zeros;
		size_t more; /* bytes that are not zero */
		const char *msg;
	} cases[] = {
		{ 0, 0, "layer: truncated at byte 1024" },
		{ 512, 0, "layer: truncated at byte 1536" },
		{ 1000, 0, "layer: truncated at byte 2024" },
		{ 1024, 1, "layer: 1 bytes after the end of the archive" },
		{ 1536, 0, "layer: 512 bytes after the end of the archive" },
		{ 10240 - 1024, 0,
		  "layer: 8192 bytes after the end of the archive" },
		{ 512, 512, "layer: the end of the archive is not zeros" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		FILE *f = new_tar("0 a #3");

		put_zeros(cases[i].zeros, f);
		for (size_t j = 0; j < cases[i].more; j++)
			fputc('x', f);
		assert_file_refused(f, &no_limits, EPROTO, cases[i].msg);
	}
}

static void cut_off_content_is_refused(void **state)
{
	FILE *f = new_tar("0 a #3000");

	(void)state;
	assert_int_equal(fflush(f), 0);
	assert_int_equal(ftruncate(fileno(f), 1024), 0);
	assert_file_refused(f, &no_limits, EPROTO,
			    "layer: truncated at byte 1024");
}

static void cut_off_anywhere_it_is_refused(void **state)
{
	const char *words = "5 a/|x path=a/long|0 a/b #3000|0 c #1";
	FILE *whole = new_tar(words);
	long size;

	(void)state;
	put_zeros(1024, whole);
	size = ftell(whole);
	assert_int_equal(fclose(whole), 0);
	for (long cut = 0; cut < size; cut += 128) {
		struct layer_summary summary = { 0 };
		struct error err = { 0 };
		FILE *f = new_tar(words);

		put_zeros(1024, f);
		assert_int_equal(fflush(f), 0);
		assert_int_equal(ftruncate(fileno(f), cut), 0);
		assert_int_equal(check(f, &no_limits, &summary, &err), -1);
		assert_int_equal(fclose(f), 0);
	}
}

/* Whatever byte is wrong: no crash, no hang; sanitizers look on. */
static void any_changed_byte_is_survived(void **state)
{
	const char *words = "5 a/|x path=a/long|0 a/b #3|1 c =a/long|2 d =e";
	FILE *f = new_tar(words);
	long size;

	(void)state;
	put_zeros(1024, f);
	size = ftell(f);
	assert_int_equal(fclose(f), 0);
	for (long at = 0; at < size; at += 3) {
		struct layer_summary summary = { 0 };
		struct error err = { 0 };

		f = new_tar(words);
		put_zeros(1024, f);
		assert_int_equal(fseek(f, at, SEEK_SET), 0);
		fputc((int)(at * 7) & 0xff, f);
		(void)check(f, &no_limits, &summary, &err);
		assert_int_equal(fclose(f), 0);
	}
}

static void other_dialects_are_refused(void **state)
{
	struct header h = new_header('0', 0);
	FILE *f = tmpfile();

	(void)state;
	strcpy(h.name, "a");
	memcpy(h.magic, "ustar  ", 8); /* GNU */
	finish_header(&h, f);
	put_zeros(1024, f);
	assert_file_refused(f, &no_limits, EPROTO,
			    "layer: a header that is not ustar");

	f = tmpfile();
	h = new_header('0', 0);
	strcpy(h.name, "a");
	memset(h.size, 0, sizeof(h.size));
	h.size[0] = (char)0x80; /* base 256 */
	finish_header(&h, f);
	put_zeros(1024, f);
	assert_file_refused(f, &no_limits, EPROTO,
			    "layer: a size that is not octal");
}

static void what_is_no_tar_is_refused(void **state)
{
	FILE *f = tmpfile();
	int pipes[2];
	struct layer_summary summary = { 0 };
	struct error err = { 0 };

	(void)state;
	fputs("#!/bin/sh\n", f);
	put_zeros(2000, f);
	assert_file_refused(f, &no_limits, EPROTO,
			    "layer: not a well-formed tar: Unrecognized "
			    "archive format");
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(layer_check(pipes[0], &no_limits, &summary, &err), -1);
	assert_string_equal(err.msg, "layer: not a regular file");
	close(pipes[0]);
	close(pipes[1]);
}

static void file_of_9_gib_has_its_size_in_pax(void **state)
{
	struct layer_summary summary = { 0 };
	struct error err = { 0 };
	FILE *f = new_tar("x size=9663676416|0 a");
	struct header h = new_header('0', 0);

	(void)state;
	/* What libarchive writes there: 12 digits, no end. */
	assert_int_equal(fseek(f, -512, SEEK_CUR), 0);
	strcpy(h.name, "a");
	memcpy(h.size, "110000000000", 12);
	finish_header(&h, f);
	assert_int_equal(fseeko(f, INT64_C(9) << 30, SEEK_CUR), 0);
	put_zeros(1024, f);
	(void)check(f, &no_limits, &summary, &err);
	assert_string_equal(err.msg, "");
	assert_int_equal(summary.content, INT64_C(9) << 30);
	assert_int_equal(fclose(f), 0);
}

static void limits_are_named(void **state)
{
	static const struct {
		const char *words;
		struct layer_limits limits;
		const char *msg; /* NULL: just allowed */
	} cases[] = {
		{ "0 a|0 b", { .entries = 2 }, NULL },
		{ "0 a|0 b|0 c",
		  { .entries = 2 },
		  "layer: more than 2 entries" },
		{ "0 a #5|0 b #5", { .content = 10 }, NULL },
		{ "0 a #5|0 b #6",
		  { .content = 10 },
		  "layer: more than 10 bytes of content" },
		{ "5 d/|0 d/.wh.12345|5 e/|0 e/.wh.12345",
		  { .names = 6 },
		  NULL },
		{ "0 .wh.12345|5 d/|0 d/.wh.1",
		  { .names = 6 },
		  "layer: more than 6 bytes of whiteouts in one directory" },
		{ "0 a|1 b =a", { .names = 28 }, NULL },
		{ "0 a|1 b =a",
		  { .names = 27 },
		  "layer: more than 27 bytes of hard links" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct layer_summary summary = { 0 };
		struct error err = { 0 };
		FILE *f = new_tar(cases[i].words);

		put_zeros(1024, f);
		if (cases[i].msg) {
			assert_file_refused(f, &cases[i].limits, E2BIG,
					    cases[i].msg);
			continue;
		}
		(void)check(f, &cases[i].limits, &summary, &err);
		assert_string_equal(err.msg, "");
		assert_int_equal(fclose(f), 0);
	}
}

static void deep_and_wide_layers_take_no_time(void **state)
{
	struct layer_summary summary = { 0 };
	struct error err = { 0 };
	char name[PATH_MAX] = "", words[2 * PATH_MAX];
	FILE *f = tmpfile();

	(void)state;
	for (int i = 0; i < 50000; i++) {
		char word[32];

		(void)snprintf(word, sizeof(word), "0 .wh.%06d", i);
		put_word(word, f);
	}
	for (int i = 0; i < 1000; i++) {
		strcat(name, "d/");
		(void)snprintf(words, sizeof(words), "path=%s", name);
		put_record(words, f);
		(void)snprintf(words, sizeof(words), "5 d/");
		put_word(words, f);
	}
	put_zeros(1024, f);
	(void)check(f, &no_limits, &summary, &err);
	assert_string_equal(err.msg, "");
	assert_int_equal(summary.whiteouts, 50000);
	assert_int_equal(summary.directories, 1000);
	assert_int_equal(fclose(f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_layer_is_summed_up),
		cmocka_unit_test(harmless_layers_are_accepted),
		cmocka_unit_test(what_no_agent_sends_is_refused),
		cmocka_unit_test(long_names_are_refused),
		cmocka_unit_test(pax_records_are_read_strictly),
		cmocka_unit_test(the_end_is_exact),
		cmocka_unit_test(cut_off_content_is_refused),
		cmocka_unit_test(cut_off_anywhere_it_is_refused),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(other_dialects_are_refused),
		cmocka_unit_test(what_is_no_tar_is_refused),
		cmocka_unit_test(file_of_9_gib_has_its_size_in_pax),
		cmocka_unit_test(limits_are_named),
		cmocka_unit_test(deep_and_wide_layers_take_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
