#include "harness/report/requirement.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/oracle/rule.h"
#include "harness/report/finding_text.h"

namespace harness::report {
namespace {

constexpr std::string_view kNone = "-";
constexpr std::string_view kValid = "valid";

// What an endpoint does to a request, in the words that follow the request: of these rules, the request makes
// the requirement. Other rules are about the answer, whatever was asked.
struct Verb {
  std::string_view rule, text;
};
constexpr Verb kVerbs[] = {
    {"outcome/accepted", "is accepted"},
    {"outcome/rejected", "is refused"},
    {"outcome/wrong-code", "is refused with an error that says something else"},
    {"outcome/other-refusal", "is refused with an error that is for something else"},
    {"outcome/undeclared", "is refused with an error that the operation does not declare"},
    {"outcome/wrong-status", "is answered with the wrong status"},
    {"outcome/redirect", "is answered with a redirect"},
    {"availability/server-error", "makes the server fail (5xx)"},
    {"availability/hang", "gets no complete answer in time"},
    {"availability/no-continue", "is not asked to continue (100)"},
    {"availability/reset", "has its connection reset"},
    {"availability/closed", "has its connection closed without an answer"},
    {"availability/truncated", "gets an answer that is cut off"},
    {"availability/not-http", "gets an answer that is not HTTP"},
    {"availability/too-large", "gets an answer that is too large"},
    {"availability/same-connection", "spoils its connection for the next request"},
    {"availability/afterwards", "spoils the endpoint for the next request"},
    {"availability/died", "ends the endpoint's process"},
    {"availability/deaf", "makes the endpoint deaf"},
};

std::string_view verb_of(std::string_view rule) {
  const auto* it =
      std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const Verb& v) { return v.rule == rule; });
  return it == std::end(kVerbs) ? std::string_view() : it->text;
}

struct Part {
  std::string_view rule, member;
};

// The parts of a kind of request: "range:Limit+required:TableName".
std::vector<Part> parts_of(std::string_view request) {
  std::vector<Part> out;
  for (const std::string_view part : request_rules_in_order(request)) {
    const std::size_t colon = std::min(part.find(':'), part.size());
    out.push_back({part.substr(0, colon), part.substr(std::min(colon + 1, part.size()))});
  }
  return out;
}

bool is_of_member(const Part& part) {
  const auto rule = oracle::parse_rule(part.rule);
  return rule && oracle::is_of_member(*rule);
}

std::string described(std::string_view topic) {
  if (topic == kMemberTopic) return "a member that breaks a constraint";
  if (topic == kValid) return "a valid request";
  if (topic == kNone) return "a request";
  if (const auto rule = oracle::parse_rule(topic)) return std::string(oracle::described(*rule));
  return fmt::format("a request that breaks {}", topic);  // the name of a state
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = base::upper(text[0]);
  return text;
}

}  // namespace

std::string to_string(const Requirement& r) {
  return fmt::format("{}|{}|{}|{}", r.operation, r.cause.rule, r.cause.topic, r.place);
}

Requirement requirement_of(const run::CaseResult& result, const oracle::Finding& finding) {
  Requirement out{{finding.rule, std::string(kNone)}, result.operation, {}};
  const auto signature = oracle::parse_signature(finding.signature);
  if (!signature) {
    out.place = finding.signature.empty() ? result.id : finding.signature;
    return out;
  }
  if (verb_of(finding.rule).empty()) return out;
  const auto parts = parts_of(signature->request);
  if (parts.empty()) return out;
  const Part& first = parts.front();
  out.cause.topic = is_of_member(first) ? kMemberTopic : first.rule;
  const bool at_place = is_of_member(first) || first.rule == kValid;
  out.place = at_place && !result.place.empty() ? result.place : first.member;
  return out;
}

std::vector<oracle::Finding> defects_of(const run::CaseResult& result) {
  std::vector<oracle::Finding> out;
  if (result.verdict != run::Verdict::fail) return out;
  for (const oracle::Finding& finding : result.findings) {
    if (finding.severity == oracle::Severity::defect) out.push_back(finding);
  }
  if (out.empty()) {
    out.push_back(
        {"case", oracle::Severity::defect, result.reason.empty() ? "the case failed" : result.reason, {}});
  }
  return out;
}

std::vector<std::string> constraints_of(const oracle::Finding& finding) {
  std::vector<std::string> out;
  const auto signature = oracle::parse_signature(finding.signature);
  if (!signature) return out;
  const auto parts = parts_of(signature->request);
  for (const Part& part : parts) {
    if (part.member != parts.front().member) continue;
    if (is_of_member(part) && std::find(out.begin(), out.end(), part.rule) == out.end())
      out.emplace_back(part.rule);
  }
  return out;
}

std::size_t broken_by_request(const oracle::Finding& finding) {
  const auto signature = oracle::parse_signature(finding.signature);
  return signature ? parts_of(signature->request).size() : 0;
}

std::string sentence(const CauseKey& cause, std::span<const oracle::FindingRule> rules) {
  if (const std::string_view verb = verb_of(cause.rule); !verb.empty())
    return capitalised(fmt::format("{} {}", described(cause.topic), verb));
  for (const oracle::FindingRule& rule : rules) {
    if (rule.name == cause.rule) return std::string(rule.means);
  }
  return cause.rule;
}

}  // namespace harness::report
