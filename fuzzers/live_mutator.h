#pragma once
#include "fuzzers/live.h"
namespace fuzzers {
inline void connect_mutator(Live&) {}
}
