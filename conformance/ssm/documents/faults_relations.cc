#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "conformance/ssm/fault_support.h"
#include "harness/base/ascii.h"

// What must hold between calls: sharing, and which document is which.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

About about(std::string name, std::string clause, Difficulty difficulty, std::string description) {
  return {std::move(name), relation, std::move(clause), difficulty, std::move(description)};
}

// ---- sharing ----

constexpr const char* kIds = "describe-document-permission/response/account-ids/meaning";
constexpr const char* kInfos = "describe-document-permission/response/account-sharing-info-list/meaning";
constexpr const char* kPrivate = "describe-document-permission/description/private-sharing";

/// Changes what ModifyDocumentPermission is asked for.
Fault modifies(std::string name, const char* clause, Difficulty difficulty, std::string description,
               void (*edit)(Json& input)) {
  return fault(about(std::move(name), clause, difficulty, std::move(description)), [=] {
    FaultHooks hooks;
    hooks.input = [=](std::string_view operation, Json& input) {
      if (operation == kModify && input.is_object()) edit(input);
    };
    return hooks;
  });
}

Fault describes(std::string name, const char* clause, Difficulty difficulty, std::string description,
                void (*edit)(Json& output)) {
  return alters(about(std::move(name), clause, difficulty, std::move(description)), kDescribe,
                [=](const Json&, Json& output) { edit(output); });
}

bool is_list(const Json& input, const char* member) {
  const auto found = input.find(member);
  return found != input.end() && found->is_array();
}

std::vector<Fault> sharing_relations() {
  return {
      describes("shares-invisible", "describe-document-permission/description/permissions", easy,
                "Says of every document that it is not shared.",
                [](Json& output) { output = no_accounts(); }),
      modifies("shares-only-first", kPrivate, easy, "Shares with the first of several accounts only.",
               [](Json& input) {
                 if (!is_list(input, "AccountIdsToAdd")) return;
                 Json& add = input["AccountIdsToAdd"];
                 while (add.size() > 1) add.erase(add.size() - 1);
               }),
      modifies("shares-lose-the-twentieth", kPrivate, hard, "Loses the last of 20 accounts.",
               [](Json& input) {
                 if (is_list(input, "AccountIdsToAdd") && input["AccountIdsToAdd"].size() == 20)
                   input["AccountIdsToAdd"].erase(19);
               }),
      modifies("unshare-ignored", kIds, hard, "Does not stop sharing.",
               [](Json& input) {
                 if (is_list(input, "AccountIdsToRemove")) input["AccountIdsToRemove"] = Json::array();
               }),
      modifies("unshare-only-first", kIds, hard, "Stops sharing with the first of several accounts only.",
               [](Json& input) {
                 if (!is_list(input, "AccountIdsToRemove")) return;
                 Json& remove = input["AccountIdsToRemove"];
                 while (remove.size() > 1) remove.erase(remove.size() - 1);
               }),
      modifies("shared-version-ignored", kInfos, hard, "Always shares the default version.",
               [](Json& input) { input.erase("SharedDocumentVersion"); }),
      describes("shared-version-one", kInfos, medium, "Says version 1 for the default version.",
                [](Json& output) {
                  for (Json& info : output["AccountSharingInfoList"]) info["SharedDocumentVersion"] = "1";
                }),
      describes("shared-version-all", kInfos, hard, "Says of all shares that they are of the same version.",
                [](Json& output) {
                  for (Json& info : output["AccountSharingInfoList"])
                    info["SharedDocumentVersion"] =
                        output["AccountSharingInfoList"].front()["SharedDocumentVersion"];
                }),
      describes("lists-disagree-in-length", kInfos, medium,
                "Leaves the last account out of AccountSharingInfoList.",
                [](Json& output) {
                  Json& infos = output["AccountSharingInfoList"];
                  if (!infos.empty()) infos.erase(infos.size() - 1);
                }),
      describes("lists-disagree-in-accounts", kInfos, medium,
                "Names another account in AccountSharingInfoList.",
                [](Json& output) {
                  for (Json& info : output["AccountSharingInfoList"]) info["AccountId"] = "123456789012";
                }),
      describes("lists-disagree-on-last", kIds, medium, "Leaves the last account out of AccountIds.",
                [](Json& output) {
                  Json& ids = output["AccountIds"];
                  if (!ids.empty()) ids.erase(ids.size() - 1);
                }),
      describes("owner-listed", kIds, easy, "Names the owner among the accounts.",
                [](Json& output) {
                  output["AccountIds"].push_back("123456789012");
                  output["AccountSharingInfoList"].push_back(
                      Json{{"AccountId", "123456789012"}, {"SharedDocumentVersion", "$DEFAULT"}});
                }),
      describes("public-as-asterisk", "describe-document-permission/response/account-ids/pattern", hard,
                "Writes * for all.",
                [](Json& output) {
                  for (Json& id : output["AccountIds"]) id = id == "all" ? Json("*") : id;
                  for (Json& info : output["AccountSharingInfoList"])
                    info["AccountId"] = info["AccountId"] == "all" ? Json("*") : info["AccountId"];
                }),
      describes("public-without-accounts", "describe-document-permission/response/account-ids/all", hard,
                "Names no account for a public document.",
                [](Json& output) {
                  if (!output["AccountIds"].empty() && output["AccountIds"].front() == "all")
                    output = no_accounts();
                }),
      modifies("public-for-ever", "describe-document-permission/description/public-sharing", hard,
               "Does not take back that a document is public.",
               [](Json& input) {
                 if (is_list(input, "AccountIdsToRemove") &&
                     input["AccountIdsToRemove"] == Json::array({"all"}))
                   input["AccountIdsToRemove"] = Json::array();
               }),
  };
}

