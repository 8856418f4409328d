// What must hold of changes: each is made as it was asked for, wholly or not at all, once however often it is
// asked for, and none is lost to another. A scenario changes a document by calls that are not judged
// themselves (whether they may be refused is no matter here), and then reads whom the document is shared
// with.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/ssm/documents/scenario_support.h"
#include "conformance/ssm/scenarios.h"

namespace conformance::ssm::documents {
namespace {

using harness::wire::HttpText;
using harness::wire::Transport;

constexpr const char* kFirst = "111122223333";
constexpr const char* kSecond = "444455556666";

HttpText modification(ScenarioContext& c, const std::string& document, const Json& members) {
  return c.client().request(kModifyDocumentPermission, describe_input(document, members));
}

// A refusal says that nothing was done. No other answer does: what came of a request that was answered with
// 500, or not at all, is not known.
bool refused(const Reply& reply) {
  const auto& e = reply.exchange;
  return e.transport == Transport::answered && e.response.status >= 400 && e.response.status < 500;
}

// ---- ids ----

// Account ids that mean something else to a reader of numbers: they are text of twelve digits.
void ids_are_kept(ScenarioContext& c, const Accounts& ids) {
  const auto document = new_document(c, "ids");
  if (!document || !share(c, *document, {kFirst}) || !is_shared_with(c, *document, {kFirst})) return;
  const Reply added = c.try_change(*document, modification(c, *document, {{"AccountIdsToAdd", ids}}));
  if (!added.ok()) {
    // Who finds fault with their form refuses what the pattern allows; an endpoint may also know its
    // accounts.
    const bool by_form = added.code == "ValidationException" || added.code == "ValidationError" ||
                         added.code == "SerializationException";
    c.expect(!refused(added) || !by_form, "outcome/rejected",
             fmt::format("{} was accepted as an account, but {} is answered with {}", kFirst, names_of(ids),
                         added.text()));
    return c.unchecked(fmt::format("sharing with {} is answered with {}", names_of(ids), added.text()));
  }
  Accounts all = ids;
  all.emplace_back(kFirst);
  if (!expect_sharing(c, *document, all, "relation/accounts", "ids that are other numbers, or the same"))
    return;
  if (!unshare(c, *document, ids)) return;
  expect_sharing(c, *document, {kFirst}, "relation/accounts", "sharing was stopped with all but one");
}

void leading_zeros(ScenarioContext& c) {
  ids_are_kept(c, {"000000000012", "000000000120", "012000000000", "000000000777", "012345678901"});
}
void round_numbers(ScenarioContext& c) {
  ids_are_kept(c, {"100000000000", "200000000000", "120000000000", "999999999999", "999999999998"});
}

// ---- repetition ----

// Adds to or takes from a document that is shared with `before`: in two calls that are the same, or in one
// that names each account twice. Whether a repetition may be refused is not documented; what it must not do
// is change anything.
struct Repetition {
  const char* list;
  Accounts accounts;
  Accounts before;
  Accounts after;
};

void repeat(ScenarioContext& c, const Repetition& r, bool in_one_call) {
  const auto document = new_document(c, "repeated");
  if (!document || (!r.before.empty() && !share(c, *document, r.before))) return;
  if (!is_shared_with(c, *document, r.before)) return;
  Accounts sent = r.accounts;
  if (in_one_call) {
    sent.insert(sent.end(), r.accounts.begin(), r.accounts.end());
  } else {
    const bool add = r.list == std::string_view("AccountIdsToAdd");
    if (!(add ? share(c, *document, r.accounts) : unshare(c, *document, r.accounts))) return;
    if (!is_shared_with(c, *document, r.after)) return;
  }
  const Reply reply = c.try_change(*document, modification(c, *document, {{r.list, sent}}));
  const std::string answer = fmt::format("the repetition is answered with {}", reply.text());
  if (!reply.ok() && !refused(reply)) return c.unchecked(answer);
  // One call that was refused has changed nothing at all.
  const Accounts& expected = in_one_call && !reply.ok() ? r.before : r.after;
  if (!expect_sharing(c, *document, expected, "relation/repeated-change",
                      fmt::format("{} {} ({})", r.list, names_of(sent), reply.text()))) {
    return;
  }
  if (!reply.ok()) return c.unchecked(answer);
  // Who keeps an account twice, and names it once, still has it after it was taken away.
  if (!unshare(c, *document, r.after)) return;
  expect_sharing(c, *document, {}, "relation/repeated-change", "sharing was stopped once with all");
}

void add_in_two_calls(ScenarioContext& c) {
  repeat(c, {"AccountIdsToAdd", {kSecond}, {kFirst}, {kFirst, kSecond}}, false);
}
void add_in_one_call(ScenarioContext& c) {
  repeat(c, {"AccountIdsToAdd", {kSecond}, {kFirst}, {kFirst, kSecond}}, true);
}
void add_public_in_two_calls(ScenarioContext& c) {
  repeat(c, {"AccountIdsToAdd", {"all"}, {}, {"all"}}, false);
}
void remove_in_two_calls(ScenarioContext& c) {
  repeat(c, {"AccountIdsToRemove", {kSecond}, {kFirst, kSecond}, {kFirst}}, false);
}
void remove_in_one_call(ScenarioContext& c) {
  repeat(c, {"AccountIdsToRemove", {kSecond}, {kFirst, kSecond}, {kFirst}}, true);
}

// ---- refusals ----

// Changes that are wrong, each in one way, of a document that is shared with kFirst. Refused, they must leave
// no trace.

HttpText bad_id_last(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {kSecond, "12345"}}});
}
HttpText bad_id_first(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {"everybody", kSecond}}});
}
HttpText number_among_ids(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {kSecond, 777788889999}}});
}
HttpText bad_id_to_remove(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToRemove", {kFirst, "12345"}}});
}
HttpText good_to_add_bad_to_remove(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {kSecond}}, {"AccountIdsToRemove", {"12345"}}});
}
HttpText bad_to_add_good_to_remove(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {"12345"}}, {"AccountIdsToRemove", {kFirst}}});
}
HttpText too_many_to_add(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", account_ids(21)}});
}
HttpText too_many_to_remove(ScenarioContext& c, const std::string& document) {
  Accounts ids = account_ids(20);
  ids.insert(ids.begin(), kFirst);
  return modification(c, document, {{"AccountIdsToRemove", ids}});
}
HttpText wrong_permission_type(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {kSecond}}, {"PermissionType", "share"}});
}
HttpText no_permission_type(ScenarioContext& c, const std::string& document) {
  return c.client().request(kModifyDocumentPermission, {{"Name", document}, {"AccountIdsToAdd", {kSecond}}});
}
HttpText wrong_version(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {kSecond}}, {"SharedDocumentVersion", "latest"}});
}
HttpText wrong_version_of_shared(ScenarioContext& c, const std::string& document) {
  return modification(c, document, {{"AccountIdsToAdd", {kFirst}}, {"SharedDocumentVersion", "latest"}});
}
HttpText cut_body(ScenarioContext& c, const std::string& document) {
  HttpText request = modification(c, document, {{"AccountIdsToAdd", {kSecond}}});
  request.request.body.pop_back();
  return request;
}
HttpText name_taken(ScenarioContext& c, const std::string& document) {
  return c.client().request("CreateDocument", document_input(c, document));
}

