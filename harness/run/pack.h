#pragma once

#include "harness/model/model.h"
#include "harness/oracle/operation_rules.h"
#include "harness/run/catalogue.h"
#include "harness/run/example.h"

namespace harness::run {

/// What a run knows of the service that it asks: the part of a service pack that judges. All of it must
/// outlive the run.
struct Pack {
  const model::Model* model = nullptr;
  const oracle::ServiceRules* rules = nullptr;  ///< what its operations mean
  const Catalogue* catalogue = nullptr;         ///< what fixtures are
  const Examples* examples = nullptr;           ///< of the operations under test
};

}  // namespace harness::run
