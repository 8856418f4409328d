#include <algorithm>
#include <iterator>

#include "conformance/ssm/fault_catalogue.h"
#include "conformance/ssm/reference.h"

namespace conformance::ssm {

using harness::reference::Fault;

const std::vector<Fault>& faults() {
  static const std::vector<Fault> list = [] {
    std::vector<Fault> all;
    for (const auto part :
         {documents::name_faults, documents::max_results_faults, documents::member_faults,
          nodes::target_faults, protocol::error_code_faults, protocol::envelope_faults,
          documents::token_faults, documents::paging_faults, nodes::output_faults, documents::output_faults,
          nodes::relation_faults, documents::relation_faults, documents::change_faults, nodes::echo_faults,
          protocol::json_faults, protocol::protocol_faults, protocol::authentication_faults,
          protocol::connection_faults, protocol::state_faults, documents::operation_faults,
          // Meant for the fuzzers: they show only on one value, one combination or one sequence that no
          // hand-made case has, as those do that nobody thought of. `selftest` makes sure that the suites
          // pass them by.
          documents::rare_faults, nodes::rare_faults, protocol::rare_faults}) {
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

}  // namespace conformance::ssm
