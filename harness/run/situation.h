#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/oracle/admissible.h"
#include "harness/oracle/classify.h"
#include "harness/oracle/judge.h"
#include "harness/oracle/knowledge.h"
#include "harness/run/compose.h"
#include "harness/run/pack.h"
#include "harness/run/result.h"
#include "harness/wire/http_text.h"

/// Everything that judging one request needs: the model, the level, what is known of the endpoint, what
/// placeholders mean. A value: scenarios copy it and add what they do themselves.
namespace harness::run {

/// How to make a resource again that a request needs, for reproductions: the requests, in order.
struct SetUp {
  std::string id;
  std::vector<wire::HttpText> requests;
  /// The service makes the id, another one each time: the member of the first answer that has it. "" else.
  std::string made_in;
};

struct Situation {
  Pack pack;
  oracle::Level level = oracle::Level::documented;
  oracle::Knowledge knowledge;
  Bindings bindings;
  Composer composer{"", std::nullopt};
  /// When a request is sent.
  std::chrono::system_clock::time_point (*now)() = &std::chrono::system_clock::now;
  std::string url;                       ///< for reproductions
  std::optional<std::string> ca_bundle;  ///< for reproductions
  bool verify_ssl = true;
  std::vector<SetUp> set_ups;
  /// Operations that the credentials of this run may not call (AccessDeniedException); also in
  /// Knowledge::unimplemented, by which their answers are judged.
  std::set<std::string, std::less<>> denied;
};

/// What is asked by one request: what is wrong with it, and what may be answered.
struct Asked {
  oracle::Classification classification;
  oracle::Expectation expectation;
};
/// Of exactly these bytes, sent `now`.
Asked ask(const Situation& situation, std::string_view bytes, std::chrono::system_clock::time_point now);

/// One request, ready to be sent and judged.
struct Prepared : Asked {
  wire::HttpText text;
  bool by_model = false;  ///< of a control: nothing but the model says that it is valid (Case::by_model)
};

/// Expands, parses and classifies. Error: a placeholder without value (say why), or text that is no HTTP
/// text.
Result<Prepared> prepare(const Situation& situation, std::string_view http_text);
Prepared prepare(const Situation& situation, wire::HttpText text);

/// What is wrong with the answer. This and ask() are all that drivers need of the oracle: cases, scenarios
/// and fuzzers differ in how they wait for the exchange between the two.
std::vector<oracle::Finding> judge(const Situation& situation, const Asked& asked,
                                   const wire::Exchange& exchange);

/// Fills the parts of a result that show one exchange: expected, because, request, response, reproduce (as
/// reproduction(), and with the set-up of each resource that a list found, or of one that it may have failed
/// over).
void describe(const Situation& situation, const Prepared& prepared, const wire::Exchange& exchange,
              CaseResult& result);

/// Shell lines that do the request again, with the set-up of each resource that it names before it.
std::vector<std::string> reproduction(const Situation& situation, const wire::HttpText& text);

/// The response as text: status line, headers, blank line, body; or "(no answer: …)".
std::string response_text(const wire::Exchange& exchange);

}  // namespace harness::run
