/* SPDX-License-Identifier: MIT */
/* target.h - what every fuzz target is; libFuzzer's name for it */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Give these bytes to a decoder. Returns 0; whatever they are, it returns. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A descriptor whose content they are, from its start; the caller's. */
int target_file(const uint8_t *data, size_t size);

#endif
