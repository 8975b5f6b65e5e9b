/* SPDX-License-Identifier: MIT */
/* docker_agreement.h - whether the two lists of a hybrid archive agree */
#ifndef HOST_IMAGE_DOCKER_AGREEMENT_H
#define HOST_IMAGE_DOCKER_AGREEMENT_H

#include "guest/shared/error.h"
#include "host/image/digest.h"
#include "host/image/docker_manifest.h"
#include "host/image/tarfile.h"
#include "host/image/work.h"

/*
 * Docker 25 and later, and this program, write archives that have an OCI index
 * beside manifest.json. The image of such an archive is what manifest.json
 * says; what reads the index instead must not get another one. `config` is the
 * digest of the chosen image's.
 *
 * EBADMSG if a manifest of the index has that config, and other layers; or if
 * the index gives a name of the image to other configs only. A manifest without
 * layers, as Docker 25.0.0 wrote them (moby #47065), is a warning. What cannot
 * be followed is no difference: such archives leave out what is for other
 * machines. An archive without an index agrees with itself.
 */
int docker_agreement_check(const struct docker_image *image,
			   const struct digest *config,
			   const struct tarfile *file,
			   const struct image_work *work, struct error *err);

#endif
