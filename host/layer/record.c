/* SPDX-License-Identifier: MIT */
/* record.c - see record.h */
#include "host/layer/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "guest/shared/message.h"
#include "host/vm/identity.h"

#define FORMAT	      1
#define BLOCK_SIZE    1048576		/* bytes */
#define RECORD_MAX    (8 * 1024 * 1024) /* bytes */
#define DEPTH	      6			/* levels of JSON */
#define BOOT_ID	      "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_MAX   64    /* bytes */
#define WARNINGS_READ 65536 /* bytes */

/* "" where there is none, which no record has. */
static void read_boot_id(char id[BOOT_ID_MAX])
{
	autoclose int fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : io_read(fd, id, BOOT_ID_MAX - 1);

	id[n > 0 ? n : 0] = '\0';
	id[strcspn(id, "\n")] = '\0';
}

static int hash_file(int fd, uint64_t size, struct digest *digest,
		     struct error *err)
{
	autofree void *buffer = malloc(BLOCK_SIZE);
	AUTO(digest_state) state = { 0 };
	uint64_t done = 0;
	ssize_t n;

	if (!buffer)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (digest_begin(&state, err) < 0)
		return -1;
	while ((n = io_pread(fd, buffer, BLOCK_SIZE, done)) > 0) {
		if (digest_add(&state, buffer, (size_t)n, err) < 0)
			return -1;
		done += (uint64_t)n;
	}
	if (n < 0)
		return error_errno(err, "read '" RECORD_FILE "'");
	if (done != size)
		return error_set(err, EBADMSG,
				 "'" RECORD_FILE "' has %" PRIu64
				 " bytes, not %" PRIu64,
				 done, size);
	return digest_end(&state, digest, err);
}

static int open_file(int dir, uint64_t *size, struct error *err)
{
	autoclose int fd =
		openat(dir, RECORD_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "open '" RECORD_FILE "'");
	if (!S_ISREG(st.st_mode))
		return error_set(err, EBADMSG,
				 "'" RECORD_FILE "' is not a regular file");
	*size = (uint64_t)st.st_size;
	return take_fd(&fd);
}

int record_take_file(struct record *record, int dir, struct error *err)
{
	autoclose int fd = open_file(dir, &record->size, err);

	if (fd < 0)
		return -1;
	if (record->size == 0 || record->size % RECORD_PAGE != 0)
		return error_set(err, EINVAL,
				 "'" RECORD_FILE "' has %" PRIu64 " bytes",
				 record->size);
	record->has_file = true;
	return hash_file(fd, record->size, &record->sha256, err);
}

static int verify_file(const struct record *record, int dir, struct error *err)
{
	struct record found = { 0 };

	if (record_take_file(&found, dir, err) < 0)
		return -1;
	if (found.size != record->size ||
	    !digest_equal(&found.sha256, &record->sha256))
		return error_set(err, EBADMSG,
				 "'" RECORD_FILE "' is sha256:%s, not "
				 "sha256:%s",
				 found.sha256.hex, record->sha256.hex);
	return 0;
}

static int read_digest(struct json_object *object, const char *name,
		       struct digest *digest, struct error *err)
{
	const char *text;

	if (json_get_string(object, name, 80, &text, err) < 0)
		return -1;
	return digest_parse(digest, text, err);
}

static int read_text(struct json_object *object, const char *name, size_t max,
		     const char **text, struct error *err)
{
	*text = NULL;
	return json_has(object, name)
		       ? json_get_string(object, name, max, text, err)
		       : 0;
}

static int read_layer(struct record_layer *layer, struct json_object *object,
		      struct error *err)
{
	const char *why_not, *warnings;

	if (read_digest(object, "diffId", &layer->diff_id, err) < 0 ||
	    json_get_uint(object, "bytes", INT64_MAX, &layer->size, err) < 0 ||
	    json_get_uint(object, "entries", INT64_MAX, &layer->entries, err) <
		    0 ||
	    json_get_bool(object, "rootImplied", &layer->root_implied, err) <
		    0 ||
	    json_get_bool(object, "opaqueRoot", &layer->opaque_root, err) < 0 ||
	    json_get_bool(object, "whiteouts", &layer->whiteouts, err) < 0 ||
	    read_text(object, "whyNot", SURVEY_WHY_MAX - 1, &why_not, err) <
		    0 ||
	    read_text(object, "warnings", WARNINGS_READ, &warnings, err) < 0)
		return -1;
	layer->fits = !why_not;
	if (why_not)
		(void)strcpy(layer->why_not, why_not);
	layer->warnings = warnings ? strdup(warnings) : NULL;
	if (warnings && !layer->warnings)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	return 0;
}

static int read_layers(struct record *record, struct json_object *object,
		       struct error *err)
{
	struct json_object *array;
	size_t count;

	if (json_get_array(object, "layers", MESSAGE_LAYERS_MAX, &array, err) <
	    0)
		return -1;
	count = json_object_array_length(array);
	record->layers = calloc(count + 1, sizeof(*record->layers));
	if (!record->layers)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	for (; record->count < count; record->count++)
		if (read_layer(&record->layers[record->count],
			       json_object_array_get_idx(array, record->count),
			       err) < 0) {
			record->count++; /* what it has is released */
			return -1;
		}
	return 0;
}

