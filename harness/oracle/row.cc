#include "harness/oracle/row.h"

#include <utility>

namespace harness::oracle {

std::string_view to_string(Provenance provenance) {
  using P = Provenance;
  switch (provenance) {
    case P::api_reference:
      return "API reference";
    case P::common_errors:
      return "API reference, Common Errors";
    case P::older_common_errors:
      return "API reference, older Common Errors";
    case P::smithy:
      return "Smithy 2.0";
    case P::recorded:
      return "recorded from AWS";
    case P::disputed:
      return "sources disagree";
    case P::inferred:
      return "inferred";
  }
  return "?";
}

std::vector<Row> with_documented_spelling(std::vector<Row> rows) {
  for (Row& row : rows) {
    std::vector<Outcome> outcomes;
    for (const Outcome& o : row.outcomes) {
      outcomes.push_back(o);
      if (o.code == "ValidationException")
        outcomes.push_back({o.status, "ValidationError", Provenance::common_errors});
    }
    row.outcomes = std::move(outcomes);
  }
  return rows;
}

}  // namespace harness::oracle
