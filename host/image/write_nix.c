/* SPDX-License-Identifier: MIT */
/* write_nix.c - see write_nix.h */
#include "host/image/write_nix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/image/document.h"
#include "host/image/layout_place.h"
#include "guest/shared/json_make.h"

#define LAYER	"layer.tar"
#define JSON	"json"
#define VERSION "VERSION"

static bool is_ours(const char *name)
{
	static const char *const names[] = { ".", "..", LAYER, JSON, VERSION };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Only what is such a layer, or nothing, is ever replaced. */
static int check_content(const char *path, struct error *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool is_fine = true;

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return error_errno(err, "open");
	while ((entry = readdir(dir)))
		is_fine = is_fine && is_ours(entry->d_name);
	(void)closedir(dir);
	if (!is_fine)
		return error_set(err, ENOTEMPTY,
				 "is a directory with other things in it than "
				 "a layer");
	return 0;
}

static int check(const char *path, struct error *err)
{
	autofree char *base = NULL;
	autoclose int parent = layout_open_parent(path, &base, err);

	if (parent < 0 || check_content(path, err) < 0)
		return -1;
	if (faccessat(parent, ".", W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(err, "write to its directory");
	return 0;
}

int nix_layer_check(const char *path, struct error *err)
{
	if (check(path, err) < 0)
		return error_prefix(err, "'%s'", path);
	return 0;
}

/* As mkRootLayer of dockerTools has it: the config of the run's own, and what
 * tells one layer from another. */
static struct json_object *describe(const struct draft *draft,
				    struct json_object *config)
{
	static const char *const kept[] = { "created", "architecture", "os",
					    "config" };
	const struct image_blob *layer = &draft->layers[draft->base_count];
	struct json_object *json = json_make_object();
	char checksum[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	for (size_t i = 0; i < COUNT_OF(kept); i++)
		json_add(json, kept[i],
			 json_object_get(
				 json_object_object_get(config, kept[i])));
	(void)snprintf(checksum, sizeof(checksum), "sha256:%s",
		       layer->digest.hex);
	json_add(json, "checksum", json_make_string(checksum));
	return json;
}

static int put_json(int dir, const struct draft *draft, struct error *err)
{
	autodocument struct json_object *config = NULL;
	autodocument struct json_object *json = NULL;
	autofree char *bytes = NULL;
	size_t size;

	if (document_parse(&config, draft->config.bytes,
			   (size_t)draft->config.size, err) < 0)
		return -1;
	json = describe(draft, config);
	if (document_write(json, &bytes, &size, err) < 0)
		return -1;
	return stage_put_bytes(dir, JSON, bytes, size, err);
}

static int check_draft(const struct draft *draft, struct error *err)
{
	size_t count = draft->layer_count - draft->base_count;

	if (count != 1)
		return error_set(err, EINVAL,
				 "holds one new layer, and there are %zu",
				 count);
	if (strcmp(draft->layers[draft->base_count].media_type,
		   media_type_of_layer(COMPRESSION_NONE)) != 0)
		return error_set(err, EINVAL,
				 "holds a layer that is not compressed");
	return 0;
}

static int write_files(const struct nix_layer *layer, const struct draft *draft,
		       const struct image_work *work, struct error *err)
{
	int dir = layer->stage.dir;

	if (stage_put(dir, LAYER, &draft->layers[draft->base_count], work,
		      err) < 0 ||
	    put_json(dir, draft, err) < 0)
		return -1;
	return stage_put_bytes(dir, VERSION, "1.0", 3, err);
}

static int make(struct nix_layer *layer, const struct draft *draft,
		const struct image_work *work, struct error *err)
{
	int parent;

	if (check_draft(draft, err) < 0)
		return -1;
	parent = layout_open_parent(layer->path, &layer->base, err);
	if (parent < 0 ||
	    stage_make(&layer->stage, parent, layer->base, err) < 0)
		return -1;
	return write_files(layer, draft, work, err);
}

int nix_layer_write(struct nix_layer *layer, const char *path,
		    const struct draft *draft, const struct image_work *work,
		    struct error *err)
{
	AUTO(nix_layer) new = NIX_LAYER_NONE;

	new.path = path;
	if (make(&new, draft, work, err) < 0)
		return error_prefix(err, "'%s'", path);
	*layer = new;
	new = (struct nix_layer)NIX_LAYER_NONE;
	return 0;
}

int nix_layer_commit(struct nix_layer *layer, struct error *err)
{
	if (stage_publish(&layer->stage, layer->base, layer->path, err) == 0)
		return 0;
	if (err->code != ENOTEMPTY && err->code != EEXIST)
		return -1;
	if (check_content(layer->path, err) < 0)
		return error_prefix(err, "'%s'", layer->path);
	return stage_replace(&layer->stage, layer->base, layer->path, err);
}

void nix_layer_release(struct nix_layer *layer)
{
	stage_release(&layer->stage);
	free(layer->base);
	*layer = (struct nix_layer)NIX_LAYER_NONE;
}