static int check_file(struct record *record, struct json_object *file, int dir,
		      const char *boot_id, struct error *err)
{
	struct json_object *identity = NULL;
	char booted[BOOT_ID_MAX];

	record->has_file = true;
	if (read_digest(file, "sha256", &record->sha256, err) < 0 ||
	    json_get_uint(file, "size", INT64_MAX, &record->size, err) < 0)
		return -1;
	read_boot_id(booted);
	(void)json_object_object_get_ex(file, "identity", &identity);
	if (identity && *booted && strcmp(booted, boot_id) == 0 &&
	    identity_check(dir, RECORD_FILE, identity, err) == 0)
		return 0;
	if (verify_file(record, dir, err) < 0)
		return -1;
	(void)record_write(record, dir, err);
	return 0;
}

static struct json_object *parse(int dir, struct error *err)
{
	autoclose int fd =
		openat(dir, RECORD_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	autofree char *text = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		error_errno(err, "open '" RECORD_NAME "'");
		return NULL;
	}
	if (!S_ISREG(st.st_mode) || st.st_size > RECORD_MAX) {
		error_set(err, EBADMSG, "'" RECORD_NAME "' is no record");
		return NULL;
	}
	text = malloc((size_t)st.st_size + 1);
	if (!text || io_read(fd, text, (size_t)st.st_size) != st.st_size) {
		error_set(err, EIO, "read '" RECORD_NAME "'");
		return NULL;
	}
	return json_parse(text, (size_t)st.st_size, DEPTH, err);
}

int record_read(struct record *record, int dir, struct error *err)
{
	autojson struct json_object *object = parse(dir, err);
	struct json_object *file = NULL;
	AUTO(record) read = { 0 };
	const char *boot_id;
	uint64_t format;

	if (!object)
		return -1;
	if (json_get_uint(object, "format", UINT32_MAX, &format, err) < 0 ||
	    json_get_string(object, "bootId", BOOT_ID_MAX, &boot_id, err) < 0)
		return error_prefix(err, RECORD_NAME);
	if (format != FORMAT)
		return error_set(err, EBADMSG, RECORD_NAME ": format %" PRIu64,
				 format);
	if (read_layers(&read, object, err) < 0)
		return error_prefix(err, RECORD_NAME);
	if (json_object_object_get_ex(object, "file", &file) && file &&
	    check_file(&read, file, dir, boot_id, err) < 0)
		return -1;
	*record = read;
	read = (struct record){ 0 }; /* now *record's */
	return 0;
}

static void add_digest(struct json_object *object, const char *name,
		       const struct digest *digest)
{
	char text[sizeof("sha256:") + DIGEST_HEX_LENGTH];

	(void)snprintf(text, sizeof(text), "sha256:%s", digest->hex);
	json_add(object, name, json_make_string(text));
}

static struct json_object *layer_json(const struct record_layer *layer)
{
	struct json_object *o = json_make_object();

	add_digest(o, "diffId", &layer->diff_id);
	json_add(o, "bytes", json_make_uint(layer->size));
	json_add(o, "entries", json_make_uint(layer->entries));
	json_add(o, "rootImplied", json_make_bool(layer->root_implied));
	json_add(o, "opaqueRoot", json_make_bool(layer->opaque_root));
	json_add(o, "whiteouts", json_make_bool(layer->whiteouts));
	if (!layer->fits)
		json_add(o, "whyNot", json_make_string(layer->why_not));
	if (layer->warnings)
		json_add(o, "warnings", json_make_string(layer->warnings));
	return o;
}

static int add_file(struct json_object *object, const struct record *record,
		    int dir, struct error *err)
{
	struct json_object *identity = identity_take(dir, RECORD_FILE, err);
	struct json_object *file = json_make_object();

	if (!identity) {
		json_object_put(file);
		return -1;
	}
	add_digest(file, "sha256", &record->sha256);
	json_add(file, "size", json_make_uint(record->size));
	json_add(file, "identity", identity);
	json_add(object, "file", file);
	return 0;
}

/* Under a name of its own first: another run may read it. */
static int replace(int dir, const char *text, size_t size, struct error *err)
{
	char name[64];
	autoclose int fd = -1;

	(void)snprintf(name, sizeof(name), RECORD_NAME ".%ld", (long)getpid());
	(void)unlinkat(dir, name, 0);
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	/* The umask may have taken away even the owner's right to read. */
	if (fd < 0 || fchmod(fd, 0600) < 0)
		return error_errno(err, "create '" RECORD_NAME "'");
	if (io_write(fd, text, size) < 0 ||
	    renameat(dir, name, dir, RECORD_NAME) < 0) {
		error_errno(err, "write '" RECORD_NAME "'");
		(void)unlinkat(dir, name, 0);
		return -1;
	}
	return 0;
}

int record_write(const struct record *record, int dir, struct error *err)
{
	autojson struct json_object *object = json_make_object();
	struct json_object *layers;
	char boot_id[BOOT_ID_MAX];
	const char *text;
	size_t size = 0;

	read_boot_id(boot_id);
	json_add(object, "format", json_make_int(FORMAT));
	json_add(object, "bootId", json_make_string(boot_id));
	layers = json_add_array(object, "layers");
	for (size_t i = 0; i < record->count; i++)
		json_append(layers, layer_json(&record->layers[i]));
	if (record->has_file && add_file(object, record, dir, err) < 0)
		return -1;
	text = json_write(object, JSON_C_TO_STRING_PRETTY, &size);
	if (!text)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	return replace(dir, text, size, err);
}

void record_release(struct record *record)
{
	for (size_t i = 0; i < record->count; i++)
		free(record->layers[i].warnings);
	free(record->layers);
	*record = (struct record){ 0 };
}
