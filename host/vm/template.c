/* SPDX-License-Identifier: MIT */
/* template.c - see template.h */
#include "host/vm/template.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/vm/disk_copy.h"
#include "host/vm/qemu.h"

#define KIND  "templates"
#define STATE "state"
#define MIB   (INT64_C(1) << 20)

static const char *const files[] = { QEMU_RAM, STATE, QEMU_SCRATCH, NULL };

int template_name(struct template *template, const char *key, struct error *err)
{
	return kept_name(&template->kept, KIND, key, err);
}

/* The record is right; and both can be used as QEMU will. */
static int open_state(struct template *template, struct error *err)
{
	template->state =
		openat(template->kept.fd, STATE, O_RDONLY | O_CLOEXEC);
	if (template->state < 0 ||
	    faccessat(template->kept.fd, QEMU_RAM, R_OK | W_OK, 0) < 0) {
		error_errno(err, "open template '%s'", template->kept.dir);
		err->code = ESTALE; /* it is there, and of no use */
		return -1;
	}
	return 0;
}

int template_open(struct template *template, struct error *err)
{
	if (kept_open(&template->kept, files, err) < 0)
		return -1;
	return open_state(template, err);
}

int template_look(struct template *template, struct error *err)
{
	if (kept_look(&template->kept, files, err) < 0)
		return -1;
	return open_state(template, err);
}

int template_copy_scratch(const struct template *template, int dir,
			  uint64_t size, struct error *err)
{
	return disk_copy(template->kept.fd, QEMU_SCRATCH, dir, QEMU_SCRATCH,
			 size, err);
}

int template_unchanged(const struct template *template, struct error *err)
{
	if (template->kept.fd < 0)
		return 0;
	if (kept_unchanged(&template->kept, files, err) < 0)
		return error_prefix(err, "template '%s'", template->kept.dir);
	return 0;
}

static int make_file(int dir, const char *name, off_t size, int *fd,
		     struct error *err)
{
	*fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (*fd < 0 || ftruncate(*fd, size) < 0)
		return error_errno(err, "make '%s'", name);
	return 0;
}

int template_begin(struct template_draft *draft, uint64_t memory,
		   struct error *err)
{
	autoclose int ram = -1;

	if (kept_begin(&draft->draft, KIND, err) < 0 ||
	    make_file(draft->draft.fd, QEMU_RAM, (off_t)memory * MIB, &ram,
		      err) < 0)
		return -1;
	return make_file(draft->draft.fd, STATE, 0, &draft->state, err);
}

int template_keep_scratch(struct template_draft *draft, int dir, uint64_t size,
			  struct error *err)
{
	return disk_copy(dir, QEMU_SCRATCH, draft->draft.fd, QEMU_SCRATCH, size,
			 err);
}

int template_publish(struct template_draft *draft,
		     const struct template *template, const char *kernel,
		     struct error *err)
{
	return kept_publish(&draft->draft, &template->kept, files, kernel, err);
}

void template_draft_release(struct template_draft *draft)
{
	if (draft->state >= 0)
		close(draft->state);
	draft->state = -1;
	kept_draft_release(&draft->draft);
}

void template_release(struct template *template)
{
	if (template->state >= 0)
		close(template->state);
	template->state = -1;
	kept_release(&template->kept);
}
