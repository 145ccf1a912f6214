#ifndef REST_EXAMPLE_H
#define REST_EXAMPLE_H
/* Example data: 27 weeks of somebody who does not exist. */
#include "ui/room.h"

bool rest_example(struct app *app, struct err *err);
#endif
