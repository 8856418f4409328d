// How one place gives cases. Values are made for it (generate::site_values), each is put into the input, and
// model::validate() says what the whole breaks:
//
//   only the rule that the value is meant to break, here     a case that must be refused
//   that rule and another here (a length and a pattern)      the same, if no value breaks the rule alone
//   nothing                                                  a valid case
//   anything else, or something uncertain                    no case
//
// What the input breaks by itself (a placeholder where a pattern is) does not count.
//
// A page token is valid if an answer issued it, and none did: what breaks nothing else breaks that.
#include "harness/run/derive_by_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/base/replace.h"
#include "harness/generate/place.h"
#include "harness/generate/site_values.h"
#include "harness/generate/valid_input.h"
#include "harness/model/validate.h"
#include "harness/oracle/page_token.h"
#include "harness/run/example.h"
#include "harness/run/resources.h"

namespace harness::run {
namespace {

using model::Place;
using model::Violation;
using wire::Json;

// Stands for the run's own prefix while inputs are made, so that lengths and patterns are right.
constexpr std::string_view kSamplePrefix = "ssmc-0123456789-";
// Of values that try to break the same constraint.
constexpr std::size_t kMaxOutside = 2;
constexpr std::size_t kLongToken = 4096;

// What names in its inputs begin with. Behind the prefix come letters of the operation's own: what one makes
// must not be there for another.
std::string own_names(const model::Operation& operation) {
  return std::string(kSamplePrefix) + letters_for(operation.name, 6);
}

// In the place of `{{case}}`, letters that no other case has: what two cases make must not be the same.
std::string of_case(std::string text, std::string_view id) {
  constexpr std::string_view kCase = "{{case}}";
  if (text.find(kCase) != std::string::npos) base::replace_all(text, kCase, letters_for(id, 8));
  return text;
}

std::string with_placeholder(std::string text) {
  base::replace_all(text, kSamplePrefix, "{{prefix}}");
  return text;
}

// In ids, an element, a key and a value have names, for brackets and braces mean something to shells:
// "Tags[].Key" is Tags.member.Key, as in AWS's own messages.
std::string in_id(std::string path) {
  for (const auto& [sign, word] : {std::pair{"[]", ".member"}, {"{key}", ".key"}, {"{}", ".value"}})
    base::replace_all(path, sign, word);
  return path;
}

// The rule that a value of this group is meant to break.
std::optional<Violation::Rule> rule_of(std::string_view group) {
  using R = Violation::Rule;
  for (const R rule : {R::type, R::required, R::length, R::range, R::pattern, R::enumeration}) {
    if (group == model::to_string(rule)) return rule;
  }
  return std::nullopt;
}

// Page tokens that no endpoint issued. `text` is one by its constraints.
std::vector<generate::SiteValue> made_up_tokens(const model::Constraints& c, const Json& text) {
  std::vector<generate::SiteValue> out = {{"token/never-issued", "a text that no answer issued", text},
                                          {"token/base64", "made-up words in base64", "bmV2ZXIgaXNzdWVk"}};
  // The longest that a shorter limit allows is one of the lengths.
  if (!c.max_length || std::cmp_greater(*c.max_length, kLongToken))
    out.push_back({"token/long", fmt::format("{} characters that no answer issued", kLongToken),
                   std::string(kLongToken, 'a')});
  return out;
}

enum class Breaks { nothing, exactly, with_others, something_else };

class Deriver {
 public:
  Deriver(const model::Model& model, const model::Operation& operation)
      : model_(model),
        operation_(operation),
        own_(own_names(operation)),
        token_rule_(oracle::rule_of_token(operation)) {}

  std::vector<Case> derive(const Json* given) {
    if (operation_.input == nullptr) return {};
    if (given != nullptr) {
      base_ = *given;
    } else {
      auto made = generate::valid_input(operation_, {}, own_);
      if (!made) return {};
      base_ = *std::move(made);
    }
    const auto usual = violations_of(base_);
    for (const auto& v : usual.violations) usual_.insert(v.path);
    for (const auto& u : usual.uncertainties) usual_.insert(u.path);
    out_.push_back(made("implemented", "implemented", "a valid request: is the operation there at all?",
                        text_of(base_), text_of(base_), "", {"valid"}));
    for (const Place& place : model::places(operation_)) at(place);
    return std::move(out_);
  }

 private:
  model::Validation violations_of(const Json& input) const {
    wire::JsonText text;
    text.value = input;
    return model::validate(*operation_.input, text);
  }

  Breaks what_breaks(const Json& input, const Place& place, std::optional<Violation::Rule> rule) const {
    const auto found = violations_of(input);
    const std::string here = generate::concrete_path(input, place);
    bool this_one = false, others = false;
    for (const auto& v : found.violations) {
      if (v.path != here && usual_.contains(v.path)) continue;
      if (v.path != here) return Breaks::something_else;
      (v.rule == rule ? this_one : others) = true;
    }
    const bool open = std::any_of(found.uncertainties.begin(), found.uncertainties.end(),
                                  [&](const auto& u) { return !usual_.contains(u.path); });
    if (open) return Breaks::something_else;
    if (!this_one) return others ? Breaks::something_else : Breaks::nothing;
    return others ? Breaks::with_others : Breaks::exactly;
  }

