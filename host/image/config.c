/* SPDX-License-Identifier: MIT */
/* config.c - see config.h */
#include "host/image/config.h"

#include <errno.h>
#include <string.h>

#include "host/image/document.h"

const char *image_config_architecture(void)
{
#if defined(__x86_64__)
	return "amd64";
#elif defined(__aarch64__)
	return "arm64";
#elif defined(__riscv) && __riscv_xlen == 64
	return "riscv64";
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
	return "ppc64le";
#elif defined(__s390x__)
	return "s390x";
#else
#error "which GOARCH is this machine?"
#endif
}

static int check_platform(struct json_object *document, struct error *err)
{
	const char *host = image_config_architecture();
	const char *os;
	const char *architecture;

	if (document_string(document, "os", &os, err) < 0 ||
	    document_string(document, "architecture", &architecture, err) < 0)
		return -1;
	if (os && *os && strcmp(os, "linux") != 0)
		return error_set(err, ENOTSUP,
				 "is for '%.64s', only linux images are read",
				 os);
	if (architecture && *architecture && strcmp(architecture, host) != 0)
		return error_set(err, ENOTSUP,
				 "is for '%.64s', this machine is '%s'",
				 architecture, host);
	return 0;
}

static int read_diff_ids(struct image_config *config,
			 struct json_object *document, struct error *err)
{
	AUTO(string_list) texts = { 0 };
	struct json_object *rootfs;
	const char *type;

	if (document_object(document, "rootfs", &rootfs, err) < 0 ||
	    document_string(rootfs, "type", &type, err) < 0 ||
	    document_strings(rootfs, "diff_ids", &texts, err) < 0)
		return -1;
	if (type && strcmp(type, "layers") != 0)
		return error_set(err, ENOTSUP,
				 "rootfs is of type '%.64s', not 'layers'",
				 type);

	config->diff_ids = calloc(texts.count + 1, sizeof(*config->diff_ids));
	if (!config->diff_ids)
		return error_errno(err, "list the diff_ids");
	config->diff_id_count = texts.count;
	for (size_t i = 0; i < texts.count; i++)
		if (digest_parse(&config->diff_ids[i], texts.item[i], err) < 0)
			return error_prefix(err, "diff_id %zu", i + 1);
	return 0;
}

static int read_execution(struct image_config *config,
			  struct json_object *document, struct error *err)
{
	struct json_object *how;

	if (document_object(document, "config", &how, err) < 0 ||
	    document_strings(how, "Env", &config->env, err) < 0 ||
	    document_strings(how, "Shell", &config->shell, err) < 0 ||
	    document_copy(how, "User", &config->user, err) < 0 ||
	    document_copy(how, "WorkingDir", &config->working_dir, err) < 0)
		return -1;
	return 0;
}

int image_config_parse(struct image_config *config, char *bytes, size_t size,
		       struct error *err)
{
	AUTO(image_config) new = { .bytes = bytes, .size = size };
	autodocument struct json_object *document = NULL;

	if (document_parse(&document, bytes, size, err) < 0)
		return -1;
	if (!json_object_is_type(document, json_type_object))
		return error_set(err, EINVAL, "is not a JSON object");

	if (check_platform(document, err) < 0 ||
	    read_diff_ids(&new, document, err) < 0 ||
	    read_execution(&new, document, err) < 0 ||
	    digest_of(&new.digest, bytes, size, err) < 0)
		return -1;

	*config = new;
	new = (struct image_config){ 0 };
	return 0;
}

void image_config_release(struct image_config *config)
{
	free(config->bytes);
	free(config->diff_ids);
	string_list_release(&config->env);
	string_list_release(&config->shell);
	free(config->user);
	free(config->working_dir);
	*config = (struct image_config){ 0 };
}
