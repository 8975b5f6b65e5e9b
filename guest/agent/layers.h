/* SPDX-License-Identifier: MIT */
/* layers.h - the layers of the base image, on the scratch disk */
#ifndef GUEST_AGENT_LAYERS_H
#define GUEST_AGENT_LAYERS_H

#include "guest/agent/agent.h"

/*
 * Unpack each layer of the plan from the layers disk into a directory of its
 * own, image/N/layer, and write the list of their names to `layer-list`.
 * agent->empty_layers says afterwards which have no entry. A message names
 * the layer by number and diffID, and for ENOSPC the cure.
 */
int layers_unpack(struct agent *agent, struct error *err);

/*
 * Give the upper directory the mode, owner, times and xattrs that the merged
 * layers have for their root, as it is what the merged tree shows as its
 * root, and remember them in agent->root.
 */
int layers_inherit_root(struct agent *agent, struct error *err);

#endif
