/* SPDX-License-Identifier: MIT */
/* survey.c - can squashfs hold the layer? */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/layer/survey_jail.h"
#include "tests/unit/tarball.h"

static int look(struct survey *survey, const struct tarball *t,
		int (*advance)(void *context, uint64_t bytes),
		struct error *err)
{
	struct layer_source source = { 0 };
	autoclose int fd = tarball_open(t);

	source.fd = fd;
	source.size = t->size;
	return survey_layer(survey, &source, advance, NULL, err);
}

/* What has no failure is looked at in a jail, of which all must come back. */
static void look_well(struct survey *survey, const struct tarball *t)
{
	struct layer_source source = { 0 };
	autoclose int fd = tarball_open(t);
	struct error err = { 0 };

	source.fd = fd;
	source.size = t->size;
	if (survey_in_jail(survey, &source, 1, NULL, NULL, &err) < 0)
		fail_msg("%s", err.msg);
}

static void add(struct tarball *t, const char *name, char type, int64_t mtime,
		uint64_t uid)
{
	tarball_add(t, &(struct tarball_entry){ .name = name,
						.type = type,
						.mtime = mtime,
						.uid = uid });
}

static void an_ordinary_layer_fits(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };

	(void)state;
	tarball_directory(&t, "./");
	tarball_directory(&t, "etc/");
	tarball_pax_string(&t, "SCHILY.xattr.user.a", "1");
	tarball_file(&t, "etc/passwd", "root");
	tarball_symlink(&t, "link", "etc");
	tarball_link(&t, "other", "etc/passwd");
	tarball_end(&t);
	look_well(&survey, &t);
	assert_true(survey.fits);
	assert_string_equal(survey.why_not, "");
	assert_int_equal(survey.entries, 5);
	assert_false(survey.root_implied);
	assert_false(survey.opaque_root);
	assert_false(survey.whiteouts);
	assert_null(survey.warnings);
}

static void a_layer_of_nothing_has_no_entry(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };

	(void)state;
	tarball_end(&t);
	look_well(&survey, &t);
	assert_true(survey.fits);
	assert_int_equal(survey.entries, 0);
	assert_true(survey.root_implied);
}

static void what_must_be_known_to_mount_it_is_noted(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };

	(void)state;
	tarball_file(&t, "file", "1");
	tarball_file(&t, ".wh.gone", "");
	tarball_file(&t, ".wh..wh..opq", "");
	tarball_directory(&t, "dir");
	tarball_file(&t, "dir/.wh.gone", "");
	look_well(&survey, &t);
	assert_true(survey.fits);
	assert_true(survey.root_implied);
	assert_true(survey.opaque_root);
}

static void whiteouts_are_noted(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };

	(void)state;
	tarball_directory(&t, "dir");
	tarball_file(&t, "dir/.wh.gone", "");
	look_well(&survey, &t);
	assert_true(survey.whiteouts);
	assert_false(survey.opaque_root);
}

static void add_acl(struct tarball *t)
{
	tarball_pax_string(t, "SCHILY.acl.access",
			   "user::rw-,user:x:rw-:7,group::r--,mask::rw-,"
			   "other::r--");
	add(t, "file", 0, 0, 0);
}

static void add_old(struct tarball *t)
{
	tarball_pax_string(t, "mtime", "-1.5");
	add(t, "old", 0, 0, 0);
}

static void add_new(struct tarball *t)
{
	add(t, "new", 0, INT64_C(4294967296), 0);
}

static void add_implied(struct tarball *t)
{
	tarball_directory(t, "a");
	tarball_file(t, "a/b/c/d", "1");
}

static void add_implied_by_whiteout(struct tarball *t)
{
	tarball_file(t, "a/.wh.b", "");
}

static void add_large_xattrs(struct tarball *t)
{
	static char value[50000];

	memset(value, 'v', sizeof(value));
	tarball_pax(t, "SCHILY.xattr.user.large", value, sizeof(value));
	add(t, "large", 0, 0, 0);
}

static void add_holes(struct tarball *t)
{
	/* One piece of data, of no bytes, at the end of 1 TiB. */
	static const char map[512] = "1\n1099511627776\n0\n";

	tarball_pax_string(t, "GNU.sparse.major", "1");
	tarball_pax_string(t, "GNU.sparse.minor", "0");
	tarball_pax_string(t, "GNU.sparse.name", "holes");
	tarball_pax_string(t, "GNU.sparse.realsize", "1099511627776");
	tarball_add(t, &(struct tarball_entry){ .name = "holes",
						.data = map,
						.size = sizeof(map) });
}

static void add_repeats_and_links(struct tarball *t)
{
	tarball_file(t, "file", "1");
	tarball_link(t, "link", "file");
	tarball_file(t, "file", "2");
}

static void add_many_repeats(struct tarball *t)
{
	for (size_t i = 0; i < REPEATS_MAX + 2; i++)
		tarball_file(t, "file", "1");
}

