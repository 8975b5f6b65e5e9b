/* SPDX-License-Identifier: MIT */
/* oci_choose.c - see oci_choose.h */
#include "host/image/oci_choose.h"

#include <errno.h>

#include "host/image/media_type.h"
#include "host/image/oci_index.h"
#include "host/image/oci_manifest.h"

/* One level down: the best entry of the index that *at describes. */
static int enter(struct oci_layout *layout, struct descriptor *at,
		 struct error *err)
{
	AUTO(descriptors) entries = { 0 };
	AUTO(descriptor) next = { 0 };
	autofree char *bytes = NULL;
	const struct descriptor *best;

	if (oci_layout_read(layout, at, &bytes, err) < 0 ||
	    oci_index_parse(&entries, bytes, at->size, at->media_type, err) < 0)
		return -1;
	best = oci_index_best(&entries);
	if (!best)
		return oci_index_say_no_platform(&entries, err);
	if (descriptor_copy(&next, best, err) < 0)
		return -1;

	descriptor_release(at);
	*at = next;
	next = (struct descriptor){ 0 };
	return 0;
}

int oci_resolve(struct oci_layout *layout, const struct descriptor *entry,
		struct descriptor *manifest, struct error *err)
{
	AUTO(descriptor) at = { 0 };
	size_t depth = 0;

	if (descriptor_copy(&at, entry, err) < 0)
		return -1;
	while (media_kind(at.media_type) == MEDIA_INDEX) {
		struct digest digest = at.digest;

		if (depth++ == OCI_DEPTH_MAX)
			return error_set(err, E2BIG,
					 "has indexes nested more than %d deep",
					 OCI_DEPTH_MAX);
		if (enter(layout, &at, err) < 0)
			return error_prefix(err, "index 'sha256:%s'",
					    digest.hex);
	}
	if (media_kind(at.media_type) != MEDIA_MANIFEST)
		return error_set(err, ENOTSUP,
				 "'sha256:%s' is '%.100s', neither an image "
				 "manifest nor an index",
				 at.digest.hex, at.media_type);

	*manifest = at;
	at = (struct descriptor){ 0 };
	return 0;
}

static bool is_repeated(const struct descriptors *index, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (digest_equal(&index->item[i].digest,
				 &index->item[at].digest))
			return true;
	return false;
}

size_t oci_count(const struct descriptors *index)
{
	size_t count = 0;

	for (size_t i = 0; i < index->count; i++)
		count += oci_index_rank(&index->item[i]) >= 0 &&
			 !is_repeated(index, i);
	return count;
}

static int choose_first(const struct descriptors *index,
			const struct descriptor **entry, struct error *err)
{
	for (size_t i = 0; i < index->count; i++)
		if (oci_index_rank(&index->item[i]) >= 0) {
			*entry = &index->item[i];
			return 0;
		}
	if (index->count == 0)
		return error_set(err, ENOENT,
				 OCI_INDEX_NAME ": holds no image");
	return oci_index_say_no_platform(index, err);
}

/* *entry stays NULL if nothing is called so. */
static int choose_by_name(const struct descriptors *index,
			  const struct choice *choice,
			  const struct descriptor **entry, struct error *err)
{
	bool is_named = false;
	bool is_ambiguous = false;

	for (size_t i = 0; i < index->count; i++) {
		const struct descriptor *each = &index->item[i];
		int rank = oci_index_rank(each);

		if (!oci_index_named(each, choice->text))
			continue;
		is_named = true;
		if (rank < 0 ||
		    (*entry && digest_equal(&each->digest, &(*entry)->digest)))
			continue;
		if (*entry && rank > oci_index_rank(*entry))
			continue;
		is_ambiguous = *entry && rank == oci_index_rank(*entry);
		*entry = each;
	}
	if (is_ambiguous)
		return choice_say_ambiguous(choice, err);
	if (is_named && !*entry)
		return oci_index_say_no_platform(index, err);
	return 0;
}

/* What is wrong with an image that may not be meant is passed over. */
static bool is_grave(const struct error *err)
{
	return err->code == ENOMEM || err->code == EIO || err->code == E2BIG;
}

/* *id becomes the digest of the config. */
static int read_id(struct oci_layout *layout, const struct descriptor *at,
		   struct digest *id, struct error *err)
{
	AUTO(oci_manifest) manifest = { 0 };
	autofree char *bytes = NULL;

	if (oci_layout_read(layout, at, &bytes, err) < 0 ||
	    oci_manifest_parse(&manifest, bytes, at->size, at->media_type,
			       err) < 0)
		return -1;
	*id = manifest.config.digest;
	return 0;
}

/* 1: the ID is that of the entry; 0: it is not. *found is its manifest. */
static int has_id(struct oci_layout *layout, const struct descriptor *entry,
		  const struct choice *choice, struct digest *found,
		  struct error *err)
{
	AUTO(descriptor) manifest = { 0 };
	struct digest id;

	*found = entry->digest;
	if (oci_index_rank(entry) < 0)
		return 0;
	if (oci_resolve(layout, entry, &manifest, err) < 0)
		return is_grave(err) ? -1
				     : choice_is_id(choice, &entry->digest);
	*found = manifest.digest;
	if (choice_is_id(choice, &entry->digest) ||
	    choice_is_id(choice, &manifest.digest))
		return 1;
	if (read_id(layout, &manifest, &id, err) < 0)
		return is_grave(err) ? -1 : 0;
	return choice_is_id(choice, &id);
}

static int choose_by_id(struct oci_layout *layout,
			const struct descriptors *index,
			const struct choice *choice,
			const struct descriptor **entry, struct error *err)
{
	struct digest found = { 0 };

	for (size_t i = 0; i < index->count; i++) {
		struct digest digest;
		int r = has_id(layout, &index->item[i], choice, &digest, err);

		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		if (*entry && !digest_equal(&digest, &found))
			return choice_say_ambiguous(choice, err);
		if (!*entry)
			*entry = &index->item[i];
		found = digest;
	}
	return 0;
}

static int say_missing(const struct descriptors *index,
		       const struct choice *choice, struct error *err)
{
	const char *names[CHOICE_LISTED_MAX + 1];
	size_t count = 0;

	for (size_t i = 0; i < index->count; i++) {
		const char *name = oci_index_name(&index->item[i], 0);

		if (name && count < COUNT_OF(names))
			names[count++] = name;
	}
	return choice_say_missing(choice, names, count, err);
}

int oci_choose(struct oci_layout *layout, const struct descriptors *index,
	       const struct choice *choice, const struct descriptor **entry,
	       struct error *err)
{
	*entry = NULL;
	if (choice->kind == CHOICE_FIRST)
		return choose_first(index, entry, err);
	if (choice->kind == CHOICE_PLACE) {
		if (choice->place >= index->count)
			return choice_say_too_far(choice, index->count, err);
		*entry = &index->item[choice->place];
		return 0;
	}
	if (choose_by_name(index, choice, entry, err) < 0)
		return -1;
	if (!*entry && choice_may_be_id(choice) &&
	    choose_by_id(layout, index, choice, entry, err) < 0)
		return -1;
	return *entry ? 0 : say_missing(index, choice, err);
}