void refused_change(ScenarioContext& c, HttpText (*request)(ScenarioContext&, const std::string&)) {
  const auto document = new_document(c, "refused");
  if (!document || !share(c, *document, {kFirst}, "$LATEST") || !is_shared_with(c, *document, {kFirst}))
    return;
  const auto before = read_sharing(c, *document, 1);
  if (!before) return;
  const Reply reply = c.try_change(*document, request(c, *document));
  if (!refused(reply))
    return c.unchecked(fmt::format("it is not refused, but answered with {}", reply.text()));
  const auto after = read_sharing(c, *document, 2);
  if (!after) return;
  c.expect(after->accounts == before->accounts && after->versions == before->versions,
           "relation/refused-change",
           fmt::format(
               "the change was refused ({}), but has left a trace: the document was shared with {}, and is "
               "shared with {}",
               reply.text(), names_of(before->accounts), names_of(after->accounts)));
}

template <HttpText (*kRequest)(ScenarioContext&, const std::string&)>
void refused_case(ScenarioContext& c) {
  refused_change(c, kRequest);
}

// A document that could not be created is not there.
void refused_creation(ScenarioContext& c) {
  const std::array<Json, 3> wrong = {Json{{"DocumentType", "NoSuchType"}}, Json{{"Content", nullptr}},
                                     Json{{"Content", "no document"}}};
  bool any = false;
  for (const Json& members : wrong) {
    const std::string name = c.name("refused");
    Json input = document_input(c, name);
    for (const auto& [member, value] : members.items()) input[member] = value;
    const Reply reply = c.try_create(kDocument, name, input);
    if (refused(reply)) {
      any = true;
      c.situation().knowledge.of(kDocument)[name] = {.exists = false, .ours = true, .holds = {}};
      // The oracle knows that it does not exist; an answer that describes it is a defect.
      c.call(kDescribeDocumentPermission, describe_input(name));
    }
    if (!refused(reply) || c.failed()) c.discard(kDocument, name);
    if (c.failed()) return;
  }
  if (!any) c.unchecked("no creation was refused");
}

