/* SPDX-License-Identifier: MIT */
/* digest.c - see digest.h */
#include "host/image/digest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define PREFIX	      "sha256:"
#define PREFIX_LENGTH (sizeof(PREFIX) - 1)

/* How much of a hostile text a message repeats. */
#define SHOWN 100

bool digest_is_hex(const char *text)
{
	return strspn(text, "0123456789abcdef") == DIGEST_HEX_LENGTH &&
	       text[DIGEST_HEX_LENGTH] == '\0';
}

int digest_parse(struct digest *digest, const char *text, struct error *err)
{
	const char *colon = strchr(text, ':');

	if (!colon)
		return error_set(err, EINVAL,
				 "digest '%.*s' does not start with 'sha256:'",
				 SHOWN, text);
	if (strncmp(text, PREFIX, PREFIX_LENGTH) != 0)
		return error_set(err, EINVAL,
				 "digest '%.*s' is not a sha256 digest; no "
				 "other algorithm is supported",
				 SHOWN, text);
	if (!digest_is_hex(text + PREFIX_LENGTH))
		return error_set(err, EINVAL,
				 "digest '%.*s' is not 'sha256:' and 64 "
				 "lower-case hexadecimal digits",
				 SHOWN, text);

	memcpy(digest->hex, text + PREFIX_LENGTH, sizeof(digest->hex));
	return 0;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
	return strcmp(a->hex, b->hex) == 0;
}

static int say_failed(struct error *err)
{
	return error_set(err, EIO,
			 "compute a SHA-256 digest: libcrypto failed");
}

int digest_begin(struct digest_state *state, struct error *err)
{
	EVP_MD_CTX *context = NULL;

	/* Neither its configuration nor the words of its errors are of use
	 * here: they are most of what it takes to start. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
					OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS,
				NULL) == 1)
		context = EVP_MD_CTX_new();
	if (!context)
		return error_set(err, ENOMEM, "compute a SHA-256 digest: %s",
				 strerror(ENOMEM));
	if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(context);
		return say_failed(err);
	}
	digest_state_release(state);
	state->context = context;
	return 0;
}

int digest_add(struct digest_state *state, const void *bytes, size_t size,
	       struct error *err)
{
	if (EVP_DigestUpdate(state->context, bytes, size) != 1)
		return say_failed(err);
	return 0;
}

int digest_end(struct digest_state *state, struct digest *digest,
	       struct error *err)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned int size = 0;

	if (EVP_DigestFinal_ex(state->context, bytes, &size) != 1 ||
	    size != DIGEST_HEX_LENGTH / 2)
		return say_failed(err);

	for (unsigned int i = 0; i < size; i++)
		(void)snprintf(digest->hex + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

void digest_state_release(struct digest_state *state)
{
	EVP_MD_CTX_free(state->context);
	*state = (struct digest_state){ 0 };
}

int digest_of(struct digest *digest, const void *bytes, size_t size,
	      struct error *err)
{
	AUTO(digest_state) state = { 0 };

	if (digest_begin(&state, err) < 0 ||
	    digest_add(&state, bytes, size, err) < 0)
		return -1;
	return digest_end(&state, digest, err);
}
