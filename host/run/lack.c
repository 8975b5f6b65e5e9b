/* SPDX-License-Identifier: MIT */
/* lack.c - see lack.h */
#include "host/run/lack.h"

#include <inttypes.h>
#include <unistd.h>

#include "host/layer/survey_jail.h"

#define BLOCK	  4096 /* bytes; guest/agent/scratch.c */
#define PER_INODE 8192 /* bytes; the same */

uint64_t lack_disk_size(uint64_t size, uint64_t entries)
{
	uint64_t data = size + entries * BLOCK; /* a last block, a directory */
	uint64_t inodes = entries * PER_INODE;
	uint64_t bytes = data > inodes ? data : inodes;

	return (bytes + bytes / 20) / RUN_MIB + LACK_SPARE;
}

static const char *name_of(enum message_lack lack)
{
	return lack == LACK_INODES ? "the scratch disk has no inode left"
				   : "the scratch disk is full";
}

static void cure_disk(const struct run *run, enum message_lack lack,
		      struct error *err)
{
	struct error said = *err;

	(void)error_set(err, said.code,
			"%s (%s: use a --disk-size larger than %" PRIu64 ")",
			said.msg, name_of(lack), run->disk_size);
}

static void cure_memory(const struct run *run, const char *what,
			const char *besides, struct error *err)
{
	struct error said = *err;

	(void)error_set(err, said.code,
			"%s (the guest%s: use a --memory larger than %" PRIu64
			"%s)",
			said.msg, what, run->memory, besides);
}

void lack_explain_hook(struct run *run, struct error *err)
{
	const struct message_hook_result *hook = &run->session.hook;

	if (hook->oom_killed)
		cure_memory(run, " ran out of memory", "", err);
	else if (hook->lack == LACK_TMP)
		cure_memory(run, "'s /tmp is full",
			    ", or a directory on the disk", err);
	else if (hook->lack != LACK_NOTHING)
		cure_disk(run, hook->lack, err);
}

int lack_measure(const struct image_layer *layer, uint64_t *size,
		 uint64_t *entries, struct error *err)
{
	AUTO(survey) survey = { 0 };
	struct layer_source source = { -1, layer->offset, layer->size };
	autoclose int fd = -1;

	if (image_layer_open(layer, &fd, err) < 0)
		return -1;
	source.fd = fd;
	if (survey_in_jail(&survey, &source, layer->number, NULL, NULL, err) <
	    0)
		return -1;
	*size += survey.size;
	*entries += survey.entries;
	return 0;
}

/* What the layers take that are unpacked; 0: that cannot be known. */
static uint64_t needed(const struct run *run)
{
	uint64_t size = 0;
	uint64_t entries = 0;
	struct error ignored;

	for (size_t i = 0; i < run->layering.count; i++)
		if (run->layering.layers[i].way == LAYERING_UNPACK &&
		    lack_measure(&run->image.layers[i], &size, &entries,
				 &ignored) < 0)
			return 0;
	return entries ? lack_disk_size(size, entries) : 0;
}

void lack_explain_fail(struct run *run, struct error *err)
{
	enum message_lack lack = run->session.fail.lack;
	struct error said = *err;
	uint64_t size = needed(run);

	if (lack == LACK_TMP)
		cure_memory(run, "'s /tmp is full", "", err);
	else if (size <= run->disk_size)
		cure_disk(run, lack, err);
	else
		(void)error_set(err, said.code,
				"%s (%s: use a --disk-size of %" PRIu64
				" or more)",
				said.msg, name_of(lack), size);
}
