/* SPDX-License-Identifier: MIT */
/* qemu.c - QEMU's command line, word for word */
#include "tests/unit/unit.h"

#include <string.h>

#include "host/vm/qemu.h"

#define COMMON_END                                                             \
	"-kernel", "kernel", "-initrd", "initramfs", "-append",                \
		"console=ttyS0 quiet mitigations=off nokaslr init_on_alloc=0 " \
		"cryptomgr.notests random.trust_cpu=on no_timer_check "        \
		"panic=-1",                                                    \
		"-chardev", "socket,id=control,fd=3", "-device",               \
		"virtio-serial-pci,max_ports=2", "-device",                    \
		"virtserialport,chardev=control,name=overlayvm", "-chardev",   \
		"socket,id=console,fd=4", "-serial", "chardev:console",        \
		"-blockdev",                                                   \
		"driver=raw,node-name=scratch,cache.no-flush=on,"              \
		"discard=unmap,file.driver=file,file.filename=scratch.img",    \
		"-device",                                                     \
		"virtio-blk-pci,drive=scratch,serial=scratch,werror=report,"   \
		"rerror=report"

#define SANDBOX                                                                \
	"-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,"      \
		    "resourcecontrol=deny"

static void assert_words(const struct qemu *qemu, const char *const *want)
{
	AUTO(args) args = { 0 };
	struct error err = { 0 };
	size_t i = 0;

	assert_int_equal(qemu_args(&args, qemu, &err), 0);
	for (; want[i]; i++) {
		assert_non_null(args.words[i]);
		assert_string_equal(args.words[i], want[i]);
	}
	assert_null(args.words[i]);
	assert_int_equal(args.count, i);
}

static void emulated_with_layers(void **state)
{
	const struct qemu qemu = {
		"qemu-system-x86_64", false, 512, 1, true, QEMU_BOOT
	};
	static const char *const want[] = {
		"qemu-system-x86_64",
		"-no-user-config",
		"-nodefaults",
		"-no-reboot",
		SANDBOX,
		"-display",
		"none",
		"-machine",
		"q35,usb=off,vmport=off,graphics=off",
		"-accel",
		"tcg,thread=multi,tb-size=64",
		"-cpu",
		"max,la57=off,smap=off,smep=off,umip=off,erms=off,pku=off",
		"-m",
		"512",
		"-smp",
		"1",
		COMMON_END,
		"-blockdev",
		"driver=vmdk,node-name=layers,read-only=on,file.driver=file,"
		"file.filename=layers.vmdk",
		"-device",
		"virtio-blk-pci,drive=layers,serial=layers",
		NULL,
	};

	(void)state;
	assert_words(&qemu, want);
}

#define NO_LAYERS                                                              \
	"-blockdev",                                                           \
		"driver=null-co,node-name=layers,size=1152921504606846976,"    \
		"read-zeroes=on,read-only=on",                                 \
		"-device", "virtio-blk-pci,drive=layers,serial=layers"

static void kvm_without_layers(void **state)
{
	const struct qemu qemu = { "/opt/q, x/qemu", true, 2048, 4, false,
				   QEMU_BOOT };
	static const char *const want[] = {
		"/opt/q, x/qemu",
		"-no-user-config",
		"-nodefaults",
		"-no-reboot",
		SANDBOX,
		"-display",
		"none",
		"-machine",
		"q35,usb=off,vmport=off,graphics=off",
		"-accel",
		"kvm",
		"-cpu",
		"host",
		"-m",
		"2048",
		"-smp",
		"4",
		COMMON_END,
		NO_LAYERS,
		NULL,
	};

	(void)state;
	assert_words(&qemu, want);
}

static void a_restored_machine_has_private_memory_and_a_monitor(void **state)
{
	const struct qemu qemu = { "q", true, 512, 1, false, QEMU_RESTORE };
	static const char *const want[] = {
		"q",
		"-no-user-config",
		"-nodefaults",
		"-no-reboot",
		SANDBOX,
		"-display",
		"none",
		"-machine",
		"q35,usb=off,vmport=off,graphics=off,memory-backend=ram",
		"-accel",
		"kvm",
		"-cpu",
		"host",
		"-m",
		"512",
		"-smp",
		"1",
		COMMON_END,
		NO_LAYERS,
		"-object",
		"memory-backend-file,id=ram,size=512M,mem-path=ram,share=off",
		"-chardev",
		"socket,id=monitor,fd=5",
		"-mon",
		"chardev=monitor,mode=control",
		"-incoming",
		"defer",
		NULL,
	};

	(void)state;
	assert_words(&qemu, want);
}

/* With that network, the words from "-netdev" on. */
static void assert_network(enum qemu_network network, const char *backend)
{
	const struct qemu qemu = {
		.program = "q", .memory = 512, .cpus = 1, .network = network
	};
	AUTO(args) args = { 0 };
	struct error err = { 0 };
	size_t i = 0;

	assert_int_equal(qemu_args(&args, &qemu, &err), 0);
	while (args.words[i] && strcmp(args.words[i], "-netdev") != 0)
		i++;
	if (!backend) {
		assert_null(args.words[i]);
		return;
	}
	assert_int_equal(args.count - i, 4);
	assert_string_equal(args.words[i + 1], backend);
	assert_string_equal(args.words[i + 2], "-device");
	assert_string_equal(args.words[i + 3],
			    "virtio-net-pci,netdev=net,romfile=");
}

static void a_network_is_qemus_or_behind_a_socket(void **state)
{
	(void)state;
	assert_network(QEMU_NETWORK_NONE, NULL);
	assert_network(QEMU_NETWORK_USER, "user,id=net,ipv6=off");
	assert_network(QEMU_NETWORK_SOCKET, "socket,id=net,fd=7");
}

static size_t differences(const struct args *a, const struct args *b)
{
	size_t count = 0;

	for (size_t i = 0; i < a->count && i < b->count; i++)
		count += strcmp(a->words[i], b->words[i]) != 0;
	return count;
}

static void a_template_differs_in_layers_and_sharing_only(void **state)
{
	const struct qemu make = { "q", false, 512, 1, true, QEMU_MAKE };
	const struct qemu restore = { "q", false, 512, 1, true, QEMU_RESTORE };
	AUTO(args) made = { 0 };
	AUTO(args) restored = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(qemu_args(&made, &make, &err), 0);
	assert_int_equal(qemu_args(&restored, &restore, &err), 0);
	assert_int_equal(differences(&made, &restored), 2);
	assert_int_equal(restored.count, made.count + 2);
	assert_string_equal(restored.words[made.count], "-incoming");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emulated_with_layers),
		cmocka_unit_test(kvm_without_layers),
		cmocka_unit_test(
			a_restored_machine_has_private_memory_and_a_monitor),
		cmocka_unit_test(a_template_differs_in_layers_and_sharing_only),
		cmocka_unit_test(a_network_is_qemus_or_behind_a_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
