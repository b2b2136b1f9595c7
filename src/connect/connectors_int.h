/* The connectors there are; each is defined in its folder. */
#ifndef WEIR_CONNECT_CONNECTORS_INT_H
#define WEIR_CONNECT_CONNECTORS_INT_H

#include "connect/connector.h"

extern const weir_connector weir_connector_arrow;
extern const weir_connector weir_connector_filesystem;
extern const weir_connector weir_connector_print;
extern const weir_connector weir_connector_blackhole;
extern const weir_connector weir_connector_datagen;
extern const weir_connector weir_connector_nexmark;
extern const weir_connector weir_connector_test;

#endif
