#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/classify.h"
#include "harness/oracle/row.h"

/// Which answers are admissible to a request: sets of outcomes, each with where it comes from. The table is
/// the heart of the referee: a row for each rule that a request can break.
namespace harness::oracle {

/// Every row of the engine: of HTTP, JSON, targets, authentication and the model's constraints. A rule that a
/// request can break stands in a row of it, or of the operation's own (a test checks it).
std::span<const Row> table();
/// The row of the operation, or else of the engine, that a violation falls under. `rows` are the engine's.
const Row& row_for(const Classification& classification, const RequestViolation& violation,
                   std::span<const Row> rows = table());

/// How exact an answer must be.
enum class Level {
  rejects,     ///< any well-formed 4xx will do for a request that must fail
  documented,  ///< an admissible code with its status
  aws,         ///< where AWS's answer was recorded, exactly that
};
std::string_view to_string(Level level);
std::optional<Level> parse_level(std::string_view name);

/// What may be answered to one request.
struct Expectation {
  bool success = true;             ///< 200 is admissible
  bool success_is_advice = false;  ///< 200 is not admissible, but no defect either (Force::discourages)
  bool any_rejection = false;      ///< any well-formed 4xx is (Level::rejects)
  Force scope = Force::rejects;    ///< `availability` and `liveness` stop judging there; `advises` lowers
                                   ///< deviations to advice
  std::vector<Outcome> errors;     ///< admissible errors, each once
  std::vector<Outcome> advised;    ///< errors that are no defect, but not what is expected
  std::vector<const Row*> rows;    ///< the rows that it comes from
  std::vector<const HeaderPermission*> permitted;  ///< what a header of the request admits besides

  /// "400 ValidationException (recorded from AWS), or 400 MissingParameter (API reference)".
  std::string text() const;
};

/// Of the answer, nothing is judged any more but that a proper one below 500 comes.
void only_availability(Expectation& expectation);

/// `rows` are the engine's.
Expectation admissible(const Classification& classification, Level level,
                       std::span<const Row> rows = table());

}  // namespace harness::oracle
