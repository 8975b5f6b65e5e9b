/* SPDX-License-Identifier: MIT */
/* template_key.c - see template_key.h */
#include "host/run/template_key.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"

/* Raised so that templates of older programs are passed over: those of 1 have
 * words that now say that their QEMU has no sandbox. */
#define GENERATION "3"

/* The first processor's lines, which say what "-cpu host" is made of. */
static int add_host_cpu(struct digest_state *hash, struct error *err)
{
	autofclose FILE *info = fopen("/proc/cpuinfo", "re");
	autofree char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (!info)
		return error_errno(err, "open '/proc/cpuinfo'");
	while ((length = getline(&line, &size, info)) > 1) {
		if (strncmp(line, "cpu MHz", strlen("cpu MHz")) == 0)
			continue; /* changes all the time */
		if (digest_add(hash, line, (size_t)length, err) < 0)
			return -1;
	}
	return 0;
}

static int add_program(struct digest_state *hash, const char *path,
		       struct error *err)
{
	char text[128];
	struct stat st;
	int length;

	if (stat(path, &st) < 0)
		return error_errno(err, "look at '%s'", path);
	length = snprintf(text, sizeof(text), "%jd %jd %jd.%09ld",
			  (intmax_t)st.st_ino, (intmax_t)st.st_size,
			  (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	return digest_add(hash, text, (size_t)length + 1, err);
}

int template_key(struct digest *key, const struct args *words,
		 const char *guest_key, uint64_t scratch_size, bool kvm,
		 struct error *err)
{
	char size[24];
	AUTO(digest_state) hash = { 0 };

	if (digest_begin(&hash, err) < 0 ||
	    digest_add(&hash, GENERATION, sizeof(GENERATION), err) < 0 ||
	    add_program(&hash, words->words[0], err) < 0 ||
	    digest_add(&hash, guest_key, strlen(guest_key) + 1, err) < 0)
		return -1;
	(void)snprintf(size, sizeof(size), "%" PRIu64, scratch_size);
	if (digest_add(&hash, size, strlen(size) + 1, err) < 0)
		return -1;
	for (size_t i = 0; i < words->count; i++)
		if (digest_add(&hash, words->words[i],
			       strlen(words->words[i]) + 1, err) < 0)
			return -1;
	if (kvm && add_host_cpu(&hash, err) < 0)
		return -1;
	return digest_end(&hash, key, err);
}
