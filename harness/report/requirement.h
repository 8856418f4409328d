#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/finding_rule.h"
#include "harness/oracle/signature.h"
#include "harness/run/result.h"

/// Which requirement a defect breaks, so that hundreds of failing cases are some dozens of causes.
///
///     cause         rule + topic                    A member that breaks a constraint is accepted
///      requirement  … of one operation at one place  ListTables: Limit
///       kind        one signature                   ListTables|outcome/accepted|range:Limit|200
///        case       one request                     ListTables/Limit/range/above-maximum
///
/// All of it follows from typed identities (the parts of the signature, the place of the case), never from
/// the wording of a message. Causes are what operations may share: whether they do is for people to judge, so
/// reports show how many operations and places each has.
namespace harness::report {

/// The topic of every constraint of a member: its type, whether it is there, length, range, pattern, …
inline constexpr std::string_view kMemberTopic = "member";

/// What requirements of several operations may have in common.
struct CauseKey {
  std::string rule;   ///< of the finding: "outcome/accepted"
  std::string topic;  ///< kMemberTopic, another rule of requests ("not-json", "valid"), or "-" where the
                      ///< request does not matter
  auto operator<=>(const CauseKey&) const = default;
};

struct Requirement {
  CauseKey cause;
  std::string operation;  ///< that the case is of; run::kProtocol for none
  std::string place;      ///< in the operation's input: "Limit", "Tags[].Key"; "" if it is about no member
  auto operator<=>(const Requirement&) const = default;
};

/// "ListTables|outcome/accepted|member|Limit": how requirements stand in files.
std::string to_string(const Requirement& requirement);

/// The requirement that a defect of this case breaks. Of a request that breaks several rules, the first
/// decides, in the order in which a service checks them. A defect without a signature is a requirement of its
/// own, with the case's id as its place.
Requirement requirement_of(const run::CaseResult& result, const oracle::Finding& finding);

/// The defects of a FAIL: its findings of severity `defect`, or one of the rule "case" that stands for all
/// that is known. Nothing for any other verdict.
std::vector<oracle::Finding> defects_of(const run::CaseResult& result);

/// The constraints that this defect's request breaks of the member that the requirement is about, by name:
/// {"length", "pattern"}.
std::vector<std::string> constraints_of(const oracle::Finding& finding);

/// Number of rules that the request of this defect breaks; the fewer, the plainer is the example.
std::size_t broken_by_request(const oracle::Finding& finding);

/// What is wrong in one line, without the operation: "A member that breaks a constraint is accepted". Of a
/// rule that is about the answer alone it is what `rules` says of it, or the rule's name. Raw text.
std::string sentence(const CauseKey& cause, std::span<const oracle::FindingRule> rules);

}  // namespace harness::report
