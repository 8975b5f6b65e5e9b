/* SPDX-License-Identifier: MIT */
/* verify.c - see verify.h */
#include "host/layer/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include "guest/shared/census.h"
#include "guest/shared/io.h"
#include "host/jail/jail.h"
#include "host/layer/flat_content.h"
#include "host/layer/flat_read.h"
#include "host/layer/flat_tree.h"

/* Bytes, with the zero byte: the names of xattrs take 64 KiB at most. */
#define FIELD_MAX (256 * 1024)
#define BLOCK	  65536 /* bytes that are read at once */

/* The census, and what it says of the path at hand. */
struct census {
	int fd;		   /* borrowed */
	uint64_t position; /* where the next block begins */
	size_t at;	   /* of the block, up to `end` */
	size_t end;
	char block[BLOCK];
	char *text[CENSUS_FIELDS]; /* owned; FIELD_MAX each */
	bool ended;
};

struct comparison {
	const struct verify *verify;
	struct flatten_options options;
	struct flat_tree tree;
	struct census census;
	struct error *err;
	char path[PATH_SIZE];
	char first[PATH_SIZE]; /* of the names of the file at hand */
};

static void comparison_release(struct comparison *comparison)
{
	for (size_t i = 0; i < CENSUS_FIELDS; i++)
		free(comparison->census.text[i]);
	flat_tree_release(&comparison->tree);
}

DEFINE_AUTO(comparison, comparison_release)

int verify_order(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (!*a || !*b)
		return (*a != '\0') - (*b != '\0');
	/* Nothing sorts before the slash that ends a name. */
	if (*a == '/' || *b == '/')
		return (*b == '/') - (*a == '/');
	return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
}

static int read_block(struct census *census, struct error *err)
{
	ssize_t n = io_pread(census->fd, census->block, sizeof(census->block),
			     census->position);

	if (n < 0)
		return error_errno(err, "read the census");
	census->position += (uint64_t)n;
	census->at = 0;
	census->end = (size_t)n;
	return 0;
}

static int say_no_census(struct error *err)
{
	return error_set(err, EPROTO,
			 "the guest's census of the merged tree is cut short, "
			 "or no census");
}

/* Nothing in place of the first field is the end. */
static int read_field(struct census *census, size_t field, struct error *err)
{
	char *text = census->text[field];

	for (size_t length = 0; length < FIELD_MAX; length++) {
		if (census->at == census->end && read_block(census, err) < 0)
			return -1;
		if (census->at == census->end) {
			census->ended = field == CENSUS_PATH && length == 0;
			return census->ended ? 0 : say_no_census(err);
		}
		text[length] = census->block[census->at++];
		if (text[length] == '\0')
			return 0;
	}
	return say_no_census(err);
}

static int read_line(struct comparison *comparison, struct error *err)
{
	for (size_t i = 0; i < CENSUS_FIELDS && !comparison->census.ended; i++)
		if (read_field(&comparison->census, i, err) < 0)
			return -1;
	return 0;
}

static const char *shown(const char *path)
{
	return *path ? path : ".";
}

static int only_merged(const struct comparison *comparison, struct error *err)
{
	return error_set(err, EBADMSG,
			 "'%.400s' is in the merged tree, but not in what the "
			 "layers make",
			 shown(comparison->census.text[CENSUS_PATH]));
}

static int only_layers(const struct comparison *comparison, struct error *err)
{
	return error_set(err, EBADMSG,
			 "'%.400s' is in what the layers make, but not in the "
			 "merged tree",
			 shown(comparison->path));
}

/* The guest's may be later than what the new layers were allowed to say. */
static bool same_time(const struct verify *verify, const char *merged,
		      const char *made)
{
	return strcmp(merged, made) == 0 ||
	       (verify->has_clamp && strtoll(made, NULL, 10) == verify->clamp &&
		strtoll(merged, NULL, 10) > verify->clamp);
}

static int compare_fields(struct comparison *comparison, const char *made,
			  struct error *err)
{
	for (size_t i = 0; i < CENSUS_FIELDS; i++) {
		const char *merged = comparison->census.text[i];
		bool same = i == CENSUS_MTIME ? same_time(comparison->verify,
							  merged, made)
					      : strcmp(merged, made) == 0;

		if (!same)
			return error_set(err, EBADMSG,
					 "'%.250s': %s is '%.80s' in the "
					 "merged tree, '%.80s' in what the "
					 "layers make",
					 shown(comparison->path),
					 census_field_name(
						 (enum census_field)i),
					 merged, made);
		made += strlen(made) + 1;
	}
	return 0;
}

static int add_to_hash(void *context, const void *bytes, size_t size,
		       struct error *err)
{
	(void)err;
	(void)XXH64_update(context, bytes, size);
	return 0;
}

