/* SPDX-License-Identifier: MIT */
/* intruder.c - a QEMU that a guest has taken over: what can it still do? */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * It runs in the place of QEMU, in the run directory. OVERLAYVM_PREY is a
 * directory of the same user with the file "secret" and the program "program",
 * OVERLAYVM_CACHE one with the directory "templates". Its last line says how
 * many of the attempts below ended as they should; those that did not are
 * named before.
 */
#define TIB (INT64_C(1) << 40)

static bool can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static const char *in(const char *variable, const char *name)
{
	static char path[4096];
	const char *dir = getenv(variable);

	(void)snprintf(path, sizeof(path), "%s/%s", dir ? dir : "", name);
	return path;
}

static bool reads_a_secret(void)
{
	return can_open(in("OVERLAYVM_PREY", "secret"), O_RDONLY);
}

static bool writes_a_secret(void)
{
	return can_open(in("OVERLAYVM_PREY", "secret"), O_WRONLY);
}

static bool truncates_a_secret(void)
{
	return truncate(in("OVERLAYVM_PREY", "secret"), 0) == 0;
}

static bool lists_a_directory(void)
{
	return can_open(in("OVERLAYVM_PREY", ""), O_RDONLY | O_DIRECTORY);
}

static bool reads_a_file_of_the_system(void)
{
	return can_open("/etc/passwd", O_RDONLY);
}

static bool makes_a_file_in_the_cache(void)
{
	return can_open(in("OVERLAYVM_CACHE", "templates/new"),
			O_WRONLY | O_CREAT);
}

static bool makes_a_directory_in_the_cache(void)
{
	return mkdir(in("OVERLAYVM_CACHE", "templates/new"), 0700) == 0;
}

static bool renames_in_the_cache(void)
{
	char from[4096];

	(void)strcpy(from, in("OVERLAYVM_CACHE", "templates"));
	return rename(from, in("OVERLAYVM_CACHE", "other")) == 0;
}

static bool makes_a_file_in_its_directory(void)
{
	return can_open("new", O_WRONLY | O_CREAT);
}

static bool removes_its_disk(void)
{
	return unlink("scratch.img") == 0;
}

static bool lists_its_directory(void)
{
	return can_open(".", O_RDONLY | O_DIRECTORY);
}

static bool writes_a_layer(void)
{
	return can_open("layer-1", O_WRONLY) || can_open("layer-2", O_WRONLY);
}

static bool writes_the_guest_image(void)
{
	return can_open("kernel", O_WRONLY) || can_open("initramfs", O_WRONLY);
}

static bool looks_into_other_processes(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/environ", getppid());
	return can_open(path, O_RDONLY);
}

static bool traces_its_parent(void)
{
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0;
}

static bool reads_its_parents_memory(void)
{
	char bytes[8];
	struct iovec here = { bytes, sizeof(bytes) };
	struct iovec there = { &here, sizeof(bytes) };

	return process_vm_readv(getppid(), &here, 1, &there, 1, 0) > 0;
}

static bool signals_its_parent(void)
{
	return kill(getppid(), 0) == 0;
}

static bool has_the_internet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ||
	       socket(AF_INET6, SOCK_DGRAM, 0) >= 0;
}

static bool has_other_sockets(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
	       socket(AF_NETLINK, SOCK_RAW, 0) >= 0;
}

static bool has_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, calloc(1, 256)) >= 0;
}

static bool has_children(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	return pid > 0;
}

static bool has_namespaces(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}

static bool executes_what_is_not_the_systems(void)
{
	const char *path = in("OVERLAYVM_PREY", "program");

	return access(path, X_OK) != 0 || execl(path, path, NULL) == 0 ||
	       errno != EACCES;
}

static bool may_gain_privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

static bool may_leave_a_core(void)
{
	struct rlimit core;

	return getrlimit(RLIMIT_CORE, &core) < 0 || core.rlim_max != 0;
}

static bool writes_without_a_limit(void)
{
	int fd = open("scratch.img", O_RDWR | O_CLOEXEC);

	(void)signal(SIGXFSZ, SIG_IGN);
	return fd < 0 || pwrite(fd, "", 1, TIB) >= 0;
}

static bool takes_memory_without_a_limit(void)
{
	return mmap(NULL, TIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	       MAP_FAILED;
}

/* The network's, if passt is that. */
static int own_descriptors = 7;

static bool has_descriptors_of_others(void)
{
	for (int fd = own_descriptors; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return true;
	return false;
}

static bool knows_the_users_environment(void)
{
	return getenv("SECRET_TOKEN") != NULL;
}

static bool has_its_disk(void)
{
	return can_open("scratch.img", O_RDWR);
}

static bool has_its_layers(void)
{
	return can_open("layers.vmdk", O_RDONLY) &&
	       can_open("layer-1", O_RDONLY) && can_open("layer-2", O_RDONLY);
}

static bool has_its_guest_image(void)
{
	return can_open("kernel", O_RDONLY) && can_open("initramfs", O_RDONLY);
}

static bool has_random_numbers(void)
{
	return can_open("/dev/urandom", O_RDONLY);
}

static void *do_nothing(void *nothing)
{
	return nothing;
}

static bool has_threads(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, do_nothing, NULL) == 0 &&
	       pthread_join(thread, NULL) == 0;
}

#define DENIED(attempt)                                                        \
	{                                                                      \
#attempt, attempt, false                                       \
	}
#define ALLOWED(attempt)                                                       \
	{                                                                      \
#attempt, attempt, true                                        \
	}

static const struct {
	const char *name;
	bool (*attempt)(void);
	bool want;
} attempts[] = {
	DENIED(has_descriptors_of_others),
	DENIED(knows_the_users_environment),
	DENIED(reads_a_secret),
	DENIED(writes_a_secret),
	DENIED(truncates_a_secret),
	DENIED(lists_a_directory),
	DENIED(reads_a_file_of_the_system),
	DENIED(makes_a_file_in_the_cache),
	DENIED(makes_a_directory_in_the_cache),
	DENIED(renames_in_the_cache),
	DENIED(makes_a_file_in_its_directory),
	DENIED(removes_its_disk),
	DENIED(lists_its_directory),
	DENIED(writes_a_layer),
	DENIED(writes_the_guest_image),
	DENIED(looks_into_other_processes),
	DENIED(traces_its_parent),
	DENIED(reads_its_parents_memory),
	DENIED(signals_its_parent),
	DENIED(has_the_internet),
	DENIED(has_other_sockets),
	DENIED(has_io_uring),
	DENIED(has_children),
	DENIED(has_namespaces),
	DENIED(executes_what_is_not_the_systems),
	DENIED(may_gain_privileges),
	DENIED(may_leave_a_core),
	DENIED(writes_without_a_limit),
	DENIED(takes_memory_without_a_limit),
	ALLOWED(has_its_disk),
	ALLOWED(has_its_layers),
	ALLOWED(has_its_guest_image),
	ALLOWED(has_random_numbers),
	ALLOWED(has_threads),
};

int main(int argc, char **argv)
{
	const size_t count = sizeof(attempts) / sizeof(attempts[0]);
	size_t good = 0;

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "socket,id=net,fd=7") == 0)
			own_descriptors = 8;
	for (size_t i = 0; i < count; i++) {
		bool done = attempts[i].attempt();

		if (done == attempts[i].want)
			good++;
		else
			fprintf(stderr, "%s%s, ",
				done ? "" : "not: ", attempts[i].name);
	}
	fprintf(stderr, "%zu of %zu are as they should be\n", good, count);
	return 1;
}
