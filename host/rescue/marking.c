/* SPDX-License-Identifier: MIT */
/* marking.c - see marking.h */
#include "host/rescue/marking.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "guest/shared/overlay_note.h"
#include "guest/shared/path.h"
#include "guest/shared/whiteout.h"

#define PREFIX_LENGTH (sizeof(WHITEOUT_PREFIX) - 1)

/* The path of a name, as messages and the base have it; `text` takes any. */
#define TEXT_SIZE (PATH_SIZE + PATH_COMPONENT_MAX + 2) /* bytes */

static const char *path_of(const struct marking_place *place, const char *name,
			   char text[TEXT_SIZE])
{
	(void)snprintf(text, TEXT_SIZE, "%s%s%s", place->path,
		       *place->path ? "/" : "", name);
	return text;
}

static void warn(const struct marking *marking, const char *xattr,
		 const char *path)
{
	const struct rescue *rescue = marking->appliance->rescue;
	struct error line = { 0 };

	(void)error_set(&line, 0, "xattr %s of '%s' is left out of the layer",
			xattr, path);
	rescue->warn(rescue->context, line.msg);
}

static int read_notes(const struct marking *marking, const char *path,
		      const struct attributes *attributes,
		      struct overlay_notes *notes, struct error *err)
{
	for (size_t i = 0; i < attributes->count; i++) {
		const struct layer_xattr *xattr = &attributes->list[i];

		if (!overlay_is_note(xattr->name))
			continue;
		if (overlay_note_read(notes, xattr->name, xattr->value,
				      xattr->size, path, err) < 0)
			return -1;
		if (notes->escaped)
			warn(marking, xattr->name, path);
	}
	return 0;
}

int marking_enter(const struct marking *marking, struct marking_place *place,
		  const struct attributes *attributes, struct error *err)
{
	struct overlay_notes notes = { 0 };

	if (!marking->converted &&
	    read_notes(marking, *place->path ? place->path : ".", attributes,
		       &notes, err) < 0)
		return -1;
	place->opaque = notes.opaque;
	return 0;
}

/* As the agent makes it; a hook's own file is hardly ever like that. */
static bool looks_like_ours(const struct layer_entry *entry)
{
	return entry->mode == (S_IFREG | 0644) && entry->uid == 0 &&
	       entry->gid == 0 && entry->size == 0 &&
	       entry->mtime.tv_sec == 0 && entry->mtime.tv_nsec == 0;
}

/* A name that begins with .wh.: either way a conversion that stopped half-way
 * has made it, or a hook. */
static int take_marker(const struct marking *marking, const char *path,
		       struct directory_name *name, struct error *err)
{
	const struct layer_entry *entry = &name->file.entry;

	name->is_marker = true;
	if (marking->converted && !S_ISREG(entry->mode))
		return error_set(err, EINVAL,
				 "'%s': a name that begins with .wh. stands "
				 "for a deletion, and must be an empty file",
				 path);
	if (!marking->converted && !looks_like_ours(entry))
		return error_set(err, EINVAL,
				 "'%s' cannot be expressed in a layer: names "
				 "that begin with .wh. stand for deletions",
				 path);
	return 0;
}

static int is_whiteout(const struct marking *marking,
		       const struct marking_place *place, const char *path,
		       const struct directory_name *name, struct error *err)
{
	const struct layer_entry *entry = &name->file.entry;
	AUTO(attributes) attributes = { 0 };
	struct overlay_notes notes = { 0 };
	char on_disk[2 * TEXT_SIZE];

	if (S_ISCHR(entry->mode) && entry->rdev == makedev(0, 0))
		return 1;
	if (!S_ISREG(entry->mode) || entry->size > 0)
		return 0;
	(void)snprintf(on_disk, sizeof(on_disk), "%s/%s", place->on_disk,
		       name->bytes);
	if (attributes_read(&attributes, marking->appliance, on_disk, err) <
		    0 ||
	    read_notes(marking, path, &attributes, &notes, err) < 0)
		return error_prefix(err, "'%s'", path);
	return notes.whiteout;
}

/* The node of the base at that path; *known says whether there is a base. */
static int look_below(const struct marking *marking, const char *path,
		      const struct layer_node **node, struct error *err)
{
	*node = NULL;
	if (marking->base)
		*node = base_find(marking->base, path);
	else if (marking->why_not) {
		*err = *marking->why_not;
		return -1;
	}
	return 0;
}

static int rename_whiteout(struct directory_name *name, const char *path,
			   struct error *err)
{
	char *marker = NULL;

	if (strlen(name->bytes) > PATH_COMPONENT_MAX - PREFIX_LENGTH)
		return error_set(err, EINVAL,
				 "the deletion of '%s' cannot be "
				 "expressed in a layer: its name is longer "
				 "than %zu bytes",
				 path, PATH_COMPONENT_MAX - PREFIX_LENGTH);
	if (asprintf(&marker, WHITEOUT_PREFIX "%s", name->bytes) < 0)
		return error_set(err, ENOMEM, "out of memory");
	free(name->bytes);
	name->bytes = marker;
	name->is_marker = true;
	return 0;
}

static int convert(const struct marking *marking,
		   const struct marking_place *place,
		   struct directory_name *name, struct error *err)
{
	const struct layer_node *below = NULL;
	char path[TEXT_SIZE];
	int whiteout;

	(void)path_of(place, name->bytes, path);
	if (strncmp(name->bytes, WHITEOUT_PREFIX, PREFIX_LENGTH) == 0)
		return take_marker(marking, path, name, err);
	if (marking->converted)
		return 0;
	whiteout = is_whiteout(marking, place, path, name, err);
	if (whiteout <= 0)
		return whiteout;
	if (!place->hidden && !place->opaque &&
	    look_below(marking, path, &below, err) < 0)
		return -1;
	name->is_nothing = !below;
	return below ? rename_whiteout(name, path, err) : 0;
}

/* A directory that is opaque over nothing is one like any other. */
static int mark_opaque(const struct marking *marking,
		       const struct marking_place *place,
		       struct directory *directory, struct error *err)
{
	const struct directory_file nothing = { 0 };
	const struct layer_node *below = NULL;

	if (!place->opaque || place->hidden)
		return 0;
	if (look_below(marking, place->path, &below, err) < 0)
		return -1;
	if (!below || below->kind != LAYER_DIRECTORY)
		return 0;
	if (directory_add(directory, WHITEOUT_OPAQUE_NAME, &nothing, err) < 0)
		return -1;
	directory->names[directory->count - 1].is_marker = true;
	return 0;
}

int marking_apply(const struct marking *marking,
		  const struct marking_place *place,
		  struct directory *directory, struct error *err)
{
	for (size_t i = 0; i < directory->count; i++)
		if (convert(marking, place, &directory->names[i], err) < 0)
			return -1;
	return mark_opaque(marking, place, directory, err);
}
