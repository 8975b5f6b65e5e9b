/* SPDX-License-Identifier: MIT */
/* doctor_checks.c - what follows from what a machine has */
#include "tests/unit/unit.h"

#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/cli/doctor_checks.h"

static const struct doctor_facts healthy = {
	.os_release = "NAME=\"Debian\"\nID=debian\n",
	.qemu = "/usr/bin/qemu",
	.qemu_version = "QEMU emulator version 7.2",
	.kvm = true,
	.guest = "/cache/guest",
	.kernel = "6.1",
	.features_known = true,
	.cache = "/cache",
	.cache_usable = true,
	.cache_free = 3000,
	.templates = 2,
	.templates_size = 120,
	.template = DOCTOR_TEMPLATE_SAVED,
	.host_kernel = "6.1.0-9-amd64",
	.pidfd = true,
	.tmpdir = "/var/tmp",
	.tmpdir_usable = true,
	.tmpdir_free = 5000,
	.memory = 8000,
	.tar2sqfs = "/usr/bin/tar2sqfs",
	.landlock = 4,
	.filter = true,
	.passt = "/usr/bin/passt",
};

static void a_healthy_machine_lacks_nothing(void **state)
{
	static const char *const texts[DOCTOR_CHECKS] = {
		"Linux 6.1.0-9-amd64",
		"/usr/bin/qemu, QEMU emulator version 7.2",
		"KVM",
		"/cache/guest, Linux 6.1",
		"it has all that a guest needs",
		"saved, one of 2, 120 MiB in all",
		"/usr/bin/tar2sqfs",
		"/cache, 3000 MiB free",
		"/var/tmp, 5000 MiB free",
		"8000 MiB; a guest has 512 unless --memory says other",
		"Landlock 4, system call filters",
		"/usr/bin/passt",
		"libguestfs",
	};
	struct doctor_check checks[DOCTOR_CHECKS];

	(void)state;
	doctor_judge(&healthy, checks);
	for (size_t i = 0; i < DOCTOR_CHECKS; i++) {
		assert_int_equal(checks[i].verdict, DOCTOR_OK);
		assert_string_equal(checks[i].text, texts[i]);
		assert_null(checks[i].cure);
	}
}

/* Each takes one thing away. */
static void no_qemu(struct doctor_facts *facts)
{
	facts->qemu[0] = '\0';
	(void)strcpy(facts->qemu_why_not, "no 'q' in PATH");
}

static void a_qemu_that_is_none(struct doctor_facts *facts)
{
	facts->qemu_version[0] = '\0';
}

static void no_kvm(struct doctor_facts *facts)
{
	facts->kvm = false;
	(void)strcpy(facts->kvm_why_not, "no /dev/kvm");
}

static void no_guest(struct doctor_facts *facts)
{
	facts->guest[0] = '\0';
	(void)strcpy(facts->guest_why_not, "no guest image");
	(void)strcpy(facts->guest_cure, "overlayvm guest build");
}

static void no_tar2sqfs(struct doctor_facts *facts)
{
	facts->tar2sqfs[0] = '\0';
}

static void no_cache(struct doctor_facts *facts)
{
	facts->cache_usable = false;
	(void)strcpy(facts->cache_why_not, "write to '/c': Permission denied");
}

static void a_full_cache(struct doctor_facts *facts)
{
	facts->cache_free = 100;
}

static void no_template(struct doctor_facts *facts)
{
	facts->template = DOCTOR_TEMPLATE_NONE;
}

static void no_templates(struct doctor_facts *facts)
{
	facts->template = DOCTOR_TEMPLATE_UNKNOWN;
	facts->templates = 0;
}

static void other_templates(struct doctor_facts *facts)
{
	facts->template = DOCTOR_TEMPLATE_UNKNOWN;
}

static void a_broken_template(struct doctor_facts *facts)
{
	facts->template = DOCTOR_TEMPLATE_USELESS;
	(void)strcpy(facts->template_why_not, "'/c/t': 'ram' has changed");
}

static void an_older_image(struct doctor_facts *facts)
{
	facts->features_known = false;
	(void)strcpy(facts->no_feature, "virtio_pci");
	(void)strcpy(facts->no_network, "virtio_net");
}

static void no_overlay(struct doctor_facts *facts)
{
	(void)strcpy(facts->no_feature, "overlay");
	(void)strcpy(facts->no_network, "virtio_net");
}

static void no_network_card(struct doctor_facts *facts)
{
	(void)strcpy(facts->no_network, "virtio_net");
}

static void an_old_kernel(struct doctor_facts *facts)
{
	(void)strcpy(facts->host_kernel, "4.18.0");
	facts->pidfd = false;
}

static void no_tmpdir(struct doctor_facts *facts)
{
	facts->tmpdir_usable = false;
	(void)strcpy(facts->tmpdir_why_not, "write to '/t': Permission denied");
}

static void little_room(struct doctor_facts *facts)
{
	facts->tmpdir_free = 100;
}

static void little_memory(struct doctor_facts *facts)
{
	facts->memory = 700;
}

static void no_landlock(struct doctor_facts *facts)
{
	facts->landlock = 0;
}

