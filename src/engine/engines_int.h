/* The engines that there are. */
#ifndef WEIR_ENGINE_ENGINES_INT_H
#define WEIR_ENGINE_ENGINES_INT_H

#include "engine/engine.h"

extern const weir_engine weir_engine_local;

#endif
