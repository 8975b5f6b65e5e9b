/* SPDX-License-Identifier: MIT */
/* prepared.c - prepared layers in the cache: whole, sound, and shared */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/layer/cache.h"
#include "host/layer/prepared.h"
#include "tests/unit/tree.h"

#define HEX(c)                                                                 \
	c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c  \
		c c c c c c c c c c c c c c c c c c c c c c c c c c c c c

static const struct digest ids[] = { { HEX("a") }, { HEX("b") } };
#define NAME HEX("a") "-2"

static int setup(void **state)
{
	return tree_setup(state) == 0 && mkdir("cache", 0755) == 0 ? 0 : -1;
}

/* Publish a file of one page for the first `count` layers. */
static int publish(struct prepared *prepared, size_t count, char content,
		   struct error *err)
{
	AUTO(prepared_draft) draft = PREPARED_DRAFT_NONE;
	AUTO(record) record = { 0 };
	char page[RECORD_PAGE];

	memset(page, content, sizeof(page));
	record.layers = calloc(count, sizeof(*record.layers));
	record.count = count;
	record.has_file = true;
	for (size_t i = 0; i < count; i++) {
		record.layers[i].diff_id = ids[i];
		record.layers[i].entries = i + 3;
		record.layers[i].root_implied = true;
		record.layers[i].whiteouts = i > 0;
		record.layers[i].fits = true;
	}
	record.layers[0].warnings = strdup("one\ntwo\n");
	if (prepared_begin(&draft, "cache", err) < 0)
		return -1;
	assert_int_equal(io_write(draft.out, page, sizeof(page)), sizeof(page));
	return prepared_publish(prepared, &draft, "cache", &record, err);
}

static void publish_well(size_t count)
{
	AUTO(prepared) made = PREPARED_NONE;
	struct error err = { 0 };

	if (publish(&made, count, 'x', &err) < 0)
		fail_msg("%s", err.msg);
}

static int open_it(struct prepared *prepared, size_t count, struct error *err)
{
	return prepared_open(prepared, "cache", ids, count, err);
}

static void what_is_published_is_found(void **state)
{
	AUTO(prepared) made = PREPARED_NONE;
	AUTO(prepared) found = PREPARED_NONE;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(open_it(&found, 1, &err), -1);
	assert_int_equal(err.code, ENOENT);
	assert_int_equal(publish(&made, 1, 'x', &err), 0);
	assert_string_equal(made.path, "cache/" NAME "/" RECORD_FILE);
	if (open_it(&found, 1, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(found.path, made.path);
	assert_int_equal(found.record.size, RECORD_PAGE);
	assert_int_equal(found.record.count, 1);
	assert_int_equal(found.record.layers[0].entries, 3);
	assert_true(found.record.layers[0].root_implied);
	assert_false(found.record.layers[0].opaque_root);
	assert_false(found.record.layers[0].whiteouts);
	assert_true(found.record.layers[0].fits);
	assert_string_equal(found.record.layers[0].warnings, "one\ntwo\n");
	assert_int_equal(prepared_unchanged(&found, &err), 0);
}

static void a_group_has_another_name_than_its_layers(void **state)
{
	AUTO(prepared) found = PREPARED_NONE;
	struct error err = { 0 };

	(void)state;
	publish_well(2);
	assert_int_equal(open_it(&found, 1, &err), -1);
	assert_int_equal(open_it(&found, 2, &err), 0);
	assert_int_equal(found.record.count, 2);
	assert_true(found.record.layers[1].whiteouts);
}

static void a_layer_without_a_file_is_remembered(void **state)
{
	AUTO(prepared_draft) draft = PREPARED_DRAFT_NONE;
	AUTO(prepared) made = PREPARED_NONE;
	AUTO(prepared) found = PREPARED_NONE;
	AUTO(record) record = { 0 };
	struct error err = { 0 };

	(void)state;
	record.layers = calloc(1, sizeof(*record.layers));
	record.count = 1;
	record.layers[0].diff_id = ids[0];
	strcpy(record.layers[0].why_not, "it is too odd");
	assert_int_equal(prepared_begin(&draft, "cache", &err), 0);
	assert_int_equal(prepared_publish(&made, &draft, "cache", &record,
					  &err),
			 0);
	assert_int_equal(open_it(&found, 1, &err), 0);
	assert_null(found.path);
	assert_false(found.record.layers[0].fits);
	assert_string_equal(found.record.layers[0].why_not, "it is too odd");
	assert_false(tree_has("cache/" NAME "/" RECORD_FILE));
}

static void overwrite(const char *path, const char *bytes)
{
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_int_equal(io_write(fd, bytes, strlen(bytes)), strlen(bytes));
}

static void cut_the_file(void)
{
	assert_int_equal(truncate("cache/" NAME "/" RECORD_FILE, 512), 0);
}

static void empty_the_file(void)
{
	assert_int_equal(truncate("cache/" NAME "/" RECORD_FILE, 0), 0);
}

/* Of the same size, and with the old mtime. */
static void change_the_file(void)
{
	struct stat st;
	struct timespec times[2];

	assert_int_equal(stat("cache/" NAME "/" RECORD_FILE, &st), 0);
	overwrite("cache/" NAME "/" RECORD_FILE, "y");
	times[0] = times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, "cache/" NAME "/" RECORD_FILE,
				   times, 0),
			 0);
}

