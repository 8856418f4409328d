#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "harness/oracle/rule.h"

/// One row of the table of admissible answers: what a broken rule lets an endpoint answer, and how that is
/// known.
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

struct Row {
  Rule rule;
  /// Rule::state: the name of what is broken ("token-not-issued"). Else a member of the operation's input, or
  /// "" for any member; a row with a member goes before the one without.
  std::string_view about;
  Force force;
  std::vector<Outcome> outcomes;
  std::optional<Outcome> recorded;  ///< exactly what AWS was recorded to answer, for Level::aws
  std::string_view because;         ///< one sentence for people, with the source
};

/// The rows with the documented spelling beside the one on the wire: wherever ValidationException is
/// admissible, ValidationError is (API reference, Common Errors).
std::vector<Row> with_documented_spelling(std::vector<Row> rows);

}  // namespace harness::oracle
