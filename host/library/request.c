/* SPDX-License-Identifier: MIT */
/* request.c - what is asked for, see overlayvm.h */
#include "host/library/handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/plan/spec.h"

struct overlayvm_request *overlayvm_request_new(void)
{
	return calloc(1, sizeof(struct overlayvm_request));
}

/* A flag that is not set is one that was not given. */
static int set_flag(struct request *request, const struct setting *setting,
		    const char *value, struct error *err)
{
	if (strcmp(value, "true") == 0)
		return request_set(request, setting, "true", err);
	if (strcmp(value, "false") == 0) {
		request_unset(request, setting);
		return 0;
	}
	return error_set(err, EINVAL, "'%s' is '%s', not true or false",
			 setting->key, value);
}

int overlayvm_request_set(struct overlayvm_request *request, const char *key,
			  const char *value, struct overlayvm_error *err)
{
	const struct setting *setting = spec_setting(key);
	struct error why = { 0 };
	int status;

	if (!setting)
		status = spec_refuse_key(key, &why);
	else if (setting->kind == SETTING_FLAG)
		status = set_flag(&request->request, setting, value, &why);
	else
		status = request_set(&request->request, setting, value, &why);
	return status < 0 ? error_give(err, &why) : 0;
}

int overlayvm_request_set_option(struct overlayvm_request *request,
				 const char *option, const char *value,
				 struct overlayvm_error *err)
{
	struct error why = { 0 };

	for (size_t i = 0; i < setting_count; i++) {
		if (strcmp(settings[i].option, option) != 0)
			continue;
		if (request_set_option(&request->request, &settings[i],
				       value ? value : "", &why) < 0)
			return error_give(err, &why);
		return 0;
	}
	(void)error_set(&why, EINVAL, "unknown option '--%s'", option);
	return error_give(err, &why);
}

int overlayvm_request_read_spec(struct overlayvm_request *request,
				const char *path, struct overlayvm_error *err)
{
	struct error why = { 0 };

	if (spec_load(&request->request, path, &why) < 0)
		return error_give(err, &why);
	return 0;
}

int overlayvm_request_add_spec(struct overlayvm_request *request,
			       const char *text, size_t size,
			       struct overlayvm_error *err)
{
	struct error why = { 0 };

	if (spec_add(&request->request, text, size, &why) < 0)
		return error_give(err, &why);
	return 0;
}

void overlayvm_request_free(struct overlayvm_request *request)
{
	if (!request)
		return;
	request_release(&request->request);
	free(request);
}
