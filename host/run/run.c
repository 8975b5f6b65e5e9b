/* SPDX-License-Identifier: MIT */
/* run.c - see run.h */
#include "host/run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "host/layer/cache.h"
#include "host/run/fit.h"
#include "host/run/state.h"
#include "host/vm/program.h"
#include "host/vm/qemu.h"
#include "images/place.h"

/* In the reverse order of their making: QEMU goes before its files. */
static void run_release(struct run *run)
{
	machine_release(&run->machine);
	passt_release(&run->passt);
	args_release(&run->words);
	template_release(&run->template);
	session_release(&run->session);
	image_output_release(&run->image_output);
	draft_release(&run->draft);
	run_release_layers(run);
	if (run->census >= 0)
		close(run->census);
	if (run->out >= 0)
		close(run->out);
	new_directory_release(&run->out_directory);
	assignment_release(&run->assignment);
	handover_release(&run->handover);
	layering_release(&run->layering);
	image_release(&run->image);
	guest_image_release(&run->guest);
	rundir_release(&run->dir);
	free(run->qemu);
	free(run->passt_program);
}

DEFINE_AUTO(run, run_release)

/* What there is to be read of the image, as it is stored. */
static uint64_t image_bytes(const struct run *run)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < run->image.layer_count; i++)
		bytes += run->image.layers[i].stored_size;
	return bytes;
}

/* For what takes time on the host: has the run been called off? */
static int advance(void *ctx, uint64_t bytes)
{
	struct run *run = ctx;

	run->read += bytes;
	if (bytes > 0)
		run_say_bytes(run, run->read, image_bytes(run));
	return interrupt_pending(run->interrupt) ||
	       deadline_passed(run->deadline);
}

static struct image_work image_work(struct run *run)
{
	return (struct image_work){
		.dir = run->dir.fd,
		.dir_path = run->dir.path,
		.advance = advance,
		.warn = run_note,
		.context = run,
	};
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat one;
	struct stat other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* Whatever goes wrong later, nothing is written over the image itself. */
static int check_target(const struct plan *plan, const char *path,
			struct error *err)
{
	AUTO(reference) reference = { 0 };
	struct error ignored;

