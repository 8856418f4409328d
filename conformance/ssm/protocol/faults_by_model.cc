#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/ssm/fault_support.h"

// What endpoints overlook of the model, in operations of which nothing else is known here.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;
using harness::model::Violation;
using Rule = Violation::Rule;

// 0 for a member of the input itself.
std::size_t depth_of(const Violation& v) {
  return static_cast<std::size_t>(
      std::count_if(v.path.begin(), v.path.end(), [](char c) { return c == '.'; }));
}

bool too_much(const Violation& v) {
  return v.constraint.find("less than or equal") != std::string::npos;
}
bool is_list(const Violation& v) {
  return v.value.starts_with('[');
}
bool is_map(const Violation& v) {
  return v.value.starts_with('{');
}

using Overlooks = bool (*)(const Violation&);

Fault overlooks(std::string name, FaultClass kind, const char* clause, std::string description,
                std::function<bool(std::string_view, const Violation&)> what) {
  Fault f;
  f.name = std::move(name);
  f.fault_class = kind;
  f.clause = std::string("protocol/model/") + clause;
  f.difficulty = medium;
  f.description = std::move(description);
  f.by_model = fmt::format("*/{}/*", clause);
  f.make = [what = std::move(what)] {
    FaultHooks hooks;
    hooks.overlooks = what;
    return hooks;
  };
  return f;
}

struct OfRule {
  Rule rule;
  const char* clause;
  FaultClass kind;
  const char* what;
};
constexpr std::array kRulesOfModels = {
    OfRule{Rule::type, "type", type, "wrong JSON types"},
    OfRule{Rule::required, "required", constraint, "missing members"},
    OfRule{Rule::length, "length", constraint, "lengths"},
    OfRule{Rule::range, "range", constraint, "ranges"},
    OfRule{Rule::pattern, "pattern", constraint, "patterns"},
    OfRule{Rule::enumeration, "enum", enumeration, "values that are not documented"},
};

// Each rule everywhere, in the input itself, one structure down, and further down.
std::vector<Fault> by_rule() {
  std::vector<Fault> out;
  for (const OfRule& r : kRulesOfModels) {
    out.push_back(
        overlooks(fmt::format("overlooks-every-{}", r.clause), r.kind, r.clause,
                  fmt::format("Overlooks {} everywhere.", r.what),
                  [rule = r.rule](std::string_view, const Violation& v) { return v.rule == rule; }));
    out.back().proves_all = true;
    constexpr std::array kWhere = {"in the input itself", "one structure down", "further down"};
    for (std::size_t depth = 0; depth < kWhere.size(); ++depth) {
      const bool last = depth == kWhere.size() - 1;
      if (r.rule == Rule::range && last) continue;  // no such member
      out.push_back(overlooks(fmt::format("overlooks-{}-at-depth-{}", r.clause, depth), r.kind, r.clause,
                              fmt::format("Overlooks {} {}.", r.what, kWhere[depth]),
                              [rule = r.rule, depth, last](std::string_view, const Violation& v) {
                                return v.rule == rule && (last ? depth_of(v) >= depth : depth_of(v) == depth);
                              }));
    }
  }
  return out;
}

struct Overlooked {
  const char* name;
  const char* clause;
  const char* description;
  Overlooks what;
};

