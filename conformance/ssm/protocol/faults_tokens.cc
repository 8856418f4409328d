#include <algorithm>
#include <string>
#include <utility>

#include "conformance/ssm/fault_support.h"

// What endpoints make of page tokens that they never issued, in operations of which nothing else is known
// here.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;

constexpr const char* kToken = "NextToken";

Fault of_tokens(std::string name, Difficulty difficulty, std::string description, std::string cases,
                std::function<FaultHooks()> make) {
  Fault f = fault({std::move(name), token, "protocol/model/token", difficulty, std::move(description)},
                  std::move(make));
  f.by_model = std::move(cases);
  return f;
}

// Tokens that fulfil `when` are not looked at, so that the first page is served.
Fault ignores(std::string name, Difficulty difficulty, std::string description, std::string cases,
              bool (*when)(std::string_view operation, const std::string& token)) {
  return of_tokens(std::move(name), difficulty, std::move(description), std::move(cases), [=] {
    FaultHooks hooks;
    hooks.input = [=](std::string_view operation, wire::Json& input) {
      if (operation == kDescribe) return;
      const auto token = text_of(input, kToken);
      if (token && when(operation, *token)) input.erase(kToken);
    };
    return hooks;
  });
}

// What comes of a token that is refused.
Fault answers_tokens(std::string name, std::string description,
                     std::function<Outcome(const Failure& refusal)> with) {
  return of_tokens(std::move(name), easy, std::move(description), "*/token/*", [with = std::move(with)] {
    FaultHooks hooks;
    hooks.outcome = [with](std::string_view operation, const wire::Json& input, Outcome& outcome) {
      if (operation == kDescribe || outcome || text_of(input, kToken).value_or("").empty()) return;
      outcome = with(Failure(outcome.error()));
    };
    return hooks;
  });
}

bool is_base64(const std::string& text) {
  return text.size() % 4 == 0 && std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_letter(c) || base::is_digit(c) || c == '+' || c == '/' || c == '=';
         });
}

// Where nothing declares how a token is refused, only a failure shows.
Fault fails_on_tokens() {
  Fault f = answers_tokens(
      "fails-on-unknown-tokens", "Answers 500 to every unknown token.",
      [](const Failure&) -> Outcome { return refuse("InternalServerError", "Something went wrong.", 500); });
  f.by_model = "*/*token*";  // the cases of lives too
  f.proves_all = true;
  return f;
}

}  // namespace

std::vector<Fault> faults_tokens() {
  return {
      ignores("any-token-is-the-first-page", easy, "Serves the first page for every token.", "*/token/*",
              [](std::string_view, const std::string&) { return true; }),
      ignores("any-token-of-nodes-is-the-first-page", medium,
              "Serves the first page for every token in operations on nodes.", "DescribeInstance*",
              [](std::string_view operation, const std::string&) {
                return operation.starts_with("DescribeInstance");
              }),
      ignores(
          "getparametersbypath-ignores-tokens", medium,
          "GetParametersByPath serves the first page for every token.", "GetParametersByPath",
          [](std::string_view operation, const std::string&) { return operation == "GetParametersByPath"; }),
      ignores("long-tokens-ignored", hard, "Does not look at tokens of more than 1,024 characters.",
              "*/token/*", [](std::string_view, const std::string& token) { return token.size() > 1024; }),
      ignores("base64-is-a-token", hard, "Takes whatever is base64 for a token.", "*/token/*",
              [](std::string_view, const std::string& token) { return is_base64(token); }),
      answers_tokens("unknown-tokens-end-the-list", "Answers every unknown token with an answer of nothing.",
                     [](const Failure&) -> Outcome { return wire::Json::object(); }),
      fails_on_tokens(),
      answers_tokens("another-code-for-unknown-tokens",
                     "Answers an unknown token with an error that nothing declares.",
                     [](const Failure& why) -> Outcome { return refuse("InvalidToken", why.message); }),
      answers_tokens("unknown-tokens-are-not-found", "Answers 404 to every unknown token.",
                     [](const Failure& why) -> Outcome { return refuse(why.code, why.message, 404); }),
  };
}

}  // namespace conformance::ssm::protocol