	if (output_check(path, err) < 0)
		return -1;
	if (plan->from_image &&
	    reference_parse(&reference, plan->from_image, &ignored) == 0 &&
	    is_same_file(reference.path, path))
		return error_set(err, EINVAL, "'%s' is the image itself", path);
	return 0;
}

/* A layout may get an image that is made of one of its own. */
static int check_image_target(struct run *run, struct error *err)
{
	struct image_output *output = &run->image_output;
	const struct plan *plan = run->plan;
	const char *const others[] = { plan->output, plan->report,
				       plan->trace };

	if (image_output_check(output, plan->output_image, err) < 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (others[i] && strcmp(others[i], output->target.path) == 0)
			return error_set(err, EINVAL,
					 "'%s' is written to already",
					 others[i]);
	return target_is_file(&output->target)
		       ? check_target(plan, output->target.path, err)
		       : 0;
}

static int check_output(struct run *run, struct error *err)
{
	const struct plan *plan = run->plan;

	if (plan->report && strcmp(plan->report, "-") != 0 &&
	    check_target(plan, plan->report, err) < 0) {
		run->result->no_report = true;
		return error_prefix(err, "--report");
	}
	if (plan->trace && strcmp(plan->trace, "-") != 0 &&
	    check_target(plan, plan->trace, err) < 0) {
		run->result->no_report = true;
		return error_prefix(err, "--trace");
	}
	if (run_check_kept(run, err) < 0)
		return error_prefix(err, "--keep-failed");
	if (new_directory_check(plan->out, err) < 0)
		return error_prefix(err, "--out");
	if (plan->output && check_target(plan, plan->output, err) < 0)
		return error_prefix(err, "--output");
	if (plan->output_image && check_image_target(run, err) < 0)
		return error_prefix(err, "--output-image");
	return 0;
}

static int find_programs(struct run *run, struct error *err)
{
	if (program_find(run->plan->qemu, &run->qemu, err) < 0)
		return -1;
	return run_find_passt(run, err);
}

static int find_guest(struct run *run, struct error *err)
{
	return guest_image_find(&run->guest, err);
}

static int make_directory(struct run *run, struct error *err)
{
	return rundir_create(&run->dir, run->plan->tmpdir, err);
}

static int open_image(struct run *run, struct error *err)
{
	const struct plan *plan = run->plan;
	struct image_work work = image_work(run);
	AUTO(reference) reference = { 0 };

	if (reference_parse(&reference, plan->from_image, err) < 0 ||
	    reference_select(&reference, plan->from_image_name,
			     plan->from_image_tag, err) < 0)
		return error_prefix(err, "--from-image '%s'", plan->from_image);
	return image_open(&run->image, &reference, &work, err);
}

static void host_step(void *ctx, const char *name)
{
	run_say_step(ctx, name, false);
}

static int verify_layers(struct run *run, struct error *err)
{
	const struct layering_options options = {
		.mount = run->plan->layers == PLAN_LAYERS_MOUNT,
		.work = image_work(run),
		.step = host_step,
		.note = run_note,
		.context = run,
	};

	return layering_make(&run->layering, &run->image, &options, err);
}

static int read_given(struct run *run, struct error *err)
{
	const struct image_work work = image_work(run);

	if (run->plan->input_count > 0)
		run_say_step(run, "read the inputs", false);
	return handover_make(&run->handover, run->plan, &work, err);
}

static int make_layers_disk(struct run *run, struct error *err)
{
	if (assignment_make(&run->assignment, run->plan, &run->image,
			    &run->layering, &run->handover, err) < 0)
		return -1;
	return assignment_write_disk(&run->assignment, run->dir.fd, QEMU_LAYERS,
				     err);
}

static int converse(struct run *run, struct error *err)
{
	int status;

	run->session.secrets = run->handover.secrets;
	status = session_run(&run->session, &run->assignment.plan, err);
	run_check_network(run);

	memcpy(run->result->hooks, run->session.hooks,
	       sizeof(run->result->hooks));
	run->result->commands_done = run->session.commands_done;
	run->result->failed = run->session.hook;
	memcpy(run->result->hook_done, run->session.hook_done,
	       sizeof(run->result->hook_done));
	return status < 0 ? run_lend_shell(run, err) : 0;
}

static int verify(struct run *run, struct error *err)
{
	const struct image_work work = image_work(run);

	machine_end(&run->machine);
	if (!run->plan->verify)
		return 0;
	run_say_step(run, "verify the result", false);
	return run_verify(run, &work, err);
}

static int hand_back(struct run *run, struct error *err)
{
	const struct image_work work = image_work(run);

	return run_hand_back(run, &work, err);
}

static int make_image(struct run *run, struct error *err)
{
	const struct image_work work = image_work(run);

	if (!run->plan->output_image)
		return 0;
	run_say_step(run, "write the image", false);
	return run_make_image(run, &work, err);
}

static int publish(struct run *run, struct error *err)
{
	if (run->image.path && image_unchanged(&run->image, err) < 0)
		return -1;
	if (layering_unchanged(&run->layering, err) < 0 ||
	    template_unchanged(&run->template, err) < 0)
		return -1;
	/* Several go nowhere but into the image. */
	if (output_commit(&run->layers[0].output, err) < 0)
		return error_prefix(err, "--output");
	if (run->plan->out &&
	    new_directory_publish(&run->out_directory, run->plan->out, err) < 0)
		return error_prefix(err, "--out");
	if (run->plan->output_image &&
	    image_output_commit(&run->image_output, err) < 0)
		return error_prefix(err, "--output-image");
	run->result->manifest = run->draft.manifest.digest;
	run->result->config = run->draft.config.digest;
	return run_describe_layers(run, err);
}

/*
 * What a run is, in this order. The names are what the user sees; the class
 * is that of a failure which the step itself does not know better.
 */
static const struct phase {
	const char *name;
	const char *step; /* NULL: over in no time, not shown */
	enum failure_class class;
	bool preview; /* decides something, touches nothing */
	bool image;   /* only where there is one */
	int (*act)(struct run *run, struct error *err);
} phases[] = {
	{ "output", NULL, FAILURE_USAGE, true, false, check_output },
	{ "host", NULL, FAILURE_HOST, true, false, find_programs },
	{ "guest image", NULL, FAILURE_HOST, true, false, find_guest },
	{ "host", NULL, FAILURE_HOST, true, false, make_directory },
	{ "image", "open the image", FAILURE_INPUT, true, true, open_image },
	{ "image", NULL, FAILURE_INPUT, true, false, run_check_image },
	{ "image", "verify the layers", FAILURE_INPUT, false, true,
	  verify_layers },
	{ "input", NULL, FAILURE_INPUT, false, false, read_given },
	{ "host", NULL, FAILURE_HOST, false, false, run_fit },
	{ "host", NULL, FAILURE_HOST, false, false, make_layers_disk },
	{ "output", NULL, FAILURE_HOST, false, false, run_open_layers },
	{ "boot", NULL, FAILURE_HOST, false, false, run_boot },
	{ "guest", NULL, FAILURE_GUEST, false, false, converse },
	{ "verify", NULL, FAILURE_INTERNAL, false, false, verify },
	{ "out", NULL, FAILURE_GUEST, false, false, hand_back },
	{ "output", NULL, FAILURE_HOST, false, false, make_image },
	{ "output", "publish the layer", FAILURE_HOST, false, false, publish },
};

static int run_phases(struct run *run, bool preview, struct error *err)
{
	timeline_start(&run->result->timeline);
	for (size_t i = 0; i < COUNT_OF(phases); i++) {
		const struct phase *phase = &phases[i];

		if ((preview && !phase->preview) ||
		    (phase->image && !run->plan->from_image))
			continue;
		if (phase->step)
			run_say_step(run, phase->step, false);
		/* A signal that came meanwhile ends the run at the seam. */
		if (advance(run, 0) || phase->act(run, err) < 0) {
			run_classify(run, phase->name, phase->class, err);
			run_end_step(run);
			return error_prefix(err, "%s", run->result->phase);
		}
		if (run->session.hello.kernel[0])
			(void)snprintf(run->result->kernel,
				       sizeof(run->result->kernel), "%s",
				       run->session.hello.kernel);
	}
	run_end_step(run);
	return 0;
}

/* The result is there; what is in use stays. */
static void trim_cache(struct run *run)
{
	AUTO(cache_list) list = { 0 };
	autofree char *top = NULL;
	struct error why;
	uint64_t freed;
	size_t removed;

	if (!run->cache_grew && !run->layering.made)
		return;
	if (place_cached("", &top, &why) < 0 ||
	    cache_list_all(&list, top, &why) < 0 ||
	    cache_trim(&list, run->plan->cache_size * RUN_MIB, &freed, &removed,
		       &why) < 0)
		run_note(run, why.msg);
}

/* What cannot be kept does not hide why the run failed. */
static void keep_failed(struct run *run)
{
	char text[sizeof(struct error) + 32];
	struct error why = { 0 };

	if (run_keep(run, &why) == 0)
		return;
	(void)snprintf(text, sizeof(text), "--keep-failed: %s", why.msg);
	run_note(run, text);
}

void run_result_release(struct run_result *result)
{
	free(result->layers);
	free(result->console);
	*result = (struct run_result){ 0 };
}

int run_execute(const struct plan *plan, const struct run_events *events,
		struct interrupt *interrupt, struct run_result *result,
		struct error *err)
{
	AUTO(run) run = RUN_NONE;

	*result = (struct run_result){ 0 };
	run.plan = plan;
	run.events = events;
	run.interrupt = interrupt;
	run.result = result;
	run.deadline = deadline_in(plan->timeout);
	if (run_phases(&run, false, err) < 0) {
		keep_failed(&run);
		return -1;
	}
	trim_cache(&run);
	return 0;
}

int run_preview(const struct plan *plan, const struct run_events *events,
		struct interrupt *interrupt, struct run_result *result,
		struct json_object **json, struct error *err)
{
	AUTO(run) run = RUN_NONE;

	*result = (struct run_result){ 0 };
	run.plan = plan;
	run.events = events;
	run.interrupt = interrupt;
	run.result = result;
	run.deadline = deadline_in(plan->timeout);
	if (run_phases(&run, true, err) < 0)
		return -1;
	*json = run_describe(&run);
	return *json ? 0 : error_set(err, ENOMEM, "out of memory");
}
