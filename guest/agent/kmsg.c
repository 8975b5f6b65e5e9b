/* SPDX-License-Identifier: MIT */
/* kmsg.c - see kmsg.h */
#include "guest/agent/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"

#define RECORD_MAX 8192 /* bytes; CONSOLE_EXT_LOG_MAX */

static int log_fd = -1;

int kmsg_open(struct error *err)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0 || lseek(log_fd, 0, SEEK_END) < 0)
		return error_errno(err, "listen to the kernel's log");
	return 0;
}

/* "3,1042,5821,-;I/O error, dev vda, sector 8 ...": facility 0 is the kernel,
 * which is above the three bits of the level. */
static const char *complaint(char *record, const char *name)
{
	static const struct {
		const char *before;
		char after;
	} words[] = {
		{ "I/O error, dev ", ',' },
		{ "Buffer I/O error on dev ", ',' },
		{ "EXT4-fs error (device ", ')' },
		{ "EXT4-fs warning (device ", ')' },
	};
	char *text = strchr(record, ';');
	char start[64];

	if (!text || strtoul(record, NULL, 10) >> 3 != 0)
		return NULL;
	text++;
	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		(void)snprintf(start, sizeof(start), "%s%s%c", words[i].before,
			       name, words[i].after);
		if (strncmp(text, start, strlen(start)) == 0)
			return text;
	}
	return NULL;
}

int kmsg_check_disk(const char *name, struct error *err)
{
	char record[RECORD_MAX + 1];
	const char *text;
	ssize_t size;

	/* EPIPE: records were overwritten before they were read, as a hook can
	 * bring about; the next one is read. */
	while ((size = read(log_fd, record, RECORD_MAX)) > 0 ||
	       (size < 0 && (errno == EPIPE || errno == EINTR))) {
		if (size < 0)
			continue;
		record[size] = '\0';
		text = complaint(record, name);
		if (text)
			return error_set(err, EIO, "a disk fails: %.200s",
					 text);
	}
	return 0;
}