static void no_confinement(struct doctor_facts *facts)
{
	facts->landlock = 0;
	facts->filter = false;
}

static void no_passt(struct doctor_facts *facts)
{
	facts->passt[0] = '\0';
}

static void passt_not_wanted(struct doctor_facts *facts)
{
	facts->passt[0] = '\0';
	facts->no_passt = true;
}

static void no_libguestfs(struct doctor_facts *facts)
{
	(void)strcpy(facts->no_rescue, "no libguestfs");
}

static void what_is_not_there_is_said_with_its_cure(void **state)
{
	static const struct {
		void (*take)(struct doctor_facts *facts);
		size_t check;
		enum doctor_verdict verdict;
		const char *text;
		const char *cure; /* how it begins */
	} cases[] = {
		{ no_qemu, 1, DOCTOR_MISSING, "no 'q' in PATH",
		  "apt-get install qemu-system-x86" },
		{ a_qemu_that_is_none, 1, DOCTOR_MISSING,
		  "'/usr/bin/qemu' does not say its version",
		  "apt-get install qemu-system-x86" },
		{ no_kvm, 2, DOCTOR_WORSE, "emulated: no /dev/kvm", NULL },
		{ no_guest, 3, DOCTOR_MISSING, "no guest image",
		  "overlayvm guest build" },
		{ no_guest, 4, DOCTOR_MISSING, "none without a guest image",
		  NULL },
		{ an_older_image, 4, DOCTOR_OK,
		  "its image is older, and does not say what it has", NULL },
		{ no_overlay, 4, DOCTOR_MISSING,
		  "it has no 'overlay', which each guest needs",
		  "apt-get download $(apt-cache depends "
		  "linux-image-cloud-amd64" },
		{ no_network_card, 4, DOCTOR_WORSE,
		  "it has no 'virtio_net', which --network user needs",
		  "apt-get download $(apt-cache depends "
		  "linux-image-cloud-amd64" },
		{ no_tar2sqfs, 6, DOCTOR_WORSE,
		  "no tar2sqfs: the guest unpacks each layer in each run",
		  "apt-get install squashfs-tools-ng" },
		{ no_template, 5, DOCTOR_OK,
		  "none yet: the first run saves one", NULL },
		{ no_templates, 5, DOCTOR_OK,
		  "none yet: the first run saves one", NULL },
		{ other_templates, 5, DOCTOR_OK, "2 saved, 120 MiB in all",
		  NULL },
		{ a_broken_template, 5, DOCTOR_WORSE,
		  "'/c/t': 'ram' has changed: the next run saves another, in "
		  "its place",
		  NULL },
		{ no_cache, 5, DOCTOR_WORSE,
		  "none can be saved: each run boots", NULL },
		{ an_old_kernel, 0, DOCTOR_MISSING,
		  "Linux 4.18.0 has no pidfd_open(2), which 5.3 and later have",
		  NULL },
		{ a_full_cache, 7, DOCTOR_WORSE,
		  "/cache has 100 MiB free, and templates and prepared layers "
		  "want 512 (OVERLAYVM_CACHE names another place)",
		  NULL },
		{ no_cache, 7, DOCTOR_WORSE,
		  "write to '/c': Permission denied: each run boots, and "
		  "prepares its layers anew (OVERLAYVM_CACHE names another "
		  "place)",
		  NULL },
		{ no_tmpdir, 8, DOCTOR_MISSING,
		  "write to '/t': Permission denied (OVERLAYVM_TMPDIR names "
		  "another place)",
		  NULL },
		{ little_room, 8, DOCTOR_WORSE,
		  "/var/tmp has 100 MiB free, and a scratch disk may grow to "
		  "1024 (OVERLAYVM_TMPDIR names another place)",
		  NULL },
		{ little_memory, 9, DOCTOR_WORSE,
		  "700 MiB; a guest has 512 unless --memory says other", NULL },
		{ no_passt, 11, DOCTOR_WORSE,
		  "no passt: with --network user QEMU may open sockets",
		  "apt-get install passt" },
		{ passt_not_wanted, 11, DOCTOR_OK,
		  "QEMU's own, as OVERLAYVM_PASST says", NULL },
		{ no_libguestfs, 12, DOCTOR_WORSE, "no libguestfs", NULL },
		{ no_landlock, 10, DOCTOR_WORSE,
		  "no Landlock: QEMU and the readers of images are confined "
		  "less",
		  NULL },
		{ no_confinement, 10, DOCTOR_WORSE,
		  "no Landlock, no system call filters: QEMU and the readers "
		  "of images are confined less",
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct doctor_check checks[DOCTOR_CHECKS];
		const struct doctor_check *check = &checks[cases[i].check];
		struct doctor_facts facts = healthy;

		cases[i].take(&facts);
		doctor_judge(&facts, checks);
		assert_int_equal(check->verdict, cases[i].verdict);
		assert_string_equal(check->text, cases[i].text);
		if (cases[i].cure)
			assert_memory_equal(check->cure, cases[i].cure,
					    strlen(cases[i].cure));
		else
			assert_null(check->cure);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_machine_lacks_nothing),
		cmocka_unit_test(what_is_not_there_is_said_with_its_cure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
