#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// What is checked: one request and its judgement, or a scenario of several.
namespace harness::run {

class ScenarioContext;

enum class Source {
  derived,   ///< made from the model's constraints
  vector,    ///< from a suite (harness/run/suite.h)
  scenario,  ///< a function (harness/run/scenario.h)
  replayed,  ///< a file given to `replay`
};
std::string_view to_string(Source source);

/// The operation of cases that are about the protocol rather than one operation.
inline constexpr std::string_view kProtocol = "Protocol";

struct Case {
  std::string id;  ///< "<operation>/<member or topic>/…": stable, and independent of the case's content
  std::string operation;  ///< of the model, or kProtocol
  Source source = Source::vector;
  std::string title;                 ///< one line: what is sent ("MaxResults one above the maximum")
  std::vector<std::string> clauses;  ///< ids of sentences of the documentation; at least one

  // A case of one exchange
  std::string request;  ///< HTTP text with placeholders (harness/wire/http_text.h)
  std::string control;  ///< HTTP text of the valid neighbour that must succeed first; "" if the request is
                        ///< itself valid
  /// After the answer, the same connection (if it stays open) and a new one must answer the control
  /// correctly.
  bool hostile = false;
  /// It may change what other requests are answered: it comes after the others, alone, with fixtures of its
  /// own.
  bool changes = false;
  /// Rules that the oracle must find in the request (oracle::to_string(Rule)), "valid" for none: a check on
  /// the case itself, made when it is planned. Empty: not stated.
  std::vector<std::string> breaks;
  /// Judged for availability only where the endpoint was not seen to verify signatures, and then UNCHECKED at
  /// best.
  bool needs_authentication = false;
  /// Nothing but the model says that the request, or its control, is valid: what the control is answered
  /// decides what an answer proves (oracle/evidence.h).
  bool by_model = false;
  /// A valid request of such a case. A refusal of it proves nothing, and leaves it UNCHECKED.
  bool is_valid_by_model() const { return by_model && breaks.size() == 1 && breaks.front() == "valid"; }
  /// Of a derived case: the place in the input that it is about, as model::Site has it; "" for none.
  std::string place;
  /// Judged for availability only, whatever the oracle finds in the request: its clause asks for no more.
  bool availability = false;

  // A case of several exchanges
  std::function<void(ScenarioContext&)> scenario;
  /// Operations besides its own of which it must be known whether the endpoint has them.
  std::vector<std::string> others;
  /// It looks back at the whole run, or may leave the endpoint worse than it was: it comes after all others,
  /// alone.
  bool last = false;
  /// It goes through a list in which everybody's resources are: none of them may come or go meanwhile.
  bool undisturbed = false;
};

}  // namespace harness::run
