/* SPDX-License-Identifier: MIT */
/* device.c - see device.h */
#include "guest/agent/device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define WAIT_S	      60 /* for a device that QEMU has; emulation is slow */
#define ATTRIBUTE_MAX 64 /* bytes */

static int uevents = -1;

int device_listen(struct error *err)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = 1 };

	uevents = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			 NETLINK_KOBJECT_UEVENT);
	if (uevents < 0 ||
	    bind(uevents, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_errno(err, "listen for devices");
	return 0;
}

/* true if DIR/device/attribute is `value`, but for a final newline. */
static bool attribute_is(int dir, const char *device, const char *attribute,
			 const char *value)
{
	char path[NAME_MAX + ATTRIBUTE_MAX];
	char text[ATTRIBUTE_MAX];
	autoclose int fd = -1;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "%s/%s", device, attribute);
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = io_read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return false;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return strcmp(text, value) == 0;
}

static bool find(const char *class, const char *attribute, const char *value,
		 char path[DEVICE_PATH_MAX])
{
	DIR *dir = opendir(class);
	struct dirent *entry;
	bool found = false;

	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    attribute_is(dirfd(dir), entry->d_name, attribute, value))
			found = snprintf(path, DEVICE_PATH_MAX, "/dev/%s",
					 entry->d_name) < DEVICE_PATH_MAX;
	(void)closedir(dir);
	return found && access(path, F_OK) == 0;
}

static void drain(void)
{
	char event[4096];

	while (recv(uevents, event, sizeof(event), 0) > 0)
		;
}

static time_t now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Until the kernel announces a device; false when it has taken too long. */
static bool wait_for_event(time_t limit)
{
	struct pollfd event = { .fd = uevents, .events = POLLIN };

	if (now_s() >= limit)
		return false;
	(void)poll(&event, 1, 1000 * WAIT_S);
	return true;
}

int device_wait(const char *class, const char *attribute, const char *value,
		char path[DEVICE_PATH_MAX], struct error *err)
{
	time_t limit = now_s() + WAIT_S;

	/* What was announced before the look is seen by the look. */
	do {
		drain();
		if (find(class, attribute, value, path))
			return 0;
	} while (wait_for_event(limit));
	return error_set(err, ENODEV, "no device with %s '%s' after %d s",
			 attribute, value, WAIT_S);
}

int device_find_partitions(const char *disk, struct error *err)
{
	autoclose int fd = open(disk, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, "open '%s'", disk);
	if (ioctl(fd, BLKRRPART) < 0)
		return error_errno(err, "read the partitions of '%s'", disk);
	return 0;
}
