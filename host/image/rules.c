/* SPDX-License-Identifier: MIT */
/* rules.c - see rules.h */
#include "host/image/rules.h"

#define ERROR	SEVERITY_ERROR
#define WARNING SEVERITY_WARNING

const struct rule rules[RULE_COUNT] = {
	[RULE_TAR] = { "tar", ERROR,
		       "a layer is a tar that all readers read alike" },
	[RULE_TAR_END] = { "tar-end", WARNING,
			   "a tar ends with two blocks of zeros" },
	[RULE_TAR_DIALECT] = { "tar-dialect", WARNING,
			       "a tar is in the format of pax" },
	[RULE_PAX_FORM] = { "pax-form", ERROR,
			    "pax records are well formed, each key once" },
	[RULE_PAX_RECORD] = { "pax-record", WARNING,
			      "there are no pax records that no layer needs" },
	[RULE_PAX_GLOBAL] = { "pax-global", WARNING,
			      "there are no global pax headers" },
	[RULE_SPARSE] = { "sparse", WARNING, "files are not sparse" },
	[RULE_SOCKET] = { "socket", ERROR, "there are no sockets" },
	[RULE_LIMIT] = { "limit", ERROR,
			 "names, entries and documents are not too many" },

	[RULE_NAME] = { "name", ERROR,
			"names are relative, have no '..', and are not too "
			"long for Linux" },
	[RULE_NAME_FORM] = { "name-form", WARNING,
			     "names have no './', no '//', and a slash at the "
			     "end of a directory only" },
	[RULE_ROOT] = { "root", ERROR, "the root is a directory" },
	[RULE_DUPLICATE] = { "duplicate", ERROR, "each path is there once" },
	[RULE_PARENT] = { "parent", WARNING,
			  "a directory comes before what is in it" },
	[RULE_BELOW_FILE] = { "below-file", ERROR,
			      "nothing lies in what is no directory" },
	[RULE_BELOW_SYMLINK] = { "below-symlink", WARNING,
				 "nothing lies in a symlink" },
	[RULE_BELOW_WHITEOUT] = { "below-whiteout", ERROR,
				  "nothing lies in a whiteout" },
	[RULE_ORDER] = { "order", WARNING,
			 "a directory is followed by what is in it, in "
			 "bytewise order" },

	[RULE_WHITEOUT_NAME] = { "whiteout-name", ERROR,
				 "a whiteout hides a name" },
	[RULE_WHITEOUT_FORM] = { "whiteout-form", ERROR,
				 "a whiteout is an empty regular file" },
	[RULE_WHITEOUT_ATTRIBUTES] = { "whiteout-attributes", WARNING,
				       "a whiteout has mode 0 or 0644, and "
				       "the owner 0:0" },
	[RULE_WHITEOUT_ORDER] = { "whiteout-order", WARNING,
				  "whiteouts come before the other entries of "
				  "their directory" },
	[RULE_WHITEOUT_OWN] = { "whiteout-own", ERROR,
				"a whiteout hides nothing of its own layer" },
	[RULE_WHITEOUT_NOTHING] = { "whiteout-nothing", WARNING,
				    "what a whiteout hides is in a layer "
				    "below" },
	[RULE_OPAQUE_ORDER] = { "opaque-order", WARNING,
				"an opaque marker follows its directory at "
				"once" },
	[RULE_OPAQUE_NOTHING] = { "opaque-nothing", WARNING,
				  "a layer below has the directory that is "
				  "made opaque" },
	[RULE_AUFS] = { "aufs", WARNING, "there are no files of AUFS" },

	[RULE_OWNER] = { "owner", ERROR, "owners are numbers of 32 bits" },
	[RULE_OWNER_NAME] = { "owner-name", WARNING, "owners have no names" },
	[RULE_MTIME] = { "mtime", WARNING, "times are whole seconds" },
	[RULE_OVERLAY_XATTR] = { "overlay-xattr", ERROR,
				 "there are no xattrs that speak to "
				 "overlayfs" },
	[RULE_HOST_XATTR] = { "host-xattr", WARNING,
			      "there are no xattrs that belong to the host" },
	[RULE_DEVICE] = { "device", ERROR,
			  "devices have numbers of Linux, and none is a "
			  "character device 0:0" },
	[RULE_SYMLINK] = { "symlink", ERROR,
			   "a symlink has a target that Linux takes" },
	[RULE_LINK_NAME] = { "link-name", ERROR,
			     "a hard link names a path of the layer" },
	[RULE_LINK_TARGET] = { "link-target", ERROR,
			       "what a hard link leads to is in the layer, and "
			       "no directory" },
	[RULE_LINK_ORDER] = { "link-order", ERROR,
			      "a hard link comes after its file" },
	[RULE_LINK_TYPE] = { "link-type", WARNING,
			     "hard links lead to regular files" },

	[RULE_LAYOUT] = { "layout", ERROR,
			  "an OCI layout says that it is one, of version "
			  "1.0.0" },
	[RULE_JSON] = { "json", ERROR,
			"documents are JSON, and their fields of the right "
			"type" },
	[RULE_SCHEMA_VERSION] = { "schema-version", ERROR,
				  "schemaVersion is 2" },
	[RULE_MEDIA_TYPE] = { "media-type", ERROR,
			      "media types are known and say what a blob is" },
	[RULE_DESCRIPTOR] = { "descriptor", ERROR,
			      "a descriptor has mediaType, digest and size" },
	[RULE_BLOB] = { "blob", ERROR, "what is named is there" },
	[RULE_BLOB_SIZE] = { "blob-size", ERROR,
			     "a blob has the size of its descriptor" },
	[RULE_BLOB_DIGEST] = { "blob-digest", ERROR,
			       "a blob has the digest that it is named by" },
	[RULE_MANIFEST] = { "manifest", ERROR,
			    "a manifest names a config and layers" },
	[RULE_AGREEMENT] = { "agreement", ERROR,
			     "manifest.json and index.json name the same "
			     "images" },
	[RULE_TAG] = { "tag", ERROR, "RepoTags are names with a tag" },
	[RULE_ANNOTATION] = { "annotation", WARNING,
			      "annotations of names are well formed, each name "
			      "once" },

	[RULE_CONFIG_REQUIRED] = { "config-required", ERROR,
				   "a config has architecture, os and rootfs" },
	[RULE_CONFIG_TYPE] = { "config-type", ERROR,
			       "the fields of a config have the type that they "
			       "should" },
	[RULE_CREATED] = { "created", ERROR, "times are as RFC 3339 has them" },
	[RULE_DIFF_ID] = { "diff-id", ERROR,
			   "a layer, uncompressed, has its diffID" },
	[RULE_LAYER_COUNT] = { "layer-count", ERROR,
			       "there are as many layers as diffIDs" },
	[RULE_LAYER_FILE] = { "layer-file", ERROR,
			      "different layers are different files" },
	[RULE_LAYERS] = { "layers", WARNING,
			  "there are no more layers than runtimes stack" },
	[RULE_HISTORY] = { "history", ERROR,
			   "as many entries of the history have a layer as "
			   "there are diffIDs" },
	[RULE_COMPRESSION] = { "compression", WARNING,
			       "layers are compressed as all tools can read" },
};