  void at(const Place& place) {
    const auto here = generate::value_at(base_, place);
    const bool placeholder =
        here && here->is_string() && here->get_ref<const std::string&>().find("{{") != std::string::npos;
    const bool is_token = token_rule_ && place.path == operation_.paginator->input_token;
    // Some endpoints page by names: a token that is made up is none of those.
    auto example = generate::valid_value(place.member(), place.path, is_token ? own_ + "-token" : own_);
    if (here && !placeholder) example = *here;
    if (!example) return;
    // The neighbour that has a valid value there; or no token, for none was issued.
    Json control = base_;
    if (is_token) {
      control.erase(place.path);
    } else if (!here) {
      auto with = generate::with_value_at(base_, place, *example, own_);
      if (!with || what_breaks(*with, place, std::nullopt) != Breaks::nothing) return;
      control = *std::move(with);
    }
    const std::string control_text = text_of(control);
    std::map<std::string, std::vector<Case>> exact, joint;
    auto values = generate::site_values(place, *example, own_);
    if (is_token) {
      auto tokens = made_up_tokens(place.member().constraints, *example);
      std::move(tokens.begin(), tokens.end(), std::back_inserter(values));
    }
    for (auto& value : values) {
      const std::string group = value.label.substr(0, value.label.find('/'));
      if (place.recurs && group != "required" && group != "type") continue;
      auto input = generate::with_value_at(control, place, std::move(value.json), own_);
      if (!input) continue;
      const std::string topic = in_id(place.path) + "/" + value.label;
      const std::string title = fmt::format("{}: {}", place.path, value.title);
      const auto derived = [&](std::vector<std::string> breaks) {
        return made(topic, group, title, text_of(*input), control_text, place.path, std::move(breaks));
      };
      switch (what_breaks(*input, place, rule_of(group))) {
        case Breaks::exactly:
          exact[group].push_back(derived({group}));
          break;
        case Breaks::with_others:
          joint[group].push_back(derived({}));
          break;
        case Breaks::nothing:
          if (is_token && !wire::text_member(*input, place.path).empty()) {
            out_.push_back(made(topic, "token", title, text_of(*input), control_text, place.path,
                                {std::string(oracle::to_string(*token_rule_))}));
            break;
          }
          // Inside a pattern is the control; another of the same kind shows no more.
          if (group != "pattern" && *input != control) out_.push_back(derived({"valid"}));
          break;
        case Breaks::something_else:
          break;
      }
    }
    for (auto& [group, cases] : joint) {
      if (!exact.contains(group)) exact[group] = std::move(cases);
    }
    for (auto& [group, cases] : exact) {
      const bool any_of_many = group == "pattern" || group == "enum";
      if (any_of_many && cases.size() > kMaxOutside) cases.resize(kMaxOutside);
      std::move(cases.begin(), cases.end(), std::back_inserter(out_));
    }
  }

  Case made(const std::string& topic, std::string_view group, std::string title, std::string request,
            std::string control, std::string place, std::vector<std::string> breaks) const {
    Case c;
    c.breaks = std::move(breaks);
    c.id = operation_.name + "/" + topic;
    c.operation = operation_.name;
    c.source = Source::derived;
    c.title = std::move(title);
    c.clauses = {clause_by_model(group)};
    c.by_model = true;
    c.place = std::move(place);
    c.request = of_case(std::move(request), c.id);
    c.control = of_case(std::move(control), c.id);
    return c;
  }

  std::string text_of(const Json& input) const {
    return request_text(model_.identity(), operation_.name, with_placeholder(wire::to_text(input)));
  }

  const model::Model& model_;
  const model::Operation& operation_;
  const std::string own_;
  const std::optional<oracle::Rule> token_rule_;  // of a token that was not issued, if there are tokens
  Json base_;
  std::set<std::string> usual_;  // where the input breaks a rule by itself
  std::vector<Case> out_;
};

}  // namespace

std::vector<Case> derive_by_model(const model::Model& model, const model::Operation& operation,
                                  const Json* input) {
  return Deriver(model, operation).derive(input);
}

std::optional<Example> example_by_model(const model::Operation& operation) {
  const auto input = generate::valid_input(operation, {}, own_names(operation));
  if (!input) return std::nullopt;
  Example out;
  out.by_model = true;
  for (const auto& [name, value] : input->items())
    out.input.emplace_back(name, with_placeholder(wire::to_text(value)));
  return out;
}

std::string clause_by_model(std::string_view group) {
  return fmt::format("protocol/model/{}", group);
}

}  // namespace harness::run
