/* SPDX-License-Identifier: MIT */
/* layer.c - fuzz target: a layer of an image, as the agent and the host read it */
#include <unistd.h>

#include "host/layer/survey.h"
#include "tests/fuzz/target.h"
#include "tests/unit/recorder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct recorder recorder;
	AUTO(survey) survey = { 0 };
	struct layer_source source = { target_file(data, size), 0, size };
	struct error err = { 0 };

	recorder = (struct recorder){ 0 };
	(void)recorder_read(&recorder, &source);
	(void)survey_layer(&survey, &source, NULL, NULL, &err);
	close(source.fd);
	return 0;
}
