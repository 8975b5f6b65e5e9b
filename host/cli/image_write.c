/* SPDX-License-Identifier: MIT */
/* image_write.c - see image_write.h */
#include "host/cli/image_write.h"

#include <time.h>

#include "host/plan/size.h"
#include "host/plan/surroundings.h"

int image_write(struct image_output *output, struct image *base,
		const struct config_edit *edit, const struct image_work *work,
		struct error *err)
{
	AUTO(draft) draft = { 0 };

	if (draft_make(&draft, base, edit, work, err) < 0 ||
	    image_output_write(output, &draft, work, err) < 0 ||
	    image_unchanged(base, err) < 0)
		return -1;
	return image_output_commit(output, err);
}

int image_write_time(int64_t *seconds, struct error *err)
{
	struct surroundings around;
	uint64_t number;

	surroundings_read(&around);
	if (!around.source_date_epoch) {
		*seconds = (int64_t)time(NULL);
		return 0;
	}
	if (number_parse(around.source_date_epoch, "SOURCE_DATE_EPOCH", 0,
			 INT64_MAX, &number, err) < 0)
		return -1;
	*seconds = (int64_t)number;
	return 0;
}
