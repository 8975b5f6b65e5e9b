/* SPDX-License-Identifier: MIT */
/* error.h - the box in which a failure travels up to main() */
#ifndef GUEST_SHARED_ERROR_H
#define GUEST_SHARED_ERROR_H

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * A function that can fail takes a struct error * as its last parameter and
 * returns 0, or -1 with *err filled in. The place that notices the failure
 * fills it, each caller that knows more puts a prefix in front, and main()
 * prints it; in the agent the step loop sends it. Nothing else prints.
 *
 * The box is plain data: it owns nothing, lives on the stack, can be copied.
 */
struct error {
	int code;	/* errno value that best names the cause, 0 if none */
	char msg[1020]; /* "context: cause", one line, no full stop */
};

/*
 * All three return -1, so that a failing path is one line. A message that is
 * too long for the box loses its end; control characters become '?', so that
 * a name from an image cannot break the line or the terminal.
 */

/* The message says it all; `code` is for those who decide by it. */
int error_set(struct error *err, int code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Takes the code from errno and appends ": " and strerror(errno). */
int error_errno(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts "fmt: " in front of what *err says already. */
int error_prefix(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * The name of an errno value ("ENOSPC"), as numbers differ between
 * architectures; "" for 0 and for numbers without a name. Static storage.
 */
const char *error_name(int code);

/* The errno value with that name, 0 if there is none. */
int error_code(const char *name);

/* Analysers look at one file at a time: there they see what is always so. */
#if defined(__clang_analyzer__) || defined(ERROR_IS_ANALYSED)
#define error_set(...)	  ({ (void)error_set(__VA_ARGS__), -1; })
#define error_errno(...)  ({ (void)error_errno(__VA_ARGS__), -1; })
#define error_prefix(...) ({ (void)error_prefix(__VA_ARGS__), -1; })
#endif

#endif
