/* SPDX-License-Identifier: MIT */
/* digest.c - SHA-256 digests */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

#include "host/image/digest.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define UPPER "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static void digests_are_right(void **state)
{
	struct digest digest = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(digest_of(&digest, "", 0, &err), 0);
	assert_string_equal(digest.hex, EMPTY);
	assert_int_equal(digest_of(&digest, "abc", 3, &err), 0);
	assert_string_equal(digest.hex, ABC);
}

static void pieces_add_up(void **state)
{
	AUTO(digest_state) sum = { 0 };
	struct digest digest = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(digest_begin(&sum, &err), 0);
	assert_int_equal(digest_add(&sum, "a", 1, &err), 0);
	assert_int_equal(digest_add(&sum, "", 0, &err), 0);
	assert_int_equal(digest_add(&sum, "bc", 2, &err), 0);
	assert_int_equal(digest_end(&sum, &digest, &err), 0);
	assert_string_equal(digest.hex, ABC);
}

static void written_form_is_read(void **state)
{
	struct digest digest = { 0 }, other = { EMPTY };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(digest_parse(&digest, "sha256:" ABC, &err), 0);
	assert_string_equal(digest.hex, ABC);
	assert_false(digest_equal(&digest, &other));
	strcpy(other.hex, ABC);
	assert_true(digest_equal(&digest, &other));
}

#define NO_HEX "' is not 'sha256:' and 64 lower-case hexadecimal digits"

static const struct {
	const char *text;
	const char *msg;
} bad[] = {
	{ "", "digest '' does not start with 'sha256:'" },
	{ ABC, "digest '" ABC "' does not start with 'sha256:'" },
	{ "sha256:", "digest 'sha256:" NO_HEX },
	{ "sha256:../../x", "digest 'sha256:../../x" NO_HEX },
	{ "sha256:" UPPER, "digest 'sha256:" UPPER NO_HEX },
	{ "sha256:" ABC "0", "digest 'sha256:" ABC "0" NO_HEX },
	{ "sha256:" ABC "/", "digest 'sha256:" ABC "/" NO_HEX },
	{ "sha256: " ABC, "digest 'sha256: " ABC NO_HEX },
	{ "sha512:abc", "digest 'sha512:abc' is not a sha256 digest; no other "
			"algorithm is supported" },
	{ "SHA256:abc", "digest 'SHA256:abc' is not a sha256 digest; no other "
			"algorithm is supported" },
};

static void anything_else_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct digest digest = { 0 };
		struct error err = { 0 };

		assert_int_equal(digest_parse(&digest, bad[i].text, &err), -1);
		assert_int_equal(err.code, EINVAL);
		assert_string_equal(err.msg, bad[i].msg);
		assert_string_equal(digest.hex, "");
	}
}

static void only_64_digits_are_hex(void **state)
{
	(void)state;
	assert_true(digest_is_hex(ABC));
	assert_false(digest_is_hex(""));
	assert_false(digest_is_hex(UPPER));
	assert_false(digest_is_hex(ABC "0"));
	assert_false(digest_is_hex(ABC "z"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_right),
		cmocka_unit_test(pieces_add_up),
		cmocka_unit_test(written_form_is_read),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(only_64_digits_are_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
