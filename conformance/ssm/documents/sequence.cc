#include "conformance/ssm/documents/sequence.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/documents/sequence_step.h"
#include "conformance/ssm/resources.h"

namespace conformance::ssm::documents {
namespace {

using fuzzers::SequenceCalls;
using harness::generate::Random;
using harness::wire::Json;
namespace run = harness::run;

constexpr int kMaxPages = 200;  // one account a page, and an empty page behind each

std::vector<std::string> account_ids(const Step& step) {
  constexpr std::uint64_t kFirst = 200000000000;
  return run::counted_up(std::to_string(kFirst + static_cast<std::uint64_t>(step.first)),
                         static_cast<std::size_t>(step.last - step.first + 1));
}

}  // namespace

harness::Status DocumentSteps::possible() {
  if (live_.fixtures().can_create(kDocument)) return {};
  auto tried = live_.fixtures().try_to_create(kDocument);
  if (tried) return {};
  return harness::fail("no document can be created: " + tried.error().message);
}

// ---- the text ----

std::optional<std::string> DocumentSteps::read(std::string_view line) const {
  const auto step = parse_step(line);
  return step ? std::optional(print_step(*step)) : std::nullopt;
}

std::string DocumentSteps::make(Random& random, const std::vector<std::string>&) const {
  return print_step(any_step(random));
}

std::string DocumentSteps::make_like(Random& random, const std::string& like) const {
  Step step = *parse_step(like);
  renumber(step, random);
  return print_step(step);
}

std::vector<std::string> DocumentSteps::simpler(const std::string& text) const {
  const Step step = *parse_step(text);
  std::vector<std::string> out;
  for (const int last : {step.first, (step.first + step.last) / 2, step.last - 1}) {
    if (step.last <= step.first || last < step.first || last >= step.last) continue;
    Step smaller = step;
    smaller.last = last;
    out.push_back(print_step(smaller));
  }
  return out;
}

// ---- one step ----

void DocumentSteps::know(const Document& document) {
  auto& known = live_.fixtures().situation().knowledge.of(kDocument);
  if (document.exists)
    known[document.name] = {.exists = true, .ours = true, .holds = {{kAccounts, document.accounts}}};
  else
    known.erase(document.name);  // its prefix says that it is not there
}

void DocumentSteps::take(const std::string& text, SequenceCalls& calls) {
  const Step step = *parse_step(text);
  using V = Step::Verb;
  if (step.verb == V::status) {
    const auto& situation = calls.situation();
    if (situation.knowledge.unimplemented.contains("GetConnectionStatus")) return;
    calls.call("GetConnectionStatus", {{"Target", situation.bindings.value("node")}}, false);
    return;
  }
  Document& d = documents_[step.document];
  if (d.name.empty()) {
    d.name = live_.fixtures().registry().new_name(std::string("seq-") + step.document);
    live_.fixtures().keep(d.name);
  }
  switch (step.verb) {
    case V::create:
      return create(d, calls);
    case V::share:
    case V::unshare:
      return change(d, step.verb == V::share, account_ids(step), calls);
    case V::describe: {
      Json input = {{"Name", d.name}, {"PermissionType", "Share"}};
      if (step.first > 0) input["MaxResults"] = step.first;
      calls.call("DescribeDocumentPermission", input, d.exists);
      return;
    }
    case V::page:
      return page(d, step.first, calls);
    case V::remove:
      return remove(d, calls);
    case V::status:
      return;
  }
}

void DocumentSteps::create(Document& d, SequenceCalls& calls) {
  if (!d.exists) live_.fixtures().registry().created(kDocument, d.name);
  const bool done =
      calls.call("CreateDocument", live_.data().catalogue.kind(kDocument)->create->filled(d.name), !d.exists);
  if (done && !d.exists) {
    d.exists = true;
    d.accounts.clear();
  }
  know(d);
}

void DocumentSteps::change(Document& d, bool add, const std::vector<std::string>& ids, SequenceCalls& calls) {
  const bool plain =
      std::all_of(ids.begin(), ids.end(), [&](const auto& id) { return d.accounts.contains(id) != add; });
  const bool done = calls.call(
      "ModifyDocumentPermission",
      {{"Name", d.name}, {"PermissionType", "Share"}, {add ? "AccountIdsToAdd" : "AccountIdsToRemove", ids}},
      d.exists && plain);
  if (!d.exists) return;
  // Nothing says what a refusal of some accounts means for the others.
  if (!done && !plain) return calls.lose_track();
  if (done) {
    for (const auto& id : ids) {
      if (add)
        d.accounts.insert(id);
      else
        d.accounts.erase(id);
    }
  }
  know(d);
}

void DocumentSteps::page(const Document& d, int most, SequenceCalls& calls) {
  Json input = {{"Name", d.name}, {"PermissionType", "Share"}, {"MaxResults", most}};
  std::set<std::string> seen;
  for (int n = 0; n < kMaxPages; ++n) {
    if (!calls.call("DescribeDocumentPermission", input, d.exists) || calls.is_unsure()) return;
    const Json body = calls.answer();
    const Json* ids = harness::wire::member(body, "AccountIds");
    if (ids == nullptr || !ids->is_array()) return;
    for (const Json& id : *ids) {
      if (!id.is_string()) return;
      if (!seen.insert(id.get<std::string>()).second)
        return calls.fail("relation/accounts",
                          fmt::format("{} stands on two pages", id.get<std::string>().substr(0, 40)));
    }
    const std::string token = harness::wire::text_member(body, "NextToken");
    if (token.empty()) {
      if (seen != d.accounts)
        calls.fail("relation/accounts",
                   fmt::format("all pages together name {} accounts, but the document is shared with {}",
                               seen.size(), d.accounts.size()));
      return;
    }
    input["NextToken"] = token;
  }
  calls.fail("relation/token", fmt::format("after {} pages of {} accounts there is still a NextToken",
                                           kMaxPages, d.accounts.size()));
}

void DocumentSteps::remove(Document& d, SequenceCalls& calls) {
  const bool free = d.exists && d.accounts.empty();
  const bool done = calls.call("DeleteDocument", {{"Name", d.name}}, free);
  if (done && free) {
    d.exists = false;
    live_.fixtures().registry().removed(kDocument, d.name);
  }
  know(d);
}

void DocumentSteps::end(SequenceCalls& calls) {
  auto& known = calls.situation().knowledge;
  for (auto& [letter, d] : documents_) {
    if (d.name.empty()) continue;
    if (d.exists || calls.is_unsure()) live_.fixtures().discard(kDocument, d.name);
    live_.fixtures().leave(d.name);
    known.of(kDocument).erase(d.name);
    std::erase_if(known.tokens, [&name = d.name](const auto& t) { return t.second == name; });
  }
  documents_.clear();
}

}  // namespace conformance::ssm::documents