// A deletion that was refused, for there is no such version, deletes nothing.
void refused_deletion(ScenarioContext& c) {
  const auto document = new_document(c, "refused");
  if (!document) return;
  const Reply reply = c.try_change(
      *document, c.client().request("DeleteDocument", {{"Name", *document}, {"DocumentVersion", "99"}}));
  if (!refused(reply)) {
    c.situation().knowledge.of(kDocument).erase(*document);  // it may be gone
    return c.unchecked(fmt::format("it is not refused, but answered with {}", reply.text()));
  }
  c.call(kDescribeDocumentPermission, describe_input(*document));
}

// ---- changes at once ----

constexpr std::size_t kLanes = 8;
constexpr std::size_t kRounds = 4;

// Every lane makes its changes one after the other, all lanes at once. A change that was accepted is there in
// the end, whatever others did meanwhile; of one that was refused nothing is said.
void at_once(ScenarioContext& c, std::size_t removing) {
  const auto document = new_document(c, "at-once");
  const Accounts shared = account_ids(removing * kRounds + 1, 200000000000);
  if (!document || !share(c, *document, shared) || !is_shared_with(c, *document, shared)) return;
  std::array<Accounts, kLanes> added;
  std::array<Accounts, kLanes> removed;
  c.concurrently(kLanes, [&](std::size_t i, ScenarioContext& lane) {
    for (std::size_t round = 0; round < kRounds; ++round) {
      const bool remove = i < removing;
      const std::string account =
          remove ? shared[i * kRounds + round] : account_ids(1, 300000000000 + i * kRounds + round).front();
      const char* list = remove ? "AccountIdsToRemove" : "AccountIdsToAdd";
      if (lane.try_change(*document, modification(lane, *document, {{list, {account}}})).ok())
        (remove ? removed : added)[i].push_back(account);
    }
  });
  const auto sharing = read_sharing(c, *document, shared.size() + kLanes * kRounds);
  if (!sharing) return;
  const auto named = [&](const std::string& account) {
    return std::binary_search(sharing->accounts.begin(), sharing->accounts.end(), account);
  };
  std::size_t accepted = 0;
  Accounts lost;
  for (std::size_t i = 0; i < kLanes; ++i) {
    accepted += added[i].size() + removed[i].size();
    for (const auto& account : added[i]) {
      if (!named(account)) lost.push_back("+" + account);
    }
    for (const auto& account : removed[i]) {
      if (named(account)) lost.push_back("-" + account);
    }
  }
  // The one that nobody touched.
  if (!named(shared.back())) lost.push_back("+" + shared.back());
  c.expect(lost.empty(), "relation/lost-change",
           fmt::format("of {} changes that were accepted, {} are lost: {}", accepted, lost.size(),
                       names_of(lost)));
  if (accepted < 2) c.unchecked("of changes at once, at most one was accepted");
}

