/* SPDX-License-Identifier: MIT */
/* qmp.h - QEMU's monitor protocol, as far as saving and restoring needs it */
#ifndef HOST_VM_QMP_H
#define HOST_VM_QMP_H

#include "guest/shared/error.h"

/*
 * Commands go out and their answers are read a line at a time (QEMU,
 * docs/interop/qmp-spec). `fd` is our end of the monitor's socket.
 */

/*
 * Save the machine: write what is not in its shared memory file to `state`, a
 * descriptor open for writing. It is stopped by that, and not before: one that
 * was stopped would be restored as stopped. The file `ram` then holds the
 * memory, and QEMU may be ended. `limit_ms` is for the whole. EIO with QEMU's
 * words if it refuses, ETIMEDOUT, EPIPE if it ends.
 */
int qmp_save(int fd, int state, int limit_ms, struct error *err);

/*
 * Tell a QEMU that was started with "-incoming defer" to restore from the
 * descriptor that it has as number `state_fd`, and to run. Does not wait: a
 * state that does not load ends QEMU, and a machine that runs shows it by
 * answering.
 */
int qmp_restore(int fd, int state_fd, struct error *err);

#endif
