#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/documents/sequence.h"
#include "conformance/ssm/resources.h"

namespace conformance::ssm::documents {
namespace {

using fuzzers::Defect;
using fuzzers::Suspicion;
using harness::report::FoundDefect;
using harness::wire::HttpText;
using harness::wire::Json;
using harness::wire::Transport;
namespace run = harness::run;

constexpr int kMaxSequencePages = 200;  // one account a page, and an empty page behind each
constexpr std::size_t kMaxTries = 300;
constexpr std::size_t kMaxShown = 64;

std::string_view name_of(Step::Verb verb) {
  using V = Step::Verb;
  switch (verb) {
    case V::create:
      return "create";
    case V::share:
      return "share";
    case V::unshare:
      return "unshare";
    case V::describe:
      return "describe";
    case V::page:
      return "page";
    case V::remove:
      return "delete";
    case V::status:
      return "status";
  }
  return "?";
}

std::vector<std::string> account_ids(const Step& step) {
  constexpr std::uint64_t kFirst = 200000000000;
  return run::counted_up(std::to_string(kFirst + static_cast<std::uint64_t>(step.first)),
                         static_cast<std::size_t>(step.last - step.first + 1));
}

// A text without one step after the other, as long as it still shows the same.
std::string without_steps(const std::string& input, const std::function<bool(const std::string&)>& still) {
  auto steps = parse_steps(input);
  std::size_t tries = 0;
  const auto try_it = [&](const std::vector<Step>& candidate) {
    if (candidate == steps || ++tries > kMaxTries || !still(print_steps(candidate))) return false;
    steps = candidate;
    return true;
  };
  for (bool changed = true; changed && tries < kMaxTries;) {
    changed = false;
    for (std::size_t i = steps.size(); i-- > 0;) {
      auto fewer = steps;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      changed = try_it(fewer) || changed;
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const int last : {steps[i].first, (steps[i].first + steps[i].last) / 2, steps[i].last - 1}) {
        if (steps[i].last <= steps[i].first || last < steps[i].first || last >= steps[i].last) continue;
        auto smaller = steps;
        smaller[i].last = last;
        changed = try_it(smaller) || changed;
      }
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].document == 'a') continue;
      auto renamed = steps;
      const char old = steps[i].document;
      for (Step& s : renamed) {
        if (s.document == old) s.document = 'a';
      }
      changed = try_it(renamed) || changed;
    }
  }
  return print_steps(steps);
}

}  // namespace

// ---- one step ----

void SequenceRunner::know(const Document& document) {
  auto& known = live_.fixtures().situation().knowledge.of(kDocument);
  if (document.exists)
    known[document.name] = {.exists = true, .ours = true, .holds = {{kAccounts, document.accounts}}};
  else
    known.erase(document.name);  // its prefix says that it is not there
}

// True if it was done.
bool SequenceRunner::call(std::string_view operation, const Json& input, bool must_succeed) {
  HttpText text;
  text.request.headers.add("X-Amz-Target",
                           fmt::format("{}.{}", live_.data().model.target_prefix(), operation));
  text.request.headers.add("Content-Type", "application/x-amz-json-1.1");
  text.request.body = harness::wire::to_text(input);
  sent_.push_back(text);
  std::string as_written = harness::wire::print_http_text(text);
  auto judged = live_.send(std::move(text), std::move(as_written));
  if (!judged) {
    unsure_ = true;
    return false;
  }
  last_ = std::move(judged);
  const auto& e = last_->exchange;
  if (learn_) live_.learn(e, before_);
  const bool answered = e.transport == Transport::answered;
  const bool done = answered && e.response.status == 200;
  for (Defect d : last_->defects) fail(std::move(d.rule), std::move(d.message));
  if (!answered || e.response.status >= 500) {
    unsure_ = true;
    if (answered && defects_.empty())
      fail("availability/server-error", "a valid request was answered with 5xx");
  } else if (must_succeed && !done) {
    fail("outcome/rejected",
         fmt::format("a valid {} was answered with {}", operation, harness::oracle::answer_kind(e)));
  }
  return done;
}

void SequenceRunner::fail(std::string rule, std::string message) {
  Defect d{harness::oracle::signature_of(last_->prepared.classification), std::move(message)};
  d.rule = std::move(rule);
  for (const auto& verb : verbs_) d.request += "+after-" + verb;
  d.answer = harness::oracle::answer_kind_for(d.rule, last_->exchange);
  defects_.push_back(std::move(d));
}

