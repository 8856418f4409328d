#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/classify.h"

/// Which answers are admissible to a request: sets of outcomes, each with where it comes from. The table is
/// the heart of the referee: a row for each rule that a request can break.
namespace harness::oracle {

/// How an outcome is known.
enum class Provenance {
  api_reference,  ///< the operation's page in the AWS API reference
  common_errors,  ///< "Common Errors" of the API reference
  older_common_errors,
  smithy,    ///< Smithy 2.0, AWS JSON 1.1 protocol or constraint traits
  recorded,  ///< recorded from a real AWS service
  disputed,  ///< sources disagree; both are accepted
  inferred,
};
std::string_view to_string(Provenance provenance);

/// One admissible answer.
struct Outcome {
  int status = 400;
  std::string_view code;  ///< "" for success
  Provenance provenance = Provenance::api_reference;
  bool operator==(const Outcome&) const = default;
};

/// What a broken rule does to the expectation.
enum class Force {
  rejects,      ///< the request must fail with one of the outcomes: success is a defect
  discourages,  ///< as `rejects`, but success is advice
  permits,  ///< the outcomes are admissible besides what else is; success stays admissible if nothing forbids
            ///< it
  advises,  ///< as `permits` where they occur; any other well-formed answer below 500 is advice only
  availability,  ///< nothing is judged but that a proper answer below 500 comes
  liveness,      ///< nothing is judged but that the endpoint still answers others afterwards
};

/// One row of the table.
struct Row {
  Rule rule;
  std::string_view member;  ///< "" for any member; a row with a member goes before the one without
  Force force;
  std::vector<Outcome> outcomes;
  std::optional<Outcome> recorded;  ///< exactly what AWS was recorded to answer, for Level::aws
  std::string_view because;         ///< one sentence for people, with the source
};

/// Every row. Rules that stand in no row do not exist (a test checks it). Wherever ValidationException is
/// admissible, ValidationError is: the API reference spells it so (Common Errors), the wire otherwise.
std::span<const Row> table();
const Row& row_for(Rule rule, std::string_view member);

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
  std::vector<const Row*> rows;    ///< the rows that it comes from
  std::vector<const HeaderPermission*> permitted;  ///< what a header of the request admits besides

  /// "400 ValidationException (recorded from AWS), or 400 InvalidDocument (API reference)".
  std::string text() const;
};

/// Of the answer, nothing is judged any more but that a proper one below 500 comes.
void only_availability(Expectation& expectation);

Expectation admissible(const Classification& classification, Level level,
                       std::span<const Row> rows = table());

}  // namespace harness::oracle
