#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "conformance/ssm/fault_support.h"

// Changes that are made otherwise than asked for: ids read as numbers, repetitions that count, refusals that
// leave a trace, updates that get lost. And names that are compared or given back in part.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;
using Accounts = std::set<std::string>;
using Sharing = std::map<std::string, Accounts>;  // by document

constexpr const char* kDigits = "describe-document-permission/response/account-ids/digits";
constexpr const char* kRepeated = "describe-document-permission/description/repeated-changes";
constexpr const char* kRefused = "describe-document-permission/description/refused-changes";
constexpr const char* kAtOnce = "describe-document-permission/description/concurrent-changes";
constexpr const char* kWholeName = "describe-document-permission/name/whole";

About about(std::string name, FaultClass kind, const char* clause, std::string description) {
  return {std::move(name), kind, clause, hard, std::move(description)};
}

std::string name_of(const Json& input) {
  return text_of(input, "Name").value_or("");
}

/// The account ids of a list, as far as they are ones.
Accounts accounts_of(const Json& input, const char* list) {
  Accounts out;
  const auto found = input.is_object() ? input.find(list) : input.end();
  if (found == input.end() || !found->is_array()) return out;
  for (const Json& id : *found) {
    if (id.is_string() && id.get_ref<const std::string&>().size() == 12) out.insert(id.get<std::string>());
  }
  return out;
}

void add_account(Json& output, const std::string& account) {
  output["AccountIds"].push_back(account);
  output["AccountSharingInfoList"].push_back(
      Json{{"AccountId", account}, {"SharedDocumentVersion", "$DEFAULT"}});
}

/// Keeps of an output the accounts that fulfil `keep`.
void keep_accounts(Json& output, const std::function<bool(const std::string&)>& keep) {
  Json ids = Json::array();
  Json infos = Json::array();
  for (const Json& id : output["AccountIds"]) {
    if (keep(id)) ids.push_back(id);
  }
  for (const Json& info : output["AccountSharingInfoList"]) {
    if (keep(info["AccountId"])) infos.push_back(info);
  }
  output["AccountIds"] = std::move(ids);
  output["AccountSharingInfoList"] = std::move(infos);
}

// ---- ids ----

Fault writes_ids(std::string name, std::string description, Json (*write)(const std::string& id)) {
  return alters(about(std::move(name), relation, kDigits, std::move(description)), kDescribe,
                [=](const Json&, Json& output) {
                  for (Json& id : output["AccountIds"]) id = write(id);
                  for (Json& info : output["AccountSharingInfoList"])
                    info["AccountId"] = write(info["AccountId"]);
                });
}

std::string without_zeros(const std::string& id) {
  return id.substr(std::min(id.find_first_not_of('0'), id.size() - 1));
}

std::vector<Fault> id_faults() {
  return {
      writes_ids("account-ids-lose-leading-zeros",
                 "Leaves out the zeros at the beginning of an account's id.",
                 [](const std::string& id) -> Json { return without_zeros(id); }),
      writes_ids("account-ids-with-zeros-as-numbers", "Writes account ids that begin with a zero as numbers.",
                 [](const std::string& id) -> Json {
                   if (!id.starts_with('0')) return id;
                   return std::stoll(id);
                 }),
      writes_ids("account-ids-with-exponent", "Writes account ids that are round numbers with an exponent.",
                 [](const std::string& id) -> Json {
                   if (id.size() != 12 || id.find_first_not_of('0', 1) != std::string::npos) return id;
                   return id.substr(0, 1) + "e+11";
                 }),
      writes_ids("account-ids-in-single-precision", "Keeps account ids in numbers of 24 bits.",
                 [](const std::string& id) -> Json {
                   if (id.size() != 12 || id < "999999999000") return id;
                   return std::string("1000000000000");
                 }),
      refuses(about("account-ids-with-zeros-refused", relation, kDigits,
                    "Refuses account ids that begin with a zero."),
              kModify,
              [](const Json& input) {
                const Accounts ids = accounts_of(input, "AccountIdsToAdd");
                return !ids.empty() && ids.begin()->starts_with('0');
              }),
  };
}

// ---- repetition ----

/// Knows whom each document is shared with, before a change is made; `edit` changes the change.
Fault knows_sharing(About about, void (*edit)(const Accounts& shared, Json& input)) {
  return fault(std::move(about), [=] {
    const auto sharing = std::make_shared<Sharing>();
    FaultHooks hooks;
    hooks.input = [=](std::string_view operation, Json& input) {
      if (operation == kModify && input.is_object()) edit((*sharing)[name_of(input)], input);
    };
    hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
      if (operation != kModify || !outcome) return;
      Accounts& shared = (*sharing)[name_of(input)];
      for (const auto& id : accounts_of(input, "AccountIdsToAdd")) shared.insert(id);
      for (const auto& id : accounts_of(input, "AccountIdsToRemove")) shared.erase(id);
    };
    return hooks;
  });
}

