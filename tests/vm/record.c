/* SPDX-License-Identifier: MIT */
/*
 * record.c - print all there is to know of a tree, one line a path
 *
 * Static, so that the same program describes the merged tree in the guest and
 * what an OCI implementation makes of base and layer on the host; two trees
 * are the same if the lines are. A line has, after the path: type and mode,
 * owner, mtime in seconds, the number of names in the tree that the file has,
 * its size and SHA-256 or the target or device, and its xattrs.
 *
 * Usage: record DIR [PATH-TO-LEAVE-OUT]...
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "guest/shared/cleanup.h"

#define XATTRS_MAX 65536 /* bytes */

/* One file with several names: how many of them are in the tree. */
struct inode {
	dev_t dev;
	ino_t ino;
	unsigned names;
};

static void *inodes; /* of tsearch(3) */
static char **left_out;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "record: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int compare_inodes(const void *a, const void *b)
{
	return memcmp(a, b, offsetof(struct inode, names));
}

static struct inode *find_inode(const struct stat *st)
{
	struct inode *new = calloc(1, sizeof(*new));
	struct inode **found;

	if (!new)
		die("out of memory");
	new->dev = st->st_dev;
	new->ino = st->st_ino;
	found = tsearch(new, &inodes, compare_inodes);
	if (!found)
		die("out of memory");
	if (*found != new)
		free(new);
	return *found;
}

/* Bytes that cannot stand in a line become \xNN. */
static void print_name(const char *name)
{
	for (const unsigned char *c = (const unsigned char *)name; *c; c++) {
		if (*c <= ' ' || *c >= 0x7f || *c == '\\')
			printf("\\x%02x", *c);
		else
			putchar(*c);
	}
}

static void print_hex(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
}

static void print_content(const char *path)
{
	static uint8_t block[65536];
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx hash;
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		die(path);
	sha256_init(&hash);
	while ((n = read(fd, block, sizeof(block))) > 0)
		sha256_update(&hash, (size_t)n, block);
	if (n < 0)
		die(path);
	sha256_digest(&hash, sizeof(digest), digest);
	putchar(' ');
	print_hex(digest, sizeof(digest));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What overlayfs and the host's security module keep for themselves. */
static int is_private(const char *name)
{
	return strncmp(name, "trusted.overlay.", 16) == 0 ||
	       strcmp(name, "security.selinux") == 0;
}

static void print_xattrs(const char *path)
{
	static char names[XATTRS_MAX];
	static uint8_t value[XATTRS_MAX];
	char *sorted[256];
	size_t count = 0;
	ssize_t size = llistxattr(path, names, sizeof(names));

	for (ssize_t i = 0; i < size && count < COUNT_OF(sorted);
	     i += (ssize_t)strlen(names + i) + 1)
		if (!is_private(names + i))
			sorted[count++] = names + i;
	qsort(sorted, count, sizeof(sorted[0]), by_name);
	for (size_t i = 0; i < count; i++) {
		ssize_t n = lgetxattr(path, sorted[i], value, sizeof(value));

		if (n < 0)
			die(path);
		putchar(' ');
		print_name(sorted[i]);
		putchar('=');
		print_hex(value, (size_t)n);
	}
}

static void print_path(const char *path, const struct stat *st)
{
	char target[4096];
	ssize_t n;

	print_name(path);
	printf(" %06o %u:%u %lld", st->st_mode, st->st_uid, st->st_gid,
	       (long long)st->st_mtim.tv_sec);
	if (!S_ISDIR(st->st_mode))
		printf(" names=%u", find_inode(st)->names);
	if (S_ISREG(st->st_mode)) {
		printf(" %lld", (long long)st->st_size);
		print_content(path);
	} else if (S_ISLNK(st->st_mode)) {
		n = readlink(path, target, sizeof(target) - 1);
		if (n < 0)
			die(path);
		target[n] = '\0';
		printf(" -> ");
		print_name(target);
	} else if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode)) {
		printf(" %u:%u", major(st->st_rdev), minor(st->st_rdev));
	}
	print_xattrs(path);
	putchar('\n');
}

static int is_left_out(const char *path)
{
	for (char **p = left_out; *p; p++)
		if (strcmp(*p, path) == 0)
			return 1;
	return 0;
}

static int is_child(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 &&
	       strcmp(entry->d_name, "..") != 0;
}

/* alphasort(3) asks the locale. */
static int bytewise(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* First to count the names of each file, then to print. */
static void walk(const char *path, int printing)
{
	struct dirent **entries;
	struct stat st;
	int count;

	if (is_left_out(path))
		return;
	if (lstat(path, &st) < 0)
		die(path);
	if (printing)
		print_path(path, &st);
	else if (!S_ISDIR(st.st_mode))
		find_inode(&st)->names++;
	if (!S_ISDIR(st.st_mode))
		return;
	count = scandir(path, &entries, is_child, bytewise);
	if (count < 0)
		die(path);
	for (int i = 0; i < count; i++) {
		char *child = NULL;

		if (asprintf(&child, "%s/%s", path, entries[i]->d_name) < 0)
			die("out of memory");
		walk(child, printing);
		free(child);
		free(entries[i]);
	}
	free(entries);
}

int main(int argc, char **argv)
{
	if (argc < 2 || chdir(argv[1]) < 0)
		die("usage: record DIR [PATH-TO-LEAVE-OUT]...");
	left_out = argv + 2;
	walk(".", 0);
	walk(".", 1);
	return 0;
}
