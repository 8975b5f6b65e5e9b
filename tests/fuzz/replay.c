/* SPDX-License-Identifier: MIT */
/* replay.c - runs a fuzz target over files, without a fuzzer */
#include <stdio.h>
#include <stdlib.h>

#include "guest/shared/cleanup.h"
#include "tests/fuzz/target.h"

#define INPUT_MAX (16 * 1024 * 1024) /* bytes */

static void replay(const char *path)
{
	autofclose FILE *in = fopen(path, "re");
	autofree uint8_t *bytes = malloc(INPUT_MAX);
	autofree uint8_t *exact = NULL;
	size_t size;

	if (!in || !bytes) {
		perror(path);
		exit(1);
	}
	size = fread(bytes, 1, INPUT_MAX, in);
	/* To the byte, so that a sanitizer sees what is read beyond it. */
	exact = realloc(take_pointer(&bytes), size ? size : 1);
	if (!exact)
		exit(1);
	(void)LLVMFuzzerTestOneInput(exact, size);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%d inputs\n", argc - 1);
	return 0;
}