constexpr std::array kOverlooked = {
    Overlooked{"long-texts", "length", "Overlooks that a text is too long.",
               [](const Violation& v) {
                 return v.rule == Rule::length && too_much(v) && !is_list(v) && !is_map(v);
               }},
    Overlooked{"short-texts", "length", "Overlooks that a text is too short.",
               [](const Violation& v) {
                 return v.rule == Rule::length && !too_much(v) && !is_list(v) && !is_map(v);
               }},
    Overlooked{"empty-texts", "length", "Overlooks that a text is empty.",
               [](const Violation& v) { return v.rule == Rule::length && v.value.empty(); }},
    Overlooked{"long-lists", "length", "Overlooks that a list has too many elements.",
               [](const Violation& v) { return v.rule == Rule::length && too_much(v) && is_list(v); }},
    Overlooked{"empty-lists", "length", "Overlooks that a list is empty.",
               [](const Violation& v) { return v.rule == Rule::length && v.value == "[]"; }},
    Overlooked{"large-maps", "length", "Overlooks that a map has too many entries.",
               [](const Violation& v) { return v.rule == Rule::length && too_much(v) && is_map(v); }},
    Overlooked{"lengths-of-elements", "length", "Overlooks the length of a list's elements.",
               [](const Violation& v) { return v.rule == Rule::length && v.path.ends_with(']'); }},
    Overlooked{"numbers-above-the-maximum", "range", "Overlooks that a number is above its maximum.",
               [](const Violation& v) { return v.rule == Rule::range && too_much(v); }},
    Overlooked{"numbers-below-the-minimum", "range", "Overlooks that a number is below its minimum.",
               [](const Violation& v) { return v.rule == Rule::range && !too_much(v); }},
    Overlooked{"range-of-max-results", "range", "Overlooks the range of MaxResults.",
               [](const Violation& v) { return v.rule == Rule::range && v.path == "MaxResults"; }},
    Overlooked{"zero", "range", "Takes 0 where the least is 1.",
               [](const Violation& v) { return v.rule == Rule::range && v.value == "0"; }},
    Overlooked{"patterns-of-elements", "pattern", "Overlooks the pattern of a list's elements.",
               [](const Violation& v) { return v.rule == Rule::pattern && v.path.ends_with(']'); }},
    Overlooked{"a-final-newline", "pattern", "Takes a text with a newline behind it for one that matches.",
               [](const Violation& v) { return v.rule == Rule::pattern && v.value.ends_with('\n'); }},
    Overlooked{
        "exclamation-marks", "pattern", "Matches a part of a text, not the whole.",
        [](const Violation& v) { return v.rule == Rule::pattern && v.value.find('!') != std::string::npos; }},
    Overlooked{"letter-case-of-enumerations", "enum", "Takes documented values in any case of letters.",
               [](const Violation& v) {
                 return v.rule == Rule::enumeration &&
                        base::lower(v.constraint).find(base::lower(v.value)) != std::string::npos;
               }},
    Overlooked{"enumerations-of-elements", "enum", "Overlooks what values a list's elements may have.",
               [](const Violation& v) { return v.rule == Rule::enumeration && v.path.ends_with(']'); }},
    Overlooked{"unknown-values-only", "enum", "Takes the word Unknown for a documented value.",
               [](const Violation& v) { return v.rule == Rule::enumeration && v.value == "Unknown"; }},
    Overlooked{"numbers-for-texts", "type", "Takes numbers where texts belong.",
               [](const Violation& v) { return v.constraint == "expected a string, got an integer"; }},
    Overlooked{"objects-for-texts", "type", "Takes objects where texts belong.",
               [](const Violation& v) { return v.constraint == "expected a string, got an object"; }},
    Overlooked{"texts-for-flags", "type", "Takes words for true and false.",
               [](const Violation& v) { return v.constraint == "expected a boolean, got a string"; }},
    Overlooked{"texts-for-numbers", "type", "Takes words where numbers belong.",
               [](const Violation& v) { return v.constraint == "expected an integer, got a string"; }},
    Overlooked{"texts-for-lists", "type", "Takes a text for a list.",
               [](const Violation& v) { return v.constraint == "expected an array, got a string"; }},
    Overlooked{"objects-for-lists", "type", "Takes an object for a list.",
               [](const Violation& v) { return v.constraint == "expected an array, got an object"; }},
    Overlooked{"texts-for-objects", "type", "Takes a text for a structure.",
               [](const Violation& v) { return v.constraint == "expected an object, got a string"; }},
    Overlooked{"tags-without-keys", "required", "Takes tags that have no key.",
               [](const Violation& v) { return v.rule == Rule::required && v.path.ends_with("].Key"); }},
    Overlooked{"types-of-elements", "type", "Overlooks the types of a list's elements.",
               [](const Violation& v) { return v.rule == Rule::type && v.path.ends_with(']'); }},
};

FaultClass class_of(std::string_view clause) {
  if (clause == "type") return type;
  return clause == "enum" ? enumeration : constraint;
}

std::vector<Fault> by_kind() {
  std::vector<Fault> out;
  for (const Overlooked& k : kOverlooked) {
    out.push_back(overlooks(std::string("overlooks-") + k.name, class_of(k.clause), k.clause, k.description,
                            [what = k.what](std::string_view, const Violation& v) { return what(v); }));
  }
  return out;
}

