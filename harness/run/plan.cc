#include "harness/run/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace harness::run {
namespace {

// True if the case is about something that only a user can name.
bool names_given(const Situation& situation, const Case& c) {
  const auto& fixtures = situation.pack.catalogue->fixtures();
  return std::any_of(fixtures.begin(), fixtures.end(), [&](const Fixture& f) {
    return f.form == Fixture::Form::given && uses(c.request, f.name);
  });
}

// The constraints that a request breaks, if it breaks no other rule and all at one place.
std::vector<std::string> sites_of(const Case& c, const oracle::Classification& classification) {
  if (c.place.empty()) return {};
  std::vector<std::string> sites;
  for (const auto& v : classification.violations) {
    if (v.rule == oracle::Rule::state) continue;  // the control breaks it as well
    const bool constraint = v.rule >= oracle::Rule::required && v.rule <= oracle::Rule::enumeration;
    if (!constraint) return {};
    sites.push_back(fmt::format("{}/{}", c.place, to_string(v.rule)));
  }
  return sites;
}

}  // namespace

CaseResult result_for(const Case& c, Verdict verdict, std::string reason) {
  CaseResult r;
  r.id = c.id;
  r.operation = c.operation;
  r.source = c.source;
  r.title = c.title;
  r.clauses = c.clauses;
  r.place = c.place;
  r.verdict = verdict;
  r.reason = std::move(reason);
  return r;
}

bool uses(std::string_view text, std::string_view placeholder) {
  return text.find(fmt::format("{{{{{}}}}}", placeholder)) != std::string_view::npos;
}

std::set<std::string> wanted_placeholders(const Situation& situation, const std::vector<const Case*>& cases,
                                          const Examples& examples) {
  std::set<std::string> out;
  const auto add = [&](std::string_view text) {
    for (auto& [name, argument] : wire::placeholders(text)) out.insert(name);
  };
  for (const Case* c : cases) {
    if (decide(situation, *c)) continue;
    add(c->request);
    add(c->control);
    if (c->operation != kProtocol) continue;
    // Any operation that is there may stand in: which one can is seen once there are fixtures.
    for (const auto& [operation, example] : examples) {
      if (!situation.knowledge.unimplemented.contains(operation)) add(to_body(example.input));
    }
  }
  return out;
}

void bind_protocol_body(Situation& situation) {
  bind_protocol_body(situation, situation.bindings);
}

void bind_protocol_body(Situation& situation, const Bindings& meaning) {
  const Examples& examples = *situation.pack.examples;
  const auto example = examples.find(situation.bindings.value("protocol-operation"));
  if (example == examples.end()) return;
  auto body = meaning.expand(to_body(example->second.input));
  if (!body && situation.knowledge.unimplemented.contains(example->first)) {
    // Nothing is judged of the members then; any object with one will do.
    body = R"({"Name":"x"})";
  }
  if (!body) {
    situation.bindings.cannot("protocol-body", body.error().message);
    situation.bindings.cannot("protocol-members", body.error().message);
    return;
  }
  situation.bindings.set("protocol-body", *body);
  situation.bindings.set("protocol-members", body->substr(1, body->size() - 2));
}

std::optional<CaseResult> decide(const Situation& situation, const Case& c) {
  if (const auto it = situation.knowledge.unimplemented.find(c.operation);
      it != situation.knowledge.unimplemented.end()) {
    if (situation.denied.contains(c.operation))
      return result_for(c, Verdict::unchecked,
                        fmt::format("the credentials of this run may not call {}", c.operation));
    return result_for(
        c, Verdict::not_implemented,
        fmt::format("the endpoint does not have the operation: it is answered with {}", it->second));
  }
  return std::nullopt;
}

Planned plan_exchanges(const Situation& situation, const std::vector<const Case*>& cases) {
  Planned out;
  std::map<std::string, std::size_t> controls;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& c = *cases[i];
    if (auto decided = decide(situation, c)) {
      out.decided.push_back(std::move(*decided));
      continue;
    }
    PlannedCase p;
    p.source = &c;
    p.number = i;
    auto request = prepare(situation, c.request);
    if (!request) {
      // What only a user can name was not named; what a run makes is a fixture that failed.
      out.decided.push_back(result_for(c, names_given(situation, c) ? Verdict::unchecked : Verdict::blocked,
                                       request.error().message));
      continue;
    }
    p.request = std::move(*request);
    if (c.needs_authentication && !situation.knowledge.authentication)
      p.availability_only = "the endpoint does not verify signatures: only its availability was judged";
    if (c.availability || !p.availability_only.empty()) oracle::only_availability(p.request.expectation);
    p.sites = sites_of(c, p.request.classification);
    // A case that is its own control is not negative, even if a refusal would be no defect.
    const bool negative = c.request != c.control
                              ? !p.request.classification.violations.empty() || c.hostile || c.by_model
                              : c.hostile;
    if (negative && !c.control.empty()) {
      const auto [it, is_new] = controls.emplace(c.control, out.plan.controls.size());
      if (is_new) {
        auto control = prepare(situation, c.control);
        if (!control) {
          controls.erase(it);
          out.decided.push_back(result_for(c, Verdict::blocked, control.error().message));
          continue;
        }
        control->by_model = c.by_model;
        out.plan.controls.push_back(std::move(*control));
      }
      p.control = it->second;
      p.has_control = true;
    }
    out.plan.cases.push_back(std::move(p));
  }
  return out;
}

}  // namespace harness::run