static void remove_the_file(void)
{
	assert_int_equal(unlink("cache/" NAME "/" RECORD_FILE), 0);
}

static void replace_the_file_by_a_link(void)
{
	assert_int_equal(rename("cache/" NAME "/" RECORD_FILE, "elsewhere"), 0);
	assert_int_equal(symlink("../../elsewhere",
				 "cache/" NAME "/" RECORD_FILE),
			 0);
}

static void remove_the_record(void)
{
	assert_int_equal(unlink("cache/" NAME "/" RECORD_NAME), 0);
}

static void spoil_the_record(void)
{
	overwrite("cache/" NAME "/" RECORD_NAME, "[");
}

static void empty_the_record(void)
{
	assert_int_equal(truncate("cache/" NAME "/" RECORD_NAME, 0), 0);
}

static void put_a_file_there(void)
{
	assert_int_equal(rename("cache/" NAME, "cache/away"), 0);
	tree_file("cache/" NAME, "no directory");
}

static void what_was_damaged_is_of_no_use_and_replaced(void **state)
{
	static void (*const damages[])(void) = {
		cut_the_file,	   empty_the_file,
		change_the_file,   remove_the_file,
		remove_the_record, spoil_the_record,
		empty_the_record,  replace_the_file_by_a_link,
		put_a_file_there,
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		AUTO(prepared) found = PREPARED_NONE;
		struct error err = { 0 };

		publish_well(1);
		/* Clocks of file systems tick a few times in this. */
		(void)poll(NULL, 0, 20);
		damages[i]();
		assert_int_equal(open_it(&found, 1, &err), -1);
		assert_true(*err.msg != '\0');
		publish_well(1);
		assert_int_equal(open_it(&found, 1, &err), 0);
	}
	(void)tree_remove("cache/away");
}

static void a_record_of_other_layers_does_not_count(void **state)
{
	AUTO(prepared) found = PREPARED_NONE;
	struct error err = { 0 };

	(void)state;
	publish_well(1);
	assert_int_equal(rename("cache/" NAME, "cache/" HEX("b") "-2"), 0);
	assert_int_equal(prepared_open(&found, "cache", &ids[1], 1, &err), -1);
	assert_string_equal(err.msg, "prepared layer 'cache/" HEX(
					     "b") "-2': it is of other layers");
}