// ---- documents ----

constexpr const char* kAbsent = "describe-document-permission/errors/invalid-document";
constexpr const char* kMeaning = "describe-document-permission/name/meaning";
constexpr const char* kOperation = "describe-document-permission/errors/invalid-document-operation";

/// A fault that knows the names of the documents that were created; DescribeDocumentPermission is given
/// another name.
Fault looks_up(
    About about,
    std::function<std::optional<std::string>(const std::string&, const std::set<std::string>&)> find) {
  return fault(std::move(about), [=] {
    const auto names = std::make_shared<std::set<std::string>>();
    FaultHooks hooks;
    hooks.input = [=](std::string_view operation, Json& input) {
      const auto name = text_of(input, "Name");
      if (!name) return;
      if (operation == kCreate) names->insert(*name);
      if (operation != kDescribe || names->contains(*name)) return;
      if (const auto other = find(*name, *names)) input["Name"] = *other;
    };
    return hooks;
  });
}

using Names = std::set<std::string>;

std::optional<std::string> same_in(const std::string& name, const Names& names,
                                   const std::function<std::string(std::string)>& form) {
  for (const std::string& known : names) {
    if (form(known) == form(name)) return known;
  }
  return std::nullopt;
}

std::string letters_only(std::string text) {
  std::erase_if(text, [](unsigned char c) { return c >= 0x80 || c < 0x21 || c == '"' || c == '\''; });
  return text;
}