void SequenceRunner::take(const Step& step) {
  using V = Step::Verb;
  auto& known = live_.fixtures().situation().knowledge;
  if (step.verb == V::status) {
    if (known.unimplemented.contains("GetConnectionStatus")) return;
    call("GetConnectionStatus", {{"Target", live_.fixtures().situation().bindings.value("node")}}, false);
    return;
  }
  Document& d = documents_[step.document];
  if (d.name.empty()) {
    d.name = live_.fixtures().registry().new_name(std::string("seq-") + step.document);
    live_.fixtures().keep(d.name);
  }
  switch (step.verb) {
    case V::create: {
      if (!d.exists) live_.fixtures().registry().created(kDocument, d.name);
      const bool done =
          call("CreateDocument", live_.data().catalogue.kind(kDocument)->create->filled(d.name), !d.exists);
      if (done && !d.exists) {
        d.exists = true;
        d.accounts.clear();
      }
      return know(d);
    }
    case V::share:
    case V::unshare: {
      const bool add = step.verb == V::share;
      const auto ids = account_ids(step);
      const bool plain =
          std::all_of(ids.begin(), ids.end(), [&](const auto& id) { return d.accounts.contains(id) != add; });
      const bool done = call("ModifyDocumentPermission",
                             {{"Name", d.name},
                              {"PermissionType", "Share"},
                              {add ? "AccountIdsToAdd" : "AccountIdsToRemove", ids}},
                             d.exists && plain);
      if (!d.exists) return;
      if (!done && !plain) {
        // Nothing says what a refusal of some accounts means for the others.
        unsure_ = true;
        return;
      }
      if (done) {
        for (const auto& id : ids) {
          if (add)
            d.accounts.insert(id);
          else
            d.accounts.erase(id);
        }
      }
      return know(d);
    }
    case V::describe: {
      Json input = {{"Name", d.name}, {"PermissionType", "Share"}};
      if (step.first > 0) input["MaxResults"] = step.first;
      call("DescribeDocumentPermission", input, d.exists);
      return;
    }
    case V::page:
      return page(d, step.first);
    case V::remove: {
      const bool free = d.exists && d.accounts.empty();
      const bool done = call("DeleteDocument", {{"Name", d.name}}, free);
      if (done && free) {
        d.exists = false;
        live_.fixtures().registry().removed(kDocument, d.name);
      }
      return know(d);
    }
    case V::status:
      return;
  }
}

void SequenceRunner::page(Document& d, int most) {
  Json input = {{"Name", d.name}, {"PermissionType", "Share"}, {"MaxResults", most}};
  std::set<std::string> seen;
  for (int n = 0; n < kMaxSequencePages; ++n) {
    if (!call("DescribeDocumentPermission", input, d.exists) || !defects_.empty()) return;
    const auto body = harness::wire::parse_json(last_->exchange.response.body);
    if (!body || !body->value.is_object()) return;
    const auto ids = body->value.find("AccountIds");
    if (ids == body->value.end() || !ids->is_array()) return;
    for (const Json& id : *ids) {
      if (!id.is_string()) return;
      if (!seen.insert(id.get<std::string>()).second)
        return fail("relation/accounts",
                    fmt::format("{} stands on two pages", id.get<std::string>().substr(0, 40)));
    }
    const auto token = body->value.find("NextToken");
    if (token == body->value.end() || !token->is_string() || token->get_ref<const std::string&>().empty()) {
      if (seen != d.accounts)
        fail("relation/accounts",
             fmt::format("all pages together name {} accounts, but the document is shared with {}",
                         seen.size(), d.accounts.size()));
      return;
    }
    input["NextToken"] = *token;
  }
  fail("relation/token", fmt::format("after {} pages of {} accounts there is still a NextToken",
                                     kMaxSequencePages, d.accounts.size()));
}

// ---- a sequence ----

std::vector<Defect> SequenceRunner::run(const std::vector<Step>& steps) {
  documents_.clear();
  sent_.clear();
  defects_.clear();
  verbs_.clear();
  before_.clear();
  last_.reset();
  unsure_ = false;
  if (!live_.fixtures().can_create(kDocument)) return {};
  const std::size_t deaths = live_.deaths();
  for (const Step& step : steps) {
    if (unsure_ || !defects_.empty() || !live_.lost().empty()) break;
    take(step);
    if (defects_.empty()) verbs_.insert(std::string(name_of(step.verb)));
    before_ = name_of(step.verb);
  }
  clean_up();
  // What the last answers of an endpoint that dies look like is no finding of its own.
  if ((live_.is_unanswered() && live_.recover_endpoint()) || live_.deaths() != deaths) defects_.clear();
  return defects_;
}

void SequenceRunner::clean_up() {
  auto& known = live_.fixtures().situation().knowledge;
  for (auto& [letter, d] : documents_) {
    if (d.name.empty()) continue;
    if (d.exists || unsure_ || !defects_.empty()) live_.fixtures().discard(kDocument, d.name);
    live_.fixtures().leave(d.name);
    known.of(kDocument).erase(d.name);
    std::erase_if(known.tokens, [&name = d.name](const auto& t) { return t.second == name; });
  }
}

void SequenceRunner::one(std::string_view text) {
  const auto steps = parse_steps(text);
  if (steps.empty()) return;
  learn_ = true;
  const auto defects = run(steps);
  learn_ = false;
  for (const Defect& d : defects) {
    Suspicion s;
    s.defect = d;
    s.input = print_steps(steps);
    s.again = [this](const std::string& input, bool) -> std::vector<Defect> {
      if (!live_.still_there()) return {};
      return run(parse_steps(input));
    };
    s.minimise = without_steps;
    s.describe = [this](const std::string& input) { return describe(input); };
    live_.consider(s);
  }
}

FoundDefect SequenceRunner::describe(const std::string& text) {
  run(parse_steps(text));
  FoundDefect out;
  if (!last_) return out;
  const auto& situation = live_.fixtures().situation();
  run::CaseResult shown;
  run::describe(situation, last_->prepared, last_->exchange, shown);
  out.request = std::move(shown.request);
  out.response = std::move(shown.response);
  out.expected = std::move(shown.expected);
  out.because = "the steps before it:\n" + text;
  for (std::size_t i = 0; i < sent_.size() && i < kMaxShown; ++i) {
    for (auto& line : run::reproduction(situation, sent_[i])) out.reproduce.push_back(std::move(line));
  }
  HttpText last = last_->prepared.text;
  for (const Step& step : parse_steps(text)) {
    std::string line = print_steps({step});
    line.pop_back();
    last.comments.push_back("@step " + line);
  }
  out.http_text = harness::wire::print_http_text(last);
  return out;
}

}  // namespace conformance::ssm::documents
