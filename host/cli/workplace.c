/* SPDX-License-Identifier: MIT */
/* workplace.c - see workplace.h */
#include "host/cli/workplace.h"

#include <stdio.h>

#include "host/text/escape.h"
#include "host/image/reference.h"
#include "host/plan/surroundings.h"

static int advance(void *context, uint64_t bytes)
{
	struct workplace *workplace = context;

	(void)bytes;
	return interrupt_pending(&workplace->interrupt);
}

static void warn(void *context, const char *message)
{
	(void)context;
	(void)fputs("overlayvm: warning: ", stderr);
	escape_print_line(message, stderr);
}

int workplace_open(struct workplace *workplace, struct error *err)
{
	struct surroundings surroundings;

	surroundings_read(&surroundings);
	if (interrupt_open(&workplace->interrupt, err) < 0 ||
	    rundir_create(&workplace->dir, surroundings.tmpdir, err) < 0)
		return -1;
	workplace->work = (struct image_work){
		.dir = workplace->dir.fd,
		.dir_path = workplace->dir.path,
		.advance = advance,
		.warn = warn,
		.context = workplace,
	};
	return 0;
}

int workplace_open_image(struct workplace *workplace, const char *text,
			 struct image *image, struct error *err)
{
	AUTO(reference) reference = { 0 };

	if (reference_parse(&reference, text, err) < 0)
		return error_prefix(err, "image '%s'", text);
	return image_open(image, &reference, &workplace->work, err);
}

int workplace_finish(struct workplace *workplace, int status,
		     const struct error *err)
{
	rundir_release(&workplace->dir);
	if (workplace->interrupt.fd < 0 ||
	    !interrupt_pending(&workplace->interrupt))
		return status;
	(void)fflush(stdout);
	if (status != 0) {
		(void)fputs("overlayvm: ", stderr);
		escape_print_line(err->msg, stderr);
	}
	interrupt_die(&workplace->interrupt);
}
