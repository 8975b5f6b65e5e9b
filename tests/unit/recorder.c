/* SPDX-License-Identifier: MIT */
/* recorder.c - see recorder.h */
#include "tests/unit/recorder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void PRINTF_LIKE(2, 3) note(struct recorder *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (r->used > 0 && r->used + 2 < sizeof(r->text))
		r->used += (size_t)sprintf(r->text + r->used, "; ");
	if (r->used < sizeof(r->text))
		r->used +=
			(size_t)vsnprintf(r->text + r->used,
					  sizeof(r->text) - r->used, fmt, args);
	va_end(args);
}

static int record_directory(struct layer_sink *sink, const char *path,
			    struct error *err)
{
	(void)err;
	note((struct recorder *)sink, "dir %s", path);
	return 0;
}

static int record_add(struct layer_sink *sink, const struct layer_entry *entry,
		      struct layer_data *data, struct error *err)
{
	struct recorder *r = (struct recorder *)sink;
	struct layer_block block;
	int more;

	if (S_ISLNK(entry->mode))
		note(r, "symlink %s>%s", entry->path, entry->target);
	else if (S_ISREG(entry->mode))
		note(r, "file %s", entry->path);
	else
		note(r, "node %s", entry->path);
	if (!S_ISREG(entry->mode))
		return 0;
	while ((more = data->next(data, &block, err)) > 0)
		note(r, "%.*s", (int)block.size, (const char *)block.bytes);
	return more;
}

static int record_link(struct layer_sink *sink, const char *path,
		       const char *target, struct error *err)
{
	(void)err;
	note((struct recorder *)sink, "link %s>%s", path, target);
	return 0;
}

static int record_remove(struct layer_sink *sink, const char *path,
			 int is_directory, struct error *err)
{
	(void)err;
	note((struct recorder *)sink, "remove %s%s", path,
	     is_directory ? "/" : "");
	return 0;
}

static int record_whiteout(struct layer_sink *sink, const char *path,
			   struct error *err)
{
	(void)err;
	note((struct recorder *)sink, "whiteout %s", path);
	return 0;
}

static int record_settle(struct layer_sink *sink,
			 const struct layer_entry *entry, unsigned int flags,
			 struct error *err)
{
	(void)err;
	note((struct recorder *)sink, "settle %s%s%s", entry->path,
	     flags & LAYER_SETTLE_OPAQUE ? " opaque" : "",
	     flags & LAYER_SETTLE_INHERIT ? " inherit" : "");
	return 0;
}

static const struct layer_sink operations = {
	record_directory, record_add,	   record_link,
	record_remove,	  record_whiteout, record_settle,
};

static void record_warning(void *context, const char *message)
{
	struct recorder *r = context;

	if (r->warnings[0])
		strcat(r->warnings, "; ");
	strncat(r->warnings, message,
		sizeof(r->warnings) - strlen(r->warnings) - 3);
}

struct layer_sink recorder_sink(void)
{
	return operations;
}

int recorder_read(struct recorder *r, const struct layer_source *source)
{
	struct layer_options options = { record_warning, r, NULL };

	r->sink = operations;
	r->used = 0;
	r->text[0] = '\0';
	r->warnings[0] = '\0';
	r->err = (struct error){ 0 };
	return layer_read(source, &r->sink, &options, &r->stats, &r->err);
}

int recorder_read_tarball(struct recorder *r, const struct tarball *t)
{
	autoclose int fd = tarball_open(t);
	struct layer_source source = { fd, 0, t->size };

	return recorder_read(r, &source);
}
