/* SPDX-License-Identifier: MIT */
/* session.h - the host's end of the conversation with the agent */
#ifndef HOST_RUN_SESSION_H
#define HOST_RUN_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/frame.h"
#include "guest/shared/message.h"
#include "host/plan/limits.h"
#include "host/run/collect.h"
#include "host/run/deadline.h"
#include "host/run/handover.h"
#include "host/run/interrupt.h"
#include "host/run/watch.h"
#include "host/vm/machine.h"

/* What the user may be shown while it goes on; each may be NULL. */
struct session_events {
	void (*step)(void *ctx, const char *name);
	void (*note)(void *ctx, const char *text);
	void (*log)(void *ctx, const void *bytes, size_t size);
	/* The scratch disk is formatted and empty; only after SCRATCH_KEEP. */
	void (*formatted)(void *ctx);
	/* So many bytes of the layer have arrived. */
	void (*sent)(void *ctx, uint64_t size);
	/* More of the census of the merged tree; only if the plan asks for it;
	 * must be there then. -1 with *err ends the run. */
	int (*census)(void *ctx, const void *bytes, size_t size,
		      struct error *err);
	/* More of the tar of $out; as census() is. */
	int (*out)(void *ctx, const void *bytes, size_t size,
		   struct error *err);
	/* Where layer `index` goes, from 0, as its first bytes arrive; NULL
	 * with *err if it can go nowhere. Must be there. */
	struct collect *(*layer)(void *ctx, size_t index, struct error *err);
	void *ctx;
};

/* How a conversation ended. */
enum session_end {
	SESSION_COMPLETE,     /* END came and the layer is what it says */
	SESSION_HOOK_FAILED,  /* `hook` says which, and how */
	SESSION_AGENT_FAILED, /* `fail` says what the agent could not do */
	SESSION_BROKEN,	      /* the agent said what it must not say */
	SESSION_REFUSED,      /* what arrived is no layer to be trusted */
	SESSION_DIED,	      /* QEMU ended before the conversation did */
	SESSION_SILENT,	      /* it does not answer in time, or goes silent */
	SESSION_TIMEOUT,      /* the deadline of the run has passed */
	SESSION_HOOK_TIMEOUT, /* that of a hook; `hook` says of which */
	SESSION_INTERRUPTED,  /* a signal has come */
	SESSION_LIMIT,	      /* hooks gave more than the limits allow */
	SESSION_HOST_FAILED,  /* this host could not store or send */
};

struct session {
	struct machine *machine;     /* borrowed */
	struct interrupt *interrupt; /* borrowed */
	struct deadline deadline;    /* of the whole run */
	struct limits limits;
	struct watch watch; /* after PLAN */
	uint64_t logged;    /* bytes of LOG so far */
	struct session_events events;
	struct frame_buffer in;
	struct message_hello hello; /* after session_greet() */
	struct message_hook_result hooks[HOOK_COUNT];
	bool hook_done[HOOK_COUNT];
	size_t commands_done; /* of plan->commands, with the one that failed */
	struct message_hook_result hook; /* that runs, or has failed */
	struct message_fail fail;
	struct collect
		*collect; /* borrowed; of the layer that arrives, or NULL */
	size_t layers_done;
	/* borrowed; as many as the plan names */
	const struct handover_secret *secrets;
	enum session_end end;
};

/*
 * Wait for HELLO until `limit`. Fails with session->end set to say why; a
 * version that is not ours is SESSION_BROKEN.
 */
int session_greet(struct session *session, struct deadline limit,
		  struct error *err);

/*
 * Have the agent make the scratch disk ready, and start its shell, until
 * `limit`: then it says PREPARED, and the machine may be saved. Fails as
 * session_greet() does.
 */
int session_prepare(struct session *session,
		    const struct message_prepare *prepare,
		    struct deadline limit, struct error *err);

/*
 * Give the agent its seed, and wait until `limit` for its READY. A machine that
 * was restored starts here, with session->hello filled in by the caller. Fails
 * as session_greet() does.
 */
int session_seed(struct session *session, struct deadline limit,
		 struct error *err);

/*
 * Give the agent the plan, and listen to it to the end. Layers go to where
 * events.layer() says. Returns 0 only for SESSION_COMPLETE: all hooks and
 * commands of the plan have said 0, END arrived for each layer, and each
 * passed collect_finish(). Otherwise session->end says why, and *err in words.
 */
int session_run(struct session *session, const struct message_plan *plan,
		struct error *err);

void session_release(struct session *session);

DEFINE_AUTO(session, session_release)

#endif
