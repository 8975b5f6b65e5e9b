/* SPDX-License-Identifier: MIT */
/* layers.h - the layers of the base image, each at a place of its own */
#ifndef GUEST_AGENT_LAYERS_H
#define GUEST_AGENT_LAYERS_H

#include "guest/agent/agent.h"

/* Wait for the layers disk. As device_wait(). */
int layers_find(struct error *err);

/*
 * Make a place for each layer of the plan, image/N/layer, write the list of
 * their names to `layer-list`, and mount those that the host has prepared.
 */
int layers_mount(struct agent *agent, struct error *err);

/*
 * Unpack the others from the layers disk. agent->empty_layers says afterwards
 * which are to be left out when they are merged, as they have no entry or are
 * hidden. A message names the layer by number and diffID, and for ENOSPC the
 * cure.
 */
int layers_unpack(struct agent *agent, struct error *err);

/*
 * Give the upper directory the mode, owner, times and xattrs that the merged
 * layers have for their root, as it is what the merged tree shows as its
 * root, and remember them in agent->root.
 */
int layers_inherit_root(struct agent *agent, struct error *err);

#endif
