/* SPDX-License-Identifier: MIT */
/* filter.c - see filter.h */
#include "host/jail/filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <seccomp.h>

/* What a reader does. mmap(2) and mprotect(2) have rules of their own. */
static const int reader_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(readv),
	SCMP_SYS(preadv),
	SCMP_SYS(write),
	SCMP_SYS(pwrite64),
	SCMP_SYS(writev),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(fcntl),
	SCMP_SYS(close),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fadvise64),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sysinfo),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* What libraries try, and do without. */
static const int reader_refused[] = {
	SCMP_SYS(open),	     SCMP_SYS(openat), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(stat),   SCMP_SYS(statx),
	SCMP_SYS(readlink),  SCMP_SYS(ioctl),  SCMP_SYS(prlimit64),
};

/* What no program of ours has to do with. */
static const int program_refused[] = {
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(kcmp),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsmount),
	SCMP_SYS(fsconfig),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(reboot),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(acct),
	SCMP_SYS(quotactl),
	SCMP_SYS(syslog),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(fanotify_init),
	SCMP_SYS(personality),
};

static const int network_refused[] = {
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(listen), SCMP_SYS(accept),  SCMP_SYS(accept4),
};

bool filter_works(void)
{
	const uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static int begin(struct filter *filter, uint32_t otherwise, struct error *err)
{
	filter->context = seccomp_init(otherwise);
	if (!filter->context)
		return error_set(
			err, ENOMEM,
			"make a filter of system calls: out of memory");
	return 0;
}

/* libseccomp passes over calls that this machine does not have. */
static int add(struct filter *filter, uint32_t action, const int *calls,
	       size_t count)
{
	int code = 0;

	for (size_t i = 0; i < count && code == 0; i++)
		code = seccomp_rule_add(filter->context, action, calls[i], 0);
	return code;
}

static int finish(struct filter *filter, int code, struct error *err)
{
	if (code == 0)
		return 0;
	filter_release(filter);
	return error_set(err, -code, "make a filter of system calls: %s",
			 strerror(-code));
}

/* Memory that is written to never becomes code. */
static int add_memory(struct filter *filter)
{
	static const int calls[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	int code = 0;

	for (size_t i = 0; i < COUNT_OF(calls) && code == 0; i++)
		code = seccomp_rule_add(filter->context, SCMP_ACT_ALLOW,
					calls[i], 1,
					SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC,
						0));
	return code;
}

int filter_for_reader(struct filter *filter, struct error *err)
{
	int code;

	if (!filter_works())
		return 0;
	if (begin(filter, SCMP_ACT_KILL_PROCESS, err) < 0)
		return -1;
	code = add(filter, SCMP_ACT_ALLOW, reader_calls,
		   COUNT_OF(reader_calls));
	if (code == 0)
		code = add(filter, SCMP_ACT_ERRNO(EACCES), reader_refused,
			   COUNT_OF(reader_refused));
	if (code == 0)
		code = add_memory(filter);
	/* abort(3) signals itself, and may signal nobody else. */
	if (code == 0)
		code = seccomp_rule_add(filter->context, SCMP_ACT_ALLOW,
					SCMP_SYS(tgkill), 1,
					SCMP_A0(SCMP_CMP_EQ,
						(scmp_datum_t)getpid()));
	return finish(filter, code, err);
}

int filter_for_program(struct filter *filter, bool network, struct error *err)
{
	int code;

	if (!filter_works())
		return 0;
	if (begin(filter, SCMP_ACT_ALLOW, err) < 0)
		return -1;
	code = add(filter, SCMP_ACT_ERRNO(EPERM), program_refused,
		   COUNT_OF(program_refused));
	if (code == 0 && !network)
		code = add(filter, SCMP_ACT_ERRNO(EPERM), network_refused,
			   COUNT_OF(network_refused));
	/* A thread is no process. clone3(2) has its flags in memory, where no
	 * filter looks: without it the C library takes clone(2). */
	if (code == 0)
		code = seccomp_rule_add(filter->context, SCMP_ACT_ERRNO(EPERM),
					SCMP_SYS(clone), 1,
					SCMP_A0(SCMP_CMP_MASKED_EQ,
						CLONE_THREAD, 0));
	if (code == 0)
		code = seccomp_rule_add(filter->context, SCMP_ACT_ERRNO(ENOSYS),
					SCMP_SYS(clone3), 0);
	return finish(filter, code, err);
}

int filter_enter(const struct filter *filter)
{
	int code = filter->context ? seccomp_load(filter->context) : 0;

	if (code == 0)
		return 0;
	errno = -code;
	return -1;
}

void filter_release(struct filter *filter)
{
	if (filter->context)
		seccomp_release(filter->context);
	filter->context = NULL;
}