/// The ids of a list that are sent twice, or of which `also` is true.
Accounts twice(const Json& input, const char* list, const Accounts& also) {
  Accounts once;
  Accounts out;
  const auto found = input.find(list);
  if (found == input.end() || !found->is_array()) return out;
  for (const Json& id : *found) {
    if (!id.is_string()) continue;
    const auto& text = id.get_ref<const std::string&>();
    if (!once.insert(text).second || also.contains(text)) out.insert(text);
  }
  return out;
}

/// Counts how often an account was added. If that is `listed`, an account that was added again is named
/// twice; else it has to be removed as often.
Fault counts_shares(About about, bool listed) {
  return fault(std::move(about), [=] {
    const auto counts = std::make_shared<std::map<std::string, std::map<std::string, int>>>();
    FaultHooks hooks;
    hooks.input = [=](std::string_view operation, Json& input) {
      if (operation != kModify || !input.is_object()) return;
      auto& of = (*counts)[name_of(input)];
      if (const auto add = input.find("AccountIdsToAdd"); add != input.end() && add->is_array()) {
        for (const Json& id : *add) {
          if (id.is_string()) ++of[id.get<std::string>()];
        }
      }
      const auto remove = input.find("AccountIdsToRemove");
      if (remove == input.end() || !remove->is_array()) return;
      Json rest = Json::array();
      for (const Json& id : *remove) {
        const bool still = id.is_string() && --of[id.get<std::string>()] > 0 && !listed;
        if (!still) rest.push_back(id);
      }
      *remove = std::move(rest);
    };
    if (!listed) return hooks;
    hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
      if (operation != kDescribe || !outcome) return;
      const Json ids = (*outcome)["AccountIds"];
      for (const Json& id : ids) {
        if ((*counts)[name_of(input)][id.get<std::string>()] > 1) add_account(*outcome, id);
      }
    };
    return hooks;
  });
}

std::vector<Fault> repetition_faults() {
  return {
      counts_shares(about("repeated-shares-listed-twice", relation, kRepeated,
                          "Names an account as often as the document was shared with it."),
                    true),
      counts_shares(about("repeated-shares-counted", relation, kRepeated,
                          "Wants sharing to be stopped as often as it was begun."),
                    false),
      knows_sharing(about("repeated-share-takes-back", relation, kRepeated,
                          "Stops sharing with an account that the document is shared with already."),
                    [](const Accounts& shared, Json& input) {
                      const Accounts again = twice(input, "AccountIdsToAdd", shared);
                      if (again.empty()) return;
                      input.erase("AccountIdsToAdd");
                      input["AccountIdsToRemove"] = again;
                    }),
      knows_sharing(about("repeated-removal-shares", relation, kRepeated,
                          "Shares with an account that is to be removed and is not there."),
                    [](const Accounts& shared, Json& input) {
                      const Accounts remove = accounts_of(input, "AccountIdsToRemove");
                      for (const auto& id : remove) {
                        if (shared.contains(id)) return;
                      }
                      if (remove.empty()) return;
                      input.erase("AccountIdsToRemove");
                      input["AccountIdsToAdd"] = remove;
                    }),
  };
}

// ---- refusals ----

/// A change that is refused, and fulfils `when`, is made all the same, as far as it can be.
Fault keeps_refused(std::string name, std::string description, Predicate when) {
  return fault(about(std::move(name), state, kRefused, std::move(description)), [=] {
    const auto added = std::make_shared<Sharing>();
    const auto removed = std::make_shared<Sharing>();
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
      const std::string document = name_of(input);
      if (operation == kModify && refused(outcome) && when(input)) {
        for (const auto& id : accounts_of(input, "AccountIdsToAdd")) (*added)[document].insert(id);
        for (const auto& id : accounts_of(input, "AccountIdsToRemove")) (*removed)[document].insert(id);
      }
      if (operation != kDescribe || !outcome) return;
      keep_accounts(*outcome, [&](const std::string& id) { return !(*removed)[document].contains(id); });
      const Json before = (*outcome)["AccountIds"];
      for (const auto& id : (*added)[document]) {
        if (std::find(before.begin(), before.end(), id) == before.end()) add_account(*outcome, id);
      }
    };
    return hooks;
  });
}

