/* SPDX-License-Identifier: MIT */
/* surroundings.c - see surroundings.h */
#include "host/plan/surroundings.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>

#include "guest/shared/cleanup.h"

#define MIB (1024 * 1024)

/* The first of them that is set and not empty. */
static const char *first_of(const char *a, const char *b, const char *otherwise)
{
	if (a && *a)
		return a;
	return b && *b ? b : otherwise;
}

static uint64_t host_memory(void)
{
	struct sysinfo info;

	if (sysinfo(&info) < 0)
		return UINT64_MAX;
	return (uint64_t)info.totalram * info.mem_unit / MIB;
}

static uint64_t free_space(const char *dir)
{
	struct statvfs fs;

	if (statvfs(dir, &fs) < 0)
		return UINT64_MAX;
	return (uint64_t)fs.f_bavail * fs.f_frsize / MIB;
}

static bool has_terminal(void)
{
	autoclose int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	return fd >= 0;
}

static void read_proxies(struct surroundings *surroundings)
{
	static const char *const names[SURROUNDINGS_PROXIES] = {
		"http_proxy", "https_proxy", "ftp_proxy",   "all_proxy",
		"no_proxy",   "HTTP_PROXY",  "HTTPS_PROXY", "FTP_PROXY",
		"ALL_PROXY",  "NO_PROXY",
	};

	for (size_t i = 0; i < SURROUNDINGS_PROXIES; i++) {
		const char *value = getenv(names[i]);

		surroundings->proxies[i] = (struct surroundings_proxy){
			names[i], value && *value ? value : NULL
		};
	}
}

void surroundings_read(struct surroundings *surroundings)
{
	*surroundings = (struct surroundings){
		.qemu = first_of(getenv("OVERLAYVM_QEMU"), NULL,
				 "qemu-system-x86_64"),
		.passt = first_of(getenv("OVERLAYVM_PASST"), NULL, NULL),
		.tmpdir = first_of(getenv("OVERLAYVM_TMPDIR"), getenv("TMPDIR"),
				   "/var/tmp"),
		.source_date_epoch = getenv("SOURCE_DATE_EPOCH"),
		.cache_size = getenv("OVERLAYVM_CACHE_SIZE"),
		.memory = host_memory(),
	};
	read_proxies(surroundings);
	surroundings->terminal = has_terminal();
	surroundings->disk_free = free_space(surroundings->tmpdir);
}
