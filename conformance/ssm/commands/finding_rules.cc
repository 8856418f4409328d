#include "conformance/ssm/finding_rules.h"

namespace conformance::ssm::commands {

std::vector<FindingRule> finding_rules() {
  return {
      {"relation/command", "A call about commands is refused, or does not say what was sent."},
      {"relation/command-list", "What is listed by the id of a command is not that command alone."},
  };
}

}  // namespace conformance::ssm::commands
