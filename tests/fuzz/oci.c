/* SPDX-License-Identifier: MIT */
/* oci.c - fuzz target: an index or a manifest of an OCI layout */
#include "host/image/media_type.h"
#include "host/image/oci_index.h"
#include "host/image/oci_manifest.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(descriptors) entries = { 0 };
	AUTO(oci_manifest) manifest = { 0 };
	struct error err = { 0 };

	if (oci_index_parse(&entries, (const char *)data, size, NULL, &err) ==
	    0) {
		(void)oci_index_best(&entries);
		(void)oci_index_say_no_platform(&entries, &err);
	}
	(void)oci_manifest_parse(&manifest, (const char *)data, size,
				 MEDIA_OCI_MANIFEST, &err);
	return 0;
}