std::vector<Fault> document_relations() {
  return {
      answers(
          about("absent-documents-described", kAbsent, easy,
                "Says of a document that does not exist that it is not shared."),
          kDescribe,
          [](const Json& input) {
            return text_of(input, "Name").value_or("").ends_with("absent") &&
                   text_of(input, "PermissionType") == "Share" && absent(input, "MaxResults") &&
                   absent(input, "NextToken");
          },
          [](const Json&) { return no_accounts(); }),
      refuses(about("owner-refused", "describe-document-permission/description/owner", hard,
                    "Denies the owner of two documents the second one."),
              kDescribe,
              [](const Json& input) {
                return text_of(input, "Name").value_or("").find("-other-") != std::string::npos;
              },
              {400, "AccessDeniedException", "no"}),
      looks_up(
          about("documents-trimmed", kMeaning, hard,
                "Ignores quotes, spaces and what is beyond ASCII in names."),
          [](const std::string& name, const Names& names) { return same_in(name, names, letters_only); }),
      looks_up(about("documents-by-prefix", kMeaning, hard, "Finds a document by the beginning of its name."),
               [](const std::string& name, const Names& names) -> std::optional<std::string> {
                 const auto found = names.lower_bound(name);
                 if (name.size() < 8 || found == names.end() || !found->starts_with(name))
                   return std::nullopt;
                 return *found;
               }),
      looks_up(about("documents-with-suffix", kMeaning, hard, "Ignores what stands behind a known name."),
               [](const std::string& name, const Names& names) -> std::optional<std::string> {
                 const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& known) {
                   return name.starts_with(known);
                 });
                 if (found == names.end()) return std::nullopt;
                 return *found;
               }),
      looks_up(
          about("documents-by-arn", kMeaning, hard, "Takes the last part of an ARN or a path for the name."),
          [](const std::string& name, const Names& names) -> std::optional<std::string> {
            const std::string last = name.substr(name.rfind('/') + 1);
            if (!names.contains(last)) return std::nullopt;
            return last;
          }),
      fault(about("documents-by-pattern", kMeaning, hard, "Reads a dot in a name as any character."),
            [] {
              const auto names = std::make_shared<Names>();
              FaultHooks hooks;
              hooks.input = [=](std::string_view operation, Json& input) {
                const auto name = text_of(input, "Name");
                if (!name) return;
                if (operation == kCreate) names->insert(*name);
                if (operation != kDescribe) return;
                const auto like = [&](const std::string& other) {
                  return other.size() == name->size() &&
                         std::equal(other.begin(), other.end(), name->begin(),
                                    [](char c, char pattern) { return pattern == '.' || c == pattern; });
                };
                const auto found = std::find_if(names->begin(), names->end(), like);
                if (found != names->end()) input["Name"] = *found;
              };
              return hooks;
            }),
      answers(
          about("delete-while-shared", kOperation, hard, "Says that it deleted a document that is shared."),
          kDelete, [](const Json&) { return true; }, [](const Json&) { return Json::object(); }),
      fault(about("delete-refused-but-unshared", kOperation, hard,
                  "Stops sharing a document that it refuses to delete."),
            [] {
              const auto unshared = std::make_shared<Names>();
              FaultHooks hooks;
              hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
                const std::string name = text_of(input, "Name").value_or("");
                if (operation == kDelete && refused(outcome, "InvalidDocumentOperation"))
                  unshared->insert(name);
                if (operation == kDescribe && outcome && unshared->contains(name)) outcome = no_accounts();
              };
              return hooks;
            }),
      fault(
          about("deleted-documents-described", kAbsent, hard, "Still describes a document that was deleted."),
          [] {
            const auto deleted = std::make_shared<Names>();
            FaultHooks hooks;
            hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
              const std::string name = text_of(input, "Name").value_or("");
              if (operation == kDelete && outcome) deleted->insert(name);
              if (operation == kDescribe && refused(outcome, "InvalidDocument") && deleted->contains(name))
                outcome = no_accounts();
            };
            return hooks;
          }),
      fault(about("shares-of-another-document", kIds, hard,
                  "Answers with the accounts of the document asked about before."),
            [] {
              const auto before = std::make_shared<std::map<std::string, Json>>();
              const auto count = std::make_shared<int>(0);
              FaultHooks hooks;
              hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation != kDescribe || !outcome || !absent(input, "NextToken")) return;
                const std::string name = text_of(input, "Name").value_or("");
                const Json answer = *outcome;
                // Every third time, so that most of a run goes on as usual.
                if (++*count % 3 == 0) {
                  for (const auto& [other, accounts] : *before) {
                    if (other != name) outcome = accounts;
                  }
                }
                before->clear();
                (*before)[name] = answer;
              };
              return hooks;
            }),
  };
}

}  // namespace

std::vector<Fault> faults_relations() {
  std::vector<Fault> all = sharing_relations();
  for (Fault& f : document_relations()) all.push_back(std::move(f));
  return all;
}

}  // namespace conformance::ssm::documents