static int hash_content(const struct comparison *comparison,
			const struct flat_inode *inode, uint64_t *xxh64,
			struct error *err)
{
	XXH64_state_t *hash = XXH64_createState();
	const struct tar_sink sink = { add_to_hash, hash };
	int status;

	if (!hash)
		return error_set(err, ENOMEM, "out of memory");
	(void)XXH64_reset(hash, 0);
	status = flat_content(inode, comparison->verify->layers,
			      &comparison->options, &sink, err);
	*xxh64 = XXH64_digest(hash);
	(void)XXH64_freeState(hash);
	return status;
}

/* What the layers make at this node, as the guest would say it; the caller's. */
static char *describe(struct comparison *comparison,
		      const struct layer_node *node, struct flat_inode *inode,
		      struct error *err)
{
	struct layer_entry entry = *inode->entry;
	const char *first = NULL;
	uint64_t xxh64 = 0;
	char *text = NULL;
	size_t size;
	FILE *out;

	entry.path = comparison->path;
	entry.target = inode->target;
	if (S_ISREG(entry.mode)) {
		if (hash_content(comparison, inode, &xxh64, err) < 0)
			return NULL;
		if (inode->first) {
			layer_node_path(inode->first, comparison->first);
			first = comparison->first;
		}
		inode->first = inode->first ? inode->first : node;
	}
	out = open_memstream(&text, &size);
	if (out)
		census_print(&entry, xxh64, first, out);
	if (!out || fclose(out) != 0) {
		free(text);
		error_set(err, ENOMEM, "out of memory");
		return NULL;
	}
	return text;
}

static int compare_inode(struct comparison *comparison,
			 const struct layer_node *node,
			 struct flat_inode *inode, struct error *err)
{
	autofree char *made = NULL;
	int order;

	if (read_line(comparison, err) < 0)
		return -1;
	if (comparison->census.ended)
		return only_layers(comparison, err);
	order = verify_order(comparison->census.text[CENSUS_PATH],
			     comparison->path);
	if (order != 0)
		return order < 0 ? only_merged(comparison, err)
				 : only_layers(comparison, err);
	made = describe(comparison, node, inode, err);
	return made ? compare_fields(comparison, made, err) : -1;
}

/* As deep as paths have components, at most 2,048. */
static int compare_node(struct layer_node *node, void *context)
{
	struct comparison *comparison = context;
	struct flat_inode *inode = flat_node_inode(node);
	struct error *err = comparison->err;

	if (node->kind == LAYER_ABSENT || !inode)
		return 0;
	layer_node_path(node, comparison->path);
	if (comparison->options.advance &&
	    comparison->options.advance(comparison->options.context, 0) != 0)
		return error_set(err, ECANCELED, "cancelled");
	if (compare_inode(comparison, node, inode, err) < 0)
		return -1;
	return layer_node_each(node, compare_node, comparison);
}

static int begin_census(struct census *census, int fd, struct error *err)
{
	census->fd = fd;
	for (size_t i = 0; i < CENSUS_FIELDS; i++) {
		census->text[i] = malloc(FIELD_MAX);
		if (!census->text[i])
			return error_set(err, ENOMEM, "out of memory");
	}
	return 0;
}

int verify_compare(const struct verify *verify, struct error *err)
{
	AUTO(comparison) comparison = { .verify = verify };

	comparison.err = err;
	comparison.options.advance = verify->advance;
	comparison.options.context = verify->context;
	for (size_t i = 0; i < verify->count; i++)
		if (flat_read(&comparison.tree, &verify->layers[i], i,
			      &comparison.options, err) < 0)
			return error_prefix(err, "layer %zu", i + 1);
	if (begin_census(&comparison.census, verify->census, err) < 0)
		return -1;
	if (comparison.tree.root &&
	    compare_node(comparison.tree.root, &comparison) < 0)
		return -1;
	if (read_line(&comparison, err) < 0)
		return -1;
	return comparison.census.ended ? 0 : only_merged(&comparison, err);
}

static int compare_inside(struct jail *jail, void *context, struct error *err)
{
	struct verify verify = *(const struct verify *)context;

	verify.advance = jail_tick;
	verify.context = jail;
	return verify_compare(&verify, err);
}

int verify_layers(const struct verify *verify, struct error *err)
{
	int fds[JAIL_FDS_MAX];
	const struct jail_work work = {
		.what = "the layers",
		.work = compare_inside,
		.context = (void *)verify,
		.fds = fds,
		.fd_count = verify->count + 1,
		.advance = verify->advance,
		.advance_context = verify->context,
	};
	AUTO(jail_result) nothing = { 0 };

	if (verify->count >= JAIL_FDS_MAX)
		return error_set(err, E2BIG, "%zu layers", verify->count);
	for (size_t i = 0; i < verify->count; i++)
		fds[i] = verify->layers[i].fd;
	fds[verify->count] = verify->census;
	return jail_run(&work, &nothing, err);
}
