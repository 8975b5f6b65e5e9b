/* SPDX-License-Identifier: MIT */
/* appliance.c - see appliance.h */
#include "host/rescue/appliance.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/rescue/kernel.h"
#include "host/vm/accel.h"

#define DEVICE "/dev/sda"

const char *appliance_setting(void)
{
	struct error ignored;

	return accel_probe_kvm(&ignored) < 0 ? "force_tcg" : NULL;
}

/* In one line; the rest of libguestfs' message tells how to debug it. */
static void say(const struct appliance *appliance, char text[512])
{
	const char *message = appliance->library.last_error(appliance->g);

	message = message ? message : "it does not say why";
	(void)snprintf(text, 512, "%.*s", (int)strcspn(message, "\n"), message);
}

int appliance_error(const struct appliance *appliance, struct error *err,
		    const char *fmt, ...)
{
	int code = appliance->library.last_errno(appliance->g);
	char what[512], why[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	if (code > 0) {
		errno = code;
		return error_errno(err, "%s", what);
	}
	say(appliance, why);
	return error_set(err, EIO, "%s: %s", what, why);
}

static int set_up(struct appliance *appliance, struct error *err)
{
	const struct library *library = &appliance->library;
	const struct guestfs_add_drive_opts_argv drive = {
		.bitmask = GUESTFS_ADD_DRIVE_OPTS_READONLY_BITMASK |
			   GUESTFS_ADD_DRIVE_OPTS_FORMAT_BITMASK,
		.readonly = 1,
		.format = "raw", /* whatever a guest has written to it */
	};
	const char *setting = appliance_setting();

	/* What the user has chosen stands. */
	if ((!getenv("LIBGUESTFS_BACKEND") &&
	     library->set_backend(appliance->g, "direct") < 0) ||
	    (setting &&
	     library->set_backend_setting(appliance->g, setting, "1") < 0) ||
	    library->set_tmpdir(appliance->g, appliance->rescue->tmpdir) < 0 ||
	    library->add_drive_opts_argv(appliance->g, appliance->rescue->disk,
					 &drive) < 0)
		return appliance_error(appliance, err, "set libguestfs up");
	return 0;
}

static int launch(struct appliance *appliance, struct error *err)
{
	const struct library *library = &appliance->library;
	char why[512];

	if (library->launch(appliance->g) == 0)
		return 0;
	if (kernel_check(library->get_path(appliance->g), err) < 0)
		return -1;
	say(appliance, why);
	return error_set(err, EIO,
			 "start libguestfs' appliance: %s "
			 "(libguestfs-test-tool says more)",
			 why);
}

int appliance_start(struct appliance *appliance, const struct rescue *rescue,
		    struct error *err)
{
	const struct library *library = &appliance->library;

	appliance->rescue = rescue;
	if (library_load(&appliance->library, err) < 0)
		return -1;
	appliance->g = library->create();
	if (!appliance->g)
		return error_errno(err, "set libguestfs up");
	library->set_error_handler(appliance->g, NULL, NULL);
	if (set_up(appliance, err) < 0 || launch(appliance, err) < 0)
		return -1;
	if (library->mount_options(appliance->g, APPLIANCE_OPTIONS, DEVICE,
				   "/") < 0) {
		char why[512];

		say(appliance, why);
		return error_set(err, EIO, "mount the file system of '%s': %s",
				 rescue->disk, why);
	}
	return 0;
}

void appliance_release(struct appliance *appliance)
{
	if (appliance->g)
		appliance->library.close(appliance->g);
	*appliance = (struct appliance){ 0 };
}