/* As from a backup, or after a crash: the same bytes in another inode. */
static void the_same_bytes_elsewhere_are_recorded_anew(void **state)
{
	char page[RECORD_PAGE];
	struct error err = { 0 };
	struct stat before, after;

	(void)state;
	publish_well(1);
	assert_int_equal(chdir("cache/" NAME), 0);
	memset(page, 'x', sizeof(page));
	assert_int_equal(unlink(RECORD_FILE), 0);
	{
		autoclose int fd =
			open(RECORD_FILE, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		assert_int_equal(io_write(fd, page, sizeof(page)),
				 sizeof(page));
	}
	assert_int_equal(stat(RECORD_NAME, &before), 0);
	assert_int_equal(chdir("../.."), 0);
	for (int i = 0; i < 2; i++) {
		AUTO(prepared) found = PREPARED_NONE;

		assert_int_equal(open_it(&found, 1, &err), 0);
		assert_int_equal(stat("cache/" NAME "/" RECORD_NAME, &after),
				 0);
		/* At the second time nothing is written any more. */
		if (i == 0)
			assert_true(after.st_ino != before.st_ino);
		else
			assert_true(after.st_ino == before.st_ino);
		before = after;
	}
}

/* Change the first character of a value in the record. */
static void change_in_record(const char *before)
{
	char record[4096] = "", *at;
	FILE *f = fopen("cache/" NAME "/" RECORD_NAME, "r+e");

	assert_non_null(f);
	assert_true(fread(record, 1, sizeof(record) - 1, f) > 0);
	at = strstr(record, before);
	assert_non_null(at);
	at[strlen(before)] = at[strlen(before)] == '0' ? '1' : '0';
	rewind(f);
	assert_true(fputs(record, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void the_file_is_read_once_after_the_machine_has_started(void **state)
{
	AUTO(prepared) found = PREPARED_NONE;
	AUTO(prepared) again = PREPARED_NONE;
	struct error err = { 0 };

	(void)state;
	publish_well(1);
	change_in_record("\"sha256\":\"sha256:");
	assert_int_equal(open_it(&found, 1, &err), 0);
	/* A crash may have changed it without a trace in its attributes. */
	change_in_record("\"bootId\":\"");
	assert_int_equal(open_it(&again, 1, &err), -1);
	assert_int_equal(err.code, EBADMSG);
}

static void what_changes_in_use_is_noticed(void **state)
{
	AUTO(prepared) found = PREPARED_NONE;
	struct error err = { 0 };

	(void)state;
	publish_well(1);
	assert_int_equal(open_it(&found, 1, &err), 0);
	(void)poll(NULL, 0, 20);
	overwrite("cache/" NAME "/" RECORD_FILE, "y");
	assert_int_equal(prepared_unchanged(&found, &err), -1);
	assert_int_equal(err.code, ESTALE);
	assert_string_equal(err.msg,
			    "prepared layer 'cache/" NAME "/" RECORD_FILE
			    "' changed while it was read");
}

static void what_is_removed_in_use_is_unchanged(void **state)
{
	AUTO(prepared) found = PREPARED_NONE;
	struct error err = { 0 };

	(void)state;
	publish_well(1);
	assert_int_equal(open_it(&found, 1, &err), 0);
	remove_the_file();
	assert_int_equal(prepared_unchanged(&found, &err), 0);
}

static void an_abandoned_draft_leaves_nothing(void **state)
{
	(void)state;
	{
		AUTO(prepared_draft) draft = PREPARED_DRAFT_NONE;
		struct error err = { 0 };

		assert_int_equal(prepared_claim(&draft, "cache", ids, 1, NULL,
						NULL, &err),
				 0);
		assert_int_equal(prepared_begin(&draft, "cache", &err), 0);
	}
	assert_int_equal(rmdir("cache"), 0);
}

static void what_a_killed_process_left_is_removed(void **state)
{
	pid_t pid;
	struct error err = { 0 };

	(void)state;
	pid = fork();
	if (pid == 0) {
		struct prepared_draft draft = PREPARED_DRAFT_NONE;

		(void)prepared_claim(&draft, "cache", ids, 1, NULL, NULL, &err);
		(void)prepared_begin(&draft, "cache", &err);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(tree_has("cache/" NAME ".lock"));
	{
		AUTO(prepared_draft) draft = PREPARED_DRAFT_NONE;

		assert_int_equal(prepared_claim(&draft, "cache", ids, 1, NULL,
						NULL, &err),
				 0);
		assert_int_equal(prepared_begin(&draft, "cache", &err), 0);
	}
	assert_int_equal(rmdir("cache"), 0);
}

static int count_calls(void *context, uint64_t bytes)
{
	(void)bytes;
	return ++*(int *)context >= 3;
}

static void who_comes_second_waits_but_not_for_ever(void **state)
{
	AUTO(prepared_draft) first = PREPARED_DRAFT_NONE;
	AUTO(prepared_draft) second = PREPARED_DRAFT_NONE;
	struct error err = { 0 };
	int calls = 0;

	(void)state;
	assert_int_equal(prepared_claim(&first, "cache", ids, 1, NULL, NULL,
					&err),
			 0);
	assert_int_equal(prepared_claim(&second, "cache", ids, 1, count_calls,
					&calls, &err),
			 -1);
	assert_int_equal(err.code, ECANCELED);
	assert_int_equal(calls, 3);
	/* Other layers are another matter. */
	assert_int_equal(prepared_claim(&second, "cache", &ids[1], 1, NULL,
					NULL, &err),
			 0);
}

/* Each process that gets the claim finds what the one before has made. */
static void many_at_once_prepare_once(void **state)
{
	enum { PROCESSES = 8 };
	int made = 0;

	(void)state;
	for (int i = 0; i < PROCESSES; i++) {
		AUTO(prepared_draft) draft = PREPARED_DRAFT_NONE;
		AUTO(prepared) found = PREPARED_NONE;
		struct error err = { 0 };

		if (fork() != 0)
			continue;
		if (prepared_claim(&draft, "cache", ids, 1, NULL, NULL, &err) <
		    0)
			_exit(2);
		if (open_it(&found, 1, &err) == 0)
			_exit(0);
		_exit(publish(&found, 1, 'x', &err) == 0 ? 1 : 2);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
		made += WEXITSTATUS(status);
	}
	assert_int_equal(made, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_published_is_found),
		TEST(a_group_has_another_name_than_its_layers),
		TEST(a_layer_without_a_file_is_remembered),
		TEST(what_was_damaged_is_of_no_use_and_replaced),
		TEST(a_record_of_other_layers_does_not_count),
		TEST(the_same_bytes_elsewhere_are_recorded_anew),
		TEST(the_file_is_read_once_after_the_machine_has_started),
		TEST(what_changes_in_use_is_noticed),
		TEST(what_is_removed_in_use_is_unchanged),
		TEST(an_abandoned_draft_leaves_nothing),
		TEST(what_a_killed_process_left_is_removed),
		TEST(who_comes_second_waits_but_not_for_ever),
		TEST(many_at_once_prepare_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
