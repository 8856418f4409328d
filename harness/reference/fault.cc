#include "harness/reference/fault.h"

#include <algorithm>

#include "harness/reference/faults/catalogue.h"

namespace harness::reference {

std::string_view to_string(FaultClass fault_class) {
  using enum FaultClass;
  switch (fault_class) {
    case constraint:
      return "constraint";
    case type:
      return "type";
    case enumeration:
      return "enum";
    case token:
      return "token";
    case paging:
      return "paging";
    case shape:
      return "shape";
    case relation:
      return "relation";
    case error_code:
      return "error-code";
    case envelope:
      return "envelope";
    case protocol:
      return "protocol";
    case framing:
      return "framing";
    case authentication:
      return "authentication";
    case state:
      return "state";
    case concurrency:
      return "concurrency";
    case resource:
      return "resource";
  }
  return "?";
}

std::string_view to_string(Difficulty difficulty) {
  switch (difficulty) {
    case Difficulty::easy:
      return "easy";
    case Difficulty::medium:
      return "medium";
    case Difficulty::hard:
      return "hard";
  }
  return "?";
}

const std::vector<Fault>& faults() {
  static const std::vector<Fault> list = [] {
    std::vector<Fault> all;
    for (const auto part :
         {name_faults, max_results_faults, member_faults, error_code_faults, envelope_faults, token_faults,
          paging_faults, output_faults, relation_faults, change_faults, json_faults, protocol_faults,
          authentication_faults, connection_faults, state_faults, fixture_operation_faults, rare_faults}) {
      std::vector<Fault> more = part();
      std::move(more.begin(), more.end(), std::back_inserter(all));
    }
    return all;
  }();
  return list;
}

const Fault* find_fault(std::string_view name) {
  const auto& list = faults();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Fault& f) { return f.name == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace harness::reference
