/* SPDX-License-Identifier: MIT */
/* network.c - see network.h */
#include "guest/agent/network.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/addresses.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define RESOLVER "nameserver " ADDRESS_RESOLVER "\n"

/*
 * How much a connection may be sent before it is read, as tcp(7) has it: the
 * sender is in this host, and what passt(1) has no room for it throws away and
 * sends again.
 */
#define RECEIVE_WINDOW "/proc/sys/net/ipv4/tcp_rmem"
#define WINDOW_SIZES   "4096 65536 131072\n"

/* PCI class 02: network controllers. */
#define DEVICES	  "/sys/bus/pci/devices"
#define NET_CLASS "0x02"

static bool is_card(const char *device)
{
	char path[512];
	char class[16] = { 0 };
	autoclose int fd = -1;

	(void)snprintf(path, sizeof(path), DEVICES "/%s/class", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, class, sizeof(class) - 1) > 0 &&
	       strncmp(class, NET_CLASS, strlen(NET_CLASS)) == 0;
}

bool network_has_card(void)
{
	DIR *dir = opendir(DEVICES);
	const struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir)))
		found = is_card(entry->d_name);
	if (dir)
		(void)closedir(dir);
	return found;
}

/* The first interface that is not the loopback. */
static int find_interface(char name[IFNAMSIZ], struct error *err)
{
	struct if_nameindex *all = if_nameindex();

	name[0] = '\0';
	for (const struct if_nameindex *i = all; i && i->if_name; i++)
		if (strcmp(i->if_name, "lo") != 0)
			(void)snprintf(name, IFNAMSIZ, "%s", i->if_name);
	if_freenameindex(all);
	return *name ? 0
		     : error_set(err, ENODEV, "there is no network interface");
}

static void set_address(struct sockaddr *address, const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	(void)inet_pton(AF_INET, text, &in.sin_addr);
	memcpy(address, &in, sizeof(in));
}

static int configure(int fd, const char *name, struct error *err)
{
	struct ifreq request = { 0 };
	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY };

	(void)snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	set_address(&request.ifr_addr, ADDRESS_GUEST);
	if (ioctl(fd, SIOCSIFADDR, &request) < 0)
		return error_errno(err, "set the address of %s", name);
	set_address(&request.ifr_netmask, ADDRESS_NETMASK);
	if (ioctl(fd, SIOCSIFNETMASK, &request) < 0)
		return error_errno(err, "set the netmask of %s", name);
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return error_errno(err, "raise %s", name);
	set_address(&route.rt_dst, "0.0.0.0");
	set_address(&route.rt_genmask, "0.0.0.0");
	set_address(&route.rt_gateway, ADDRESS_HOST);
	if (ioctl(fd, SIOCADDRT, &route) < 0)
		return error_errno(err, "set the default route");
	return 0;
}

static int write_resolver(struct error *err)
{
	autoclose int fd = -1;

	(void)mkdir("/etc", 0755);
	fd = open(NETWORK_RESOLVER, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		  0644);
	if (fd < 0 || io_write(fd, RESOLVER, strlen(RESOLVER)) < 0)
		return error_errno(err, "write '" NETWORK_RESOLVER "'");
	return 0;
}

/* Without it all is as it should be, but slower. */
static void limit_window(void)
{
	autoclose int fd = open(RECEIVE_WINDOW, O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)io_write(fd, WINDOW_SIZES, strlen(WINDOW_SIZES));
}

int network_raise(struct error *err)
{
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char name[IFNAMSIZ];

	if (fd < 0)
		return error_errno(err, "open a socket");
	limit_window();
	if (find_interface(name, err) < 0 || configure(fd, name, err) < 0)
		return -1;
	return write_resolver(err);
}