static void what_squashfs_cannot_hold_is_named(void **state)
{
	static const struct {
		void (*fill)(struct tarball *t);
		const char *why_not;
	} cases[] = {
		{ add_acl, "'file' has the xattr 'system.posix_acl_access'" },
		{ add_old, "'old' is of the time -2 s" },
		{ add_new, "'new' is of the time 4294967296 s" },
		{ add_implied, "it does not describe the directory 'a/b/c'" },
		{ add_implied_by_whiteout,
		  "it does not describe the directory 'a'" },
		{ add_large_xattrs,
		  "'large' has xattrs of more than 49152 bytes" },
		{ add_holes, "its files have holes of 1048575 MiB" },
		{ add_repeats_and_links,
		  "a later entry replaces 'file', which has other names" },
		{ add_many_repeats, "more than 4096 entries come twice" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(tarball) t = { 0 };
		AUTO(survey) survey = { 0 };

		tarball_directory(&t, "./");
		cases[i].fill(&t);
		look_well(&survey, &t);
		assert_string_equal(survey.why_not, cases[i].why_not);
		assert_false(survey.fits);
	}
}

static void as_many_owners_as_squashfs_counts_fit(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) all = { 0 };
	AUTO(survey) more = { 0 };

	(void)state;
	tarball_directory(&t, "./");
	for (uint64_t i = 0; i < SURVEY_OWNERS_MAX; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "%ju", (uintmax_t)i);
		add(&t, name, 0, 0, i);
	}
	look_well(&all, &t);
	assert_true(all.fits);
	add(&t, "more", 0, 0, SURVEY_OWNERS_MAX);
	look_well(&more, &t);
	assert_string_equal(more.why_not, "it has more than 65535 owners");
}

static void a_name_cannot_break_the_line(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };

	(void)state;
	add(&t, "a\nb\033", 0, -1, 0);
	look_well(&survey, &t);
	assert_string_equal(survey.why_not, "'a?b?' is of the time -1 s");
}

static void what_later_entries_replace_is_counted(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };

	(void)state;
	tarball_file(&t, "file", "1");
	tarball_file(&t, "file", "2");
	tarball_file(&t, "file", "3");
	tarball_file(&t, "file-dir", "1");
	tarball_directory(&t, "file-dir");
	tarball_directory(&t, "dir-file");
	tarball_file(&t, "dir-file/in", "1");
	tarball_file(&t, "dir-file", "1");
	look_well(&survey, &t);
	assert_true(survey.fits);
	assert_true(repeats_pass(&survey.repeats, "file"));
	assert_true(repeats_pass(&survey.repeats, "file"));
	assert_false(repeats_pass(&survey.repeats, "file"));
	assert_true(repeats_pass(&survey.repeats, "file-dir"));
	assert_false(repeats_pass(&survey.repeats, "file-dir"));
	assert_false(repeats_pass(&survey.repeats, "dir-file"));
	assert_true(repeats_pass(&survey.repeats, "dir-file/in"));
}

static void warnings_are_kept(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };

	(void)state;
	tarball_file(&t, "file", "1");
	tarball_file(&t, "file", "2");
	tarball_pax_string(&t, "SCHILY.xattr.trusted.overlay.opaque", "y");
	tarball_directory(&t, "dir");
	look_well(&survey, &t);
	assert_string_equal(
		survey.warnings,
		"entry 'file': comes twice, the later one counts\n"
		"entry 'dir': xattr 'trusted.overlay.opaque' dropped: it would "
		"speak to overlayfs\n");
}

static void a_broken_layer_is_a_failure(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };
	struct error err = { 0 };

	(void)state;
	tarball_file(&t, "../file", "1");
	assert_int_equal(look(&survey, &t, NULL, &err), -1);
	assert_string_equal(err.msg, "entry '../file': '..' in the name");
}

static int give_up(void *context, uint64_t bytes)
{
	(void)context;
	(void)bytes;
	return 1;
}

static void it_can_be_called_off(void **state)
{
	AUTO(tarball) t = { 0 };
	AUTO(survey) survey = { 0 };
	struct error err = { 0 };

	(void)state;
	tarball_file(&t, "file", "1");
	assert_int_equal(look(&survey, &t, give_up, &err), -1);
	assert_int_equal(err.code, ECANCELED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ordinary_layer_fits),
		cmocka_unit_test(a_layer_of_nothing_has_no_entry),
		cmocka_unit_test(what_must_be_known_to_mount_it_is_noted),
		cmocka_unit_test(whiteouts_are_noted),
		cmocka_unit_test(what_squashfs_cannot_hold_is_named),
		cmocka_unit_test(as_many_owners_as_squashfs_counts_fit),
		cmocka_unit_test(a_name_cannot_break_the_line),
		cmocka_unit_test(what_later_entries_replace_is_counted),
		cmocka_unit_test(warnings_are_kept),
		cmocka_unit_test(a_broken_layer_is_a_failure),
		cmocka_unit_test(it_can_be_called_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
