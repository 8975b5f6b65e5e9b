/* SPDX-License-Identifier: MIT */
/* survey_jail.h - the survey of a layer, made in a jail */
#ifndef HOST_LAYER_SURVEY_JAIL_H
#define HOST_LAYER_SURVEY_JAIL_H

#include "host/layer/survey.h"

/*
 * As survey_layer(), in a jail (jail.h); `number` is that of the layer, for
 * messages. Besides it fails as jail_run() does, and with EPROTO if what the
 * jail says is no survey. What is of use only while a layer is read (owners,
 * targets) stays empty.
 */
int survey_in_jail(struct survey *survey, const struct layer_source *source,
		   size_t number, int (*advance)(void *context, uint64_t bytes),
		   void *context, struct error *err);

#endif
