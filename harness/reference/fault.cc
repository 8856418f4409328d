#include "harness/reference/fault.h"

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

}  // namespace harness::reference