void additions_at_once(ScenarioContext& c) {
  at_once(c, 0);
}
void additions_and_removals_at_once(ScenarioContext& c) {
  at_once(c, kLanes / 2);
}

}  // namespace

std::vector<Scenario> scenarios_changes() {
  constexpr const char* op = kDescribeDocumentPermission;
  return {
      {"DescribeDocumentPermission/scenario/ids/leading-zeros", op, "account ids that begin with zeros",
       leading_zeros},
      {"DescribeDocumentPermission/scenario/ids/round-numbers", op,
       "account ids that are round numbers, or next to one", round_numbers},

      {"DescribeDocumentPermission/scenario/repeated/add-in-two-calls", op,
       "sharing with an account that has the document already", add_in_two_calls},
      {"DescribeDocumentPermission/scenario/repeated/add-in-one-call", op,
       "sharing with an account that the call names twice", add_in_one_call},
      {"DescribeDocumentPermission/scenario/repeated/add-public-in-two-calls", op,
       "making a document public that is public", add_public_in_two_calls},
      {"DescribeDocumentPermission/scenario/repeated/remove-in-two-calls", op,
       "stopping to share with an account that does not have the document", remove_in_two_calls},
      {"DescribeDocumentPermission/scenario/repeated/remove-in-one-call", op,
       "stopping to share with an account that the call names twice", remove_in_one_call},

      {"DescribeDocumentPermission/scenario/refused/bad-id-last", op, "a good account and a bad one",
       refused_case<bad_id_last>},
      {"DescribeDocumentPermission/scenario/refused/bad-id-first", op, "a bad account and a good one",
       refused_case<bad_id_first>},
      {"DescribeDocumentPermission/scenario/refused/number-among-ids", op, "a good account and a number",
       refused_case<number_among_ids>},
      {"DescribeDocumentPermission/scenario/refused/bad-id-to-remove", op,
       "stopping to share with a good account and a bad one", refused_case<bad_id_to_remove>},
      {"DescribeDocumentPermission/scenario/refused/bad-to-remove", op,
       "a good account to add and a bad one to remove", refused_case<good_to_add_bad_to_remove>},
      {"DescribeDocumentPermission/scenario/refused/bad-to-add", op,
       "a bad account to add and a good one to remove", refused_case<bad_to_add_good_to_remove>},
      {"DescribeDocumentPermission/scenario/refused/too-many-to-add", op, "21 accounts to add",
       refused_case<too_many_to_add>},
      {"DescribeDocumentPermission/scenario/refused/too-many-to-remove", op, "21 accounts to remove",
       refused_case<too_many_to_remove>},
      {"DescribeDocumentPermission/scenario/refused/wrong-permission-type", op,
       "sharing with a permission type that there is not", refused_case<wrong_permission_type>},
      {"DescribeDocumentPermission/scenario/refused/no-permission-type", op,
       "sharing without a permission type", refused_case<no_permission_type>},
      {"DescribeDocumentPermission/scenario/refused/wrong-version", op,
       "sharing a version that cannot be shared", refused_case<wrong_version>},
      {"DescribeDocumentPermission/scenario/refused/wrong-version-of-shared", op,
       "sharing a version that cannot be shared with an account that has another",
       refused_case<wrong_version_of_shared>},
      {"DescribeDocumentPermission/scenario/refused/cut-body", op, "sharing by JSON that is cut off",
       refused_case<cut_body>},
      {"DescribeDocumentPermission/scenario/refused/name-taken", op,
       "creating a document that exists and is shared", refused_case<name_taken>},
      {"DescribeDocumentPermission/scenario/refused/creation", op, "creating a document that cannot be",
       refused_creation},
      {"DescribeDocumentPermission/scenario/refused/deletion", op, "deleting a version that there is not",
       refused_deletion},

      {"DescribeDocumentPermission/scenario/at-once/additions", op,
       "sharing one document with many accounts at once", additions_at_once},
      {"DescribeDocumentPermission/scenario/at-once/additions-and-removals", op,
       "sharing one document, and stopping to, at once", additions_and_removals_at_once},
  };
}

}  // namespace conformance::ssm::documents