bool has_bad_id(const Json& input, const char* list) {
  const auto found = input.is_object() ? input.find(list) : input.end();
  return found != input.end() && found->is_array() &&
         std::any_of(found->begin(), found->end(), [](const Json& id) {
           return !id.is_string() || id.get_ref<const std::string&>().size() != 12;
         });
}

std::size_t count_of(const Json& input, const char* list) {
  const auto found = input.is_object() ? input.find(list) : input.end();
  return found != input.end() && found->is_array() ? found->size() : 0;
}

std::vector<Fault> refusal_faults() {
  return {
      keeps_refused("refused-shares-keep-good-ids",
                    "Refuses a list for one bad account id, and shares with the good ones.",
                    [](const Json& input) { return has_bad_id(input, "AccountIdsToAdd"); }),
      keeps_refused("refused-removals-take-good-ids",
                    "Refuses a list for one bad account id, and stops sharing with the good ones.",
                    [](const Json& input) { return has_bad_id(input, "AccountIdsToRemove"); }),
      keeps_refused("refused-long-list-is-kept", "Refuses 21 accounts, and shares with them.",
                    [](const Json& input) { return count_of(input, "AccountIdsToAdd") > 20; }),
      keeps_refused("refused-long-removal-is-made", "Refuses to remove 21 accounts, and removes them.",
                    [](const Json& input) { return count_of(input, "AccountIdsToRemove") > 20; }),
      keeps_refused("refused-permission-type-shares",
                    "Shares before it looks at the permission type, and then refuses.",
                    [](const Json& input) { return text_of(input, "PermissionType") != "Share"; }),
      keeps_refused("refused-version-shares", "Shares before it looks at the version, and then refuses.",
                    [](const Json& input) { return !absent(input, "SharedDocumentVersion"); }),
      fault(about("refused-cut-body-shares", state, kRefused,
                  "Reads JSON as it comes, and has shared when it finds that the end is missing."),
            [] {
              const auto added = std::make_shared<Sharing>();
              FaultHooks hooks;
              hooks.request = [=](wire::Request& request) {
                if (operation_of(request) != kModify || wire::parse_json(request.body)) return;
                const auto whole = wire::parse_json(request.body + "}");
                if (whole)
                  (*added)[name_of(whole->value)].merge(accounts_of(whole->value, "AccountIdsToAdd"));
              };
              hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation != kDescribe || !outcome) return;
                for (const auto& id : (*added)[name_of(input)]) add_account(*outcome, id);
              };
              return hooks;
            }),
      fault(about("refused-version-is-lost", state, kRefused,
                  "Forgets which version was shared when it refuses another."),
            [] {
              const auto lost = std::make_shared<Accounts>();
              FaultHooks hooks;
              hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation == kModify && refused(outcome) && !absent(input, "SharedDocumentVersion"))
                  lost->insert(name_of(input));
                if (operation != kDescribe || !outcome || !lost->contains(name_of(input))) return;
                for (Json& info : (*outcome)["AccountSharingInfoList"])
                  info["SharedDocumentVersion"] = "$DEFAULT";
              };
              return hooks;
            }),
      fault(about("refused-name-resets-sharing", state, kRefused,
                  "Stops sharing a document when it refuses to create it again."),
            [] {
              const auto reset = std::make_shared<Accounts>();
              FaultHooks hooks;
              hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation == kCreate && refused(outcome, "DocumentAlreadyExists"))
                  reset->insert(name_of(input));
                if (operation == kDescribe && outcome && reset->contains(name_of(input)))
                  outcome = no_accounts();
              };
              return hooks;
            }),
      fault(about("refused-documents-are-there", state, kRefused,
                  "Describes a document that it refused to create."),
            [] {
              const auto there = std::make_shared<Accounts>();
              FaultHooks hooks;
              hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation == kCreate && refused(outcome)) there->insert(name_of(input));
                if (operation == kDescribe && refused(outcome, "InvalidDocument") &&
                    there->contains(name_of(input)))
                  outcome = no_accounts();
              };
              return hooks;
            }),
      fault(about("refused-deletion-deletes", state, kRefused,
                  "Deletes a document of which it says that it has no such version."),
            [] {
              const auto gone = std::make_shared<Accounts>();
              FaultHooks hooks;
              hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation == kDelete && refused(outcome) && !absent(input, "DocumentVersion"))
                  gone->insert(name_of(input));
                if (operation == kDescribe && gone->contains(name_of(input)))
                  outcome = refuse("InvalidDocument", "There is no such document.");
              };
              return hooks;
            }),
  };
}

