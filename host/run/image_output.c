/* SPDX-License-Identifier: MIT */
/* image_output.c - see image_output.h */
#include "host/run/image_output.h"

#include "host/image/layout_place.h"
#include "host/image/write_archive.h"

int image_output_check(struct image_output *output, const char *text,
		       struct error *err)
{
	AUTO(target) target = { 0 };
	int status = -1;

	if (target_parse(&target, text, err) < 0)
		return -1;
	if (target_is_file(&target))
		status = output_check(target.path, err);
	else if (target.form == TARGET_OCI)
		status = layout_check(target.path, err);
	else
		status = nix_layer_check(target.path, err);
	if (status < 0)
		return -1;
	output->target = target;
	target = (struct target){ 0 };
	return 0;
}

int image_output_write(struct image_output *output, const struct draft *draft,
		       const struct image_work *work, struct error *err)
{
	const struct target *target = &output->target;

	if (target->form == TARGET_OCI)
		return layout_write(&output->layout, target->path, target->ref,
				    draft, work, err);
	if (target->form == TARGET_NIX)
		return nix_layer_write(&output->nix, target->path, draft, work,
				       err);
	if (output_open(&output->file, target->path, work->dir, err) < 0)
		return -1;
	return write_archive(output->file.fd, draft, target, work, err);
}

int image_output_commit(struct image_output *output, struct error *err)
{
	if (output->target.form == TARGET_OCI)
		return layout_commit(&output->layout, err);
	if (output->target.form == TARGET_NIX)
		return nix_layer_commit(&output->nix, err);
	return output_commit(&output->file, err);
}

void image_output_release(struct image_output *output)
{
	target_release(&output->target);
	output_release(&output->file);
	layout_release(&output->layout);
	nix_layer_release(&output->nix);
}
