/* SPDX-License-Identifier: MIT */
/* remains.c - see remains.h */
#include "host/rescue/remains.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "host/vm/qemu.h"

#define PLAN	   "plan.json"
#define DEPTH	   16	/* levels of nesting */
#define TEXT_MAX   8192 /* bytes */
#define DIGEST_MAX 80	/* bytes */

static int no_memory(struct error *err)
{
	return error_set(err, ENOMEM, "out of memory");
}

/* The absolute path of the disk; the caller's. */
static int find_disk(char **disk, const char *text, struct error *err)
{
	autofree char *inside = NULL;
	struct stat st;

	if (stat(text, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (asprintf(&inside, "%s/" QEMU_SCRATCH, text) < 0) {
			inside = NULL;
			return no_memory(err);
		}
		text = inside;
	}
	if (stat(text, &st) < 0)
		return error_errno(err, "open '%s'", text);
	if (!S_ISREG(st.st_mode))
		return error_set(err, EINVAL,
				 "'%s' is neither a disk nor the directory of "
				 "--keep-failed",
				 text);
	if (access(text, R_OK) < 0)
		return error_errno(err, "open '%s'", text);
	*disk = realpath(text, NULL);
	return *disk ? 0 : error_errno(err, "open '%s'", text);
}

/* The plan beside the disk; -1 with *absent if there is none. */
static int open_plan(const char *disk, bool *absent, struct error *err)
{
	autofree char *copy = strdup(disk);
	autofree char *path = NULL;
	int fd;

	*absent = false;
	if (!copy || asprintf(&path, "%s/" PLAN, dirname(copy)) < 0) {
		path = NULL;
		return no_memory(err);
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	*absent = fd < 0 && errno == ENOENT;
	return fd < 0 ? error_errno(err, "open '%s'", path) : fd;
}

static struct json_object *parse_plan(int fd, struct error *err)
{
	autofree char *text = malloc(REMAINS_PLAN_MAX + 1);
	struct stat st;
	ssize_t size;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)error_set(err, EINVAL, "it is no file");
		return NULL;
	}
	size = text ? io_read(fd, text, REMAINS_PLAN_MAX + 1) : -1;
	if (size < 0)
		(void)error_errno(err, "read");
	else if (size > REMAINS_PLAN_MAX)
		(void)error_set(err, E2BIG, "it has more than %d bytes",
				REMAINS_PLAN_MAX);
	else
		return json_parse(text, (size_t)size, DEPTH, err);
	return NULL;
}

static int copy_text(struct json_object *object, const char *key, char **copy,
		     struct error *err)
{
	const char *text;

	if (!json_has(object, key))
		return 0;
	if (json_get_string(object, key, TEXT_MAX, &text, err) < 0)
		return -1;
	*copy = strdup(text);
	return *copy ? 0 : no_memory(err);
}

static int read_layers(struct remains *remains, struct json_object *image,
		       struct error *err)
{
	struct json_object *layers;
	size_t count;

	if (json_get_array(image, "layers", IMAGE_LAYERS_MAX, &layers, err) < 0)
		return -1;
	count = json_object_array_length(layers);
	remains->diff_ids = calloc(count + 1, sizeof(*remains->diff_ids));
	if (!remains->diff_ids)
		return no_memory(err);
	for (; remains->layer_count < count; remains->layer_count++) {
		struct json_object *layer =
			json_object_array_get_idx(layers, remains->layer_count);
		const char *text;

		if (json_get_string(layer, "diffId", DIGEST_MAX, &text, err) <
		    0)
			return -1;
		remains->diff_ids[remains->layer_count] = strdup(text);
		if (!remains->diff_ids[remains->layer_count])
			return no_memory(err);
	}
	return 0;
}

static int read_fields(struct remains *remains, struct json_object *plan,
		       struct error *err)
{
	struct json_object *spec = NULL, *image = NULL;

	if (!json_has(plan, "spec"))
		return error_set(err, EPROTO, "field 'spec' is missing");
	(void)json_object_object_get_ex(plan, "spec", &spec);
	(void)json_object_object_get_ex(plan, "image", &image);
	if (copy_text(spec, "fromImage", &remains->image, err) < 0 ||
	    copy_text(spec, "fromImageName", &remains->image_name, err) < 0 ||
	    copy_text(spec, "fromImageTag", &remains->image_tag, err) < 0 ||
	    (remains->image && read_layers(remains, image, err) < 0))
		return -1;
	remains->has_clamp = json_has(plan, "sourceDateEpoch");
	return remains->has_clamp
		       ? json_get_int(plan, "sourceDateEpoch", 0, INT64_MAX,
				      &remains->clamp, err)
		       : 0;
}

static int read_plan(struct remains *remains, struct error *err)
{
	autojson struct json_object *plan = NULL;
	bool absent;
	autoclose int fd = open_plan(remains->disk, &absent, err);

	if (fd < 0)
		return absent ? 0 : -1;
	remains->has_plan = true;
	plan = parse_plan(fd, err);
	if (!plan || read_fields(remains, plan, err) < 0)
		return error_prefix(err, "read the " PLAN " beside it");
	return 0;
}

int remains_find(struct remains *remains, const char *text, struct error *err)
{
	AUTO(remains) found = { 0 };

	if (find_disk(&found.disk, text, err) < 0)
		return -1;
	if (read_plan(&found, err) < 0)
		return error_prefix(err, "disk '%s'", text);
	*remains = found;
	found = (struct remains){ 0 };
	return 0;
}

int remains_compare(const struct remains *remains, const struct image *image,
		    struct error *err)
{
	if (!remains->has_plan)
		return 0;
	if (image->layer_count != remains->layer_count)
		return error_set(err, EINVAL,
				 "it has not as many layers as that of the "
				 "run: %zu, not %zu",
				 image->layer_count, remains->layer_count);
	for (size_t i = 0; i < remains->layer_count; i++) {
		char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];

		(void)snprintf(text, sizeof(text), "sha256:%s",
			       image->layers[i].diff_id.hex);
		if (strcmp(text, remains->diff_ids[i]) != 0)
			return error_set(err, EINVAL,
					 "its layer %zu is %s, and that of the "
					 "run was %s",
					 i + 1, text, remains->diff_ids[i]);
	}
	return 0;
}

void remains_release(struct remains *remains)
{
	for (size_t i = 0; i < remains->layer_count; i++)
		free(remains->diff_ids[i]);
	free(remains->diff_ids);
	free(remains->disk);
	free(remains->image);
	free(remains->image_name);
	free(remains->image_tag);
	*remains = (struct remains){ 0 };
}