// ---- changes at once ----

/// Every connection changes whom a document was shared with when it was first changed by another one: as if
/// all had read it before, and each writes back what it made of that.
Fault loses_updates(About about) {
  struct Shared {
    std::uint64_t first = 0;  // the connection that shared it first
    Accounts base;            // what that one made of it
    std::map<std::uint64_t, Accounts> others;
    const Accounts* last = nullptr;
  };
  return fault(std::move(about), [] {
    const auto documents = std::make_shared<std::map<std::string, Shared>>();
    FaultHooks hooks;
    hooks.response = [=](const wire::Request& request, std::uint64_t connection, wire::Response& response) {
      if (operation_of(request) != kModify || response.status != 200) return;
      const auto body = wire::parse_json(request.body);
      if (!body || !body->value.is_object()) return;
      auto [it, fresh] = documents->try_emplace(name_of(body->value));
      Shared& shared = it->second;
      if (fresh) shared.first = connection;
      Accounts& mine = connection == shared.first
                           ? shared.base
                           : shared.others.try_emplace(connection, shared.base).first->second;
      for (const auto& id : accounts_of(body->value, "AccountIdsToAdd")) mine.insert(id);
      for (const auto& id : accounts_of(body->value, "AccountIdsToRemove")) mine.erase(id);
      shared.last = &mine;
    };
    hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
      if (operation != kDescribe || !outcome) return;
      const auto found = documents->find(name_of(input));
      if (found == documents->end() || found->second.others.empty()) return;
      // What others made of it; an account that was removed and is here again is left out, to keep it simple.
      const Accounts& last = *found->second.last;
      keep_accounts(*outcome, [&](const std::string& id) { return last.contains(id); });
    };
    return hooks;
  });
}

std::vector<Fault> concurrency_faults() {
  return {
      loses_updates(about("updates-lost", concurrency, kAtOnce,
                          "Keeps the last of several changes that were made at once, and loses the others.")),
  };
}

// ---- names ----

/// Names of documents that fulfil `when` are read as `as` makes them, in every operation.
Fault reads_names(std::string name, std::string description, bool (*when)(const std::string&),
                  std::string (*as)(const std::string&)) {
  return fault(about(std::move(name), relation, kWholeName, std::move(description)), [=] {
    FaultHooks hooks;
    hooks.input = [=](std::string_view, Json& input) {
      const auto document = text_of(input, "Name");
      if (document && when(*document)) input["Name"] = as(*document);
    };
    return hooks;
  });
}

bool is_valid_name(const std::string& name) {
  return name.size() <= 128 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

std::vector<Fault> whole_name_faults() {
  return {
      reads_names(
          "names-cut-at-64", "Keeps the first 64 characters of a document's name.",
          [](const std::string& name) { return name.size() > 64 && is_valid_name(name); },
          [](const std::string& name) { return name.substr(0, 64); }),
      reads_names(
          "names-cut-at-127", "Keeps the first 127 characters of a document's name.",
          [](const std::string& name) { return name.size() > 127 && is_valid_name(name); },
          [](const std::string& name) { return name.substr(0, 127); }),
      reads_names(
          "names-by-their-end", "Keeps the last 100 characters of a document's name.",
          [](const std::string& name) { return name.size() > 100 && is_valid_name(name); },
          [](const std::string& name) { return name.substr(name.size() - 100); }),
      reads_names(
          "names-with-numbers", "Leaves out zeros before the number at the end of a document's name.",
          [](const std::string& name) { return name.ends_with("-01"); },
          [](const std::string& name) { return name.substr(0, name.size() - 3) + "-1"; }),
      fault(about("names-taken-by-their-beginning", relation, kWholeName,
                  "Says that a name is taken if another one has the same first 100 characters."),
            [] {
              const auto known = std::make_shared<std::map<std::string, std::string>>();
              FaultHooks hooks;
              hooks.input = [=](std::string_view operation, Json& input) {
                const std::string name = name_of(input);
                if (operation != kCreate || name.size() < 100) return;
                input["Name"] = known->try_emplace(name.substr(0, 100), name).first->second;
              };
              return hooks;
            }),
  };
}

}  // namespace

std::vector<Fault> faults_changes() {
  std::vector<Fault> all = id_faults();
  for (const auto part : {repetition_faults, refusal_faults, concurrency_faults, whole_name_faults}) {
    for (Fault& f : part()) all.push_back(std::move(f));
  }
  return all;
}

}  // namespace conformance::ssm::documents
