/* SPDX-License-Identifier: MIT */
/* doctor_facts.h - find out what this machine has */
#ifndef HOST_CLI_DOCTOR_FACTS_H
#define HOST_CLI_DOCTOR_FACTS_H

#include "host/cli/doctor_checks.h"

/*
 * Fill in the facts. Starts QEMU to ask for its version, and touches nothing:
 * what is said of directories is what access(2) says.
 */
void doctor_find(struct doctor_facts *facts);

#endif
