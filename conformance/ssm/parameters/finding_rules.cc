#include "conformance/ssm/finding_rules.h"

namespace conformance::ssm::parameters {

std::vector<FindingRule> finding_rules() {
  return {
      {"relation/parameter", "A call about a parameter that is there is refused, or says nothing of it."},
      {"relation/overwrite", "An overwrite of a parameter that is there is refused."},
      {"relation/value", "The value of a parameter is not the one that was put."},
      {"relation/version", "The version of a parameter is not the one that its writes have led to."},
      {"relation/type", "The type of a parameter changed without being told to."},
      {"relation/history", "The history of a parameter is not that of its writes."},
      {"relation/name", "A parameter is not found, or named, by one of the names that it has."},
      {"relation/size", "A value that is not too long is refused."},
      {"relation/secret", "A secret is shown to who did not ask for its decryption."},
      {"relation/lost-write", "Of writes made at the same time, one was lost."},
      {"relation/label", "A label does not stand at the one version that it was attached to."},
      {"relation/selector", "A selector shows another version than the one that it selects."},
      {"relation/path", "What is listed by a path is not what is below it."},
      {"relation/filter", "What is listed by a filter is not what the filter lets through."},
      {"relation/unknown-names",
       "Of several names, those that are there and those that are not are not told apart."},
  };
}

}  // namespace conformance::ssm::parameters