// An operation that looks at nothing, in each of several families.
std::vector<Fault> by_operation() {
  std::vector<Fault> out;
  for (const char* operation :
       {"PutParameter", "GetParametersByPath", "DescribeParameters", "SendCommand", "CreateAssociation",
        "CreateMaintenanceWindow", "RegisterTaskWithMaintenanceWindow", "CreatePatchBaseline",
        "CreateOpsItem", "CreateActivation", "PutInventory", "StartAutomationExecution"}) {
    out.push_back(overlooks(fmt::format("{}-looks-at-nothing", base::lower(operation)), constraint,
                            "required", fmt::format("{} takes whatever it is sent.", operation),
                            [operation = std::string_view(operation)](
                                std::string_view asked, const Violation&) { return asked == operation; }));
    out.back().by_model = operation;
  }
  return out;
}

Fault on_outcome(std::string name, FaultClass kind, const char* clause, std::string description,
                 std::function<void(std::string_view, const wire::Json&, Outcome&)> change) {
  Fault f = overlooks(std::move(name), kind, clause, std::move(description), {});
  f.by_model = "*";
  f.make = [change = std::move(change)] {
    FaultHooks hooks;
    hooks.outcome = change;
    return hooks;
  };
  return f;
}

bool is_validation(const Outcome& outcome) {
  return !outcome && outcome.error().code == "ValidationException";
}
bool is_about_form(const Outcome& outcome) {
  return is_validation(outcome) || (!outcome && outcome.error().code == "SerializationException");
}

// Operations that no family judges.
bool of_no_family(std::string_view operation) {
  constexpr std::array kOfFamilies = {kDescribe, kStatus, kModify, kCreate, kDelete};
  return !operation.empty() &&
         std::find(kOfFamilies.begin(), kOfFamilies.end(), operation) == kOfFamilies.end();
}

Fault everything() {
  Fault f = on_outcome("overlooks-every-rule", constraint, "length",
                       "Answers 200 to inputs that break their model.",
                       [](std::string_view operation, const wire::Json&, Outcome& outcome) {
                         if (!operation.empty() && is_about_form(outcome)) outcome = wire::Json::object();
                       });
  f.proves_all = true;
  return f;
}

std::vector<Fault> by_outcome() {
  return {
      everything(),
      on_outcome("fails-on-what-breaks-the-model", error_code, "required",
                 "Answers 500 to an input that breaks a constraint.",
                 [](std::string_view operation, const wire::Json&, Outcome& outcome) {
                   if (of_no_family(operation) && is_validation(outcome))
                     outcome = refuse("InternalServerError", "Something went wrong.", 500);
                 }),
      on_outcome("another-code-for-what-breaks-the-model", error_code, "required",
                 "Answers InvalidRequestException to an input that breaks a constraint.",
                 [](std::string_view operation, const wire::Json&, Outcome& outcome) {
                   if (of_no_family(operation) && is_validation(outcome))
                     outcome = refuse("InvalidRequestException", "The request is not valid.");
                 }),
      on_outcome("fails-when-all-is-well", error_code, "implemented",
                 "Answers 500 to requests that are valid.",
                 [](std::string_view operation, const wire::Json&, Outcome& outcome) {
                   if (of_no_family(operation) && outcome)
                     outcome = refuse("InternalServerError", "Something went wrong.", 500);
                 }),
      on_outcome("lists-as-objects", shape, "implemented", "Answers an object where a list belongs.",
                 [](std::string_view operation, const wire::Json&, Outcome& outcome) {
                   if (!of_no_family(operation) || !outcome) return;
                   for (auto& [name, value] : outcome->items()) {
                     if (value.is_array()) value = wire::Json::object();
                   }
                 }),
      on_outcome("null-as-an-answer", shape, "implemented", "Answers a list instead of an object.",
                 [](std::string_view operation, const wire::Json&, Outcome& outcome) {
                   if (of_no_family(operation) && outcome) outcome = wire::Json::array();
                 }),
  };
}

}  // namespace

std::vector<Fault> faults_by_model() {
  return joined({by_rule(), by_kind(), by_operation(), by_outcome()});
}

}  // namespace conformance::ssm::protocol
