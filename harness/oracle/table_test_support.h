#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/oracle/admissible.h"

/// For the tests of tables of admissible answers: the engine's, and those of a pack.
namespace harness::oracle {

void PrintTo(const Outcome& o, std::ostream* out);

namespace testing_support {

/// A row, written a second time by hand: one that is added, lost or changed is seen, and must be changed in
/// both places on purpose.
struct Expected {
  Rule rule;
  std::string_view about;
  Force force;
  std::vector<Outcome> outcomes;  ///< in any order
  std::optional<Outcome> recorded;
};
void expect_rows(std::span<const Row> rows, const std::vector<Expected>& expected);

/// What holds in every table: each row can be reached and says why; what rejects names an outcome, what is
/// not judged names none; outcomes are a client's mistakes; what was recorded is admissible; the documented
/// spelling stands beside the one on the wire.
void expect_sound(std::span<const Row> rows);

/// Changes one thing of one row at a time, and expects `admissible` of a request that breaks it to differ.
/// Returns how many changes there were.
std::size_t expect_mutants_noticed(
    std::span<const Row> rows,
    const std::function<Expectation(const Classification&, Level, std::span<const Row>)>& admissible);

}  // namespace testing_support
}  // namespace harness::oracle
