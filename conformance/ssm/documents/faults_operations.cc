#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "conformance/ssm/fault_support.h"

// CreateDocument, ModifyDocumentPermission and DeleteDocument: what other cases rest on.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

constexpr std::string_view kAnyContent = R"({"schemaVersion":"2.2","mainSteps":[]})";

/// A member that is absent or null is read as this text.
Fault supplies(About about, std::string_view operation, std::string member, std::string text) {
  return reads(std::move(about), operation, [=](Json& input) {
    if (absent(input, member)) input[member] = text;
  });
}

/// Inputs of the operation that fulfil `when` make it fail, also where they are refused.
Fault breaks_on(About about, std::string_view operation, Predicate when) {
  return refuses(std::move(about), operation, std::move(when),
                 {500, "InternalServerError", "unexpected type"});
}

Edit each_account(std::function<void(Json& account)> edit) {
  return [edit = std::move(edit)](Json& input) {
    for (const char* list : {"AccountIdsToAdd", "AccountIdsToRemove"}) {
      const auto found = input.find(list);
      if (found == input.end() || !found->is_array()) continue;
      for (Json& account : *found) edit(account);
    }
  };
}

Predicate is_number(std::string member) {
  return [member = std::move(member)](const Json& input) {
    const auto found = input.find(member);
    return found != input.end() && found->is_number();
  };
}

/// The document that CreateDocument's Content holds; null if it holds none.
Json document_of(const Json& input) {
  auto parsed = wire::parse_json(text_of(input, "Content").value_or(""));
  return parsed ? std::move(parsed->value) : Json();
}

About about_operation(std::string name, FaultClass fault_class, std::string clause, std::string description) {
  return {std::move(name), fault_class, std::move(clause), medium, std::move(description)};
}

std::vector<Fault> create_faults() {
  const std::string root = "create-document/";
  return {
      refuses(about_operation("create-without-type-refused", constraint, root + "description/creates",
                              "Refuses to create a document without DocumentType."),
              kCreate, [](const Json& input) { return absent(input, "DocumentType"); }),
      refuses(about_operation("create-with-version-name-refused", constraint, root + "description/creates",
                              "Refuses to create a document with a VersionName."),
              kCreate, [](const Json& input) { return text_of(input, "VersionName") == "Release_1.0"; }),
      breaks_on(about_operation("create-fails", relation, root + "description/creates",
                                "Fails (500) on CreateDocument in every case but that of fixtures."),
                kCreate,
                [](const Json& input) {
                  return text_of(input, "Name").value_or("").find("-new-") != std::string::npos;
                }),
      supplies(about_operation("create-without-content-accepted", constraint, root + "content/required",
                               "Creates a document without Content."),
               kCreate, "Content", std::string(kAnyContent)),
      reads_as(about_operation("create-empty-content-accepted", constraint, root + "content/required",
                               "Creates a document whose Content is empty."),
               kCreate, "Content",
               [](Json& value) {
                 if (value == "") value = kAnyContent;
               }),
      breaks_on(about_operation("content-number-fails", type, root + "content/type",
                                "Fails (500) on a number as Content."),
                kCreate, is_number("Content")),
      reads_as(about_operation("content-object-accepted", type, root + "content/type",
                               "Accepts the document itself, or anything else, as Content."),
               kCreate, "Content",
               [](Json& value) {
                 if (!value.is_string() && !value.is_null()) value = kAnyContent;
               }),
      supplies(about_operation("create-without-name-accepted", constraint, root + "name/required",
                               "Gives a document without Name a name."),
               kCreate, "Name", "unnamed-document"),
      reads_as(about_operation("create-any-name-accepted", constraint, root + "name/pattern",
                               "Creates documents of any name, under another."),
               kCreate, "Name",
               [](Json& value) {
                 if (!value.is_string()) return;
                 const auto text = value.get<std::string>();
                 if (text.size() < 3 || text.size() > 128 || text.find_first_of(" \n/") != std::string::npos)
                   value = "another-name";
               }),
      breaks_on(about_operation("create-name-number-fails", type, root + "name/pattern",
                                "Fails (500) on a number as Name."),
                kCreate, is_number("Name")),
      reads_as(about_operation("document-type-ignored", enumeration, root + "document-type/valid-values",
                               "Accepts every DocumentType."),
               kCreate, "DocumentType", [](Json& value) { value = "Command"; }),
      reads_as(about_operation("document-format-ignored", enumeration, root + "document-format/valid-values",
                               "Accepts every DocumentFormat."),
               kCreate, "DocumentFormat", [](Json& value) { value = "JSON"; }),
      reads_as(about_operation("version-name-ignored", constraint, root + "version-name/pattern",
                               "Accepts every VersionName."),
               kCreate, "VersionName", [](Json& value) { value = "Release"; }),
      answers(
          about_operation("create-twice-accepted", relation, root + "errors/document-already-exists",
                          "Creates a document whose name is taken."),
          kCreate, [](const Json&) { return true; },
          [](const Json& input) {
            Json output = Json::object();
            output["DocumentDescription"]["Name"] = text_of(input, "Name").value_or("");
            return output;
          }),
      breaks_on(
          about_operation("content-parameters-list-fails", type, root + "errors/invalid-document-content",
                          "Fails (500) on a Content whose parts are not of the type that they should be."),
          kCreate,
          [](const Json& input) {
            const Json document = document_of(input);
            if (!document.is_object()) return text_of(input, "Content").has_value();
            const auto steps = document.find("mainSteps");
            const bool odd_steps = steps == document.end() || !steps->is_array() ||
                                   (!steps->empty() && !steps->front().is_object());
            const auto parameters = document.find("parameters");
            const bool odd_parameters = parameters != document.end() && !parameters->is_object();
            return odd_steps || odd_parameters || !text_of(document, "schemaVersion");
          }),
  };
}

std::vector<Fault> modify_faults() {
  const std::string root = "modify-document-permission/";
  const std::string pattern = root + "account-ids/pattern";
  return {
      refuses(about_operation("share-with-20-refused", constraint, root + "description/shares",
                              "Refuses to add 20 accounts in one call."),
              kModify,
              [](const Json& input) {
                return !absent(input, "AccountIdsToAdd") && input["AccountIdsToAdd"].size() == 20;
              }),
      refuses(about_operation("capital-all-refused", constraint, root + "description/shares",
                              "Knows all, and not All."),
              kModify,
              [](const Json& input) {
                return !absent(input, "AccountIdsToAdd") && input["AccountIdsToAdd"].dump() == R"(["All"])";
              }),
      refuses(
          about_operation("all-versions-refused", enumeration, root + "shared-document-version/valid-values",
                          "Refuses the versions $ALL, $DEFAULT and $LATEST."),
          kModify, [](const Json& input) { return text_of(input, "SharedDocumentVersion").has_value(); }),
      answers(
          about_operation("modify-without-name-accepted", constraint, root + "name/required",
                          "Does nothing, with success, where no Name is given."),
          kModify, [](const Json& input) { return absent(input, "Name"); },
          [](const Json&) { return Json::object(); }),
      breaks_on(about_operation("modify-name-type-fails", type, root + "name/required",
                                "Fails (500) on a Name that is no text, or of two letters."),
                kModify,
                [](const Json& input) {
                  const auto name = text_of(input, "Name");
                  return !absent(input, "Name") && (!name || name->size() < 3);
                }),
      refuses(about_operation("modify-fails", relation, root + "description/shares",
                              "Fails (500) to share a document in every case but that of fixtures."),
              kModify,
              [](const Json& input) {
                return text_of(input, "Name").value_or("").find("-scratch-") != std::string::npos;
              },
              {500, "InternalServerError", "not shared"}),
      breaks_on(about_operation("account-around-id-fails", type, pattern,
                                "Fails (500) on accounts that hold an id, or all, and more."),
                kModify,
                [](const Json& input) {
                  bool found = false;
                  Json copy = input;
                  each_account([&](Json& account) {
                    const auto text = account.is_string() ? account.get<std::string>() : std::string();
                    found = found || text.size() == 13 || text == "alll";
                  })(copy);
                  return found;
                }),
      supplies(
          about_operation("modify-without-permission-type-accepted", constraint,
                          root + "permission-type/required", "Takes an absent PermissionType for Share."),
          kModify, "PermissionType", "Share"),
      reads_as(
          about_operation("modify-permission-type-ignored", enumeration,
                          root + "permission-type/valid-values", "Takes every PermissionType for Share."),
          kModify, "PermissionType",
          [](Json& value) {
            if (!value.is_null()) value = "Share";
          }),
      reads(about_operation("account-id-number-accepted", type, root + "account-ids/type",
                            "Accepts account ids of every type."),
            kModify, each_account([](Json& account) {
              if (!account.is_string() && !account.is_null()) account = "111122223333";
            })),
      reads(about_operation("accounts-of-any-type-accepted", type, root + "account-ids/type",
                            "Takes what is no list for a list of one account."),
            kModify,
            [](Json& input) {
              for (const char* list : {"AccountIdsToAdd", "AccountIdsToRemove"}) {
                if (!absent(input, list) && !input[list].is_array())
                  input[list] = Json::array({"111122223333"});
              }
            }),
      breaks_on(about_operation("account-null-fails", type, root + "account-ids/type",
                                "Fails (500) on null among the accounts."),
                kModify,
                [](const Json& input) {
                  for (const char* list : {"AccountIdsToAdd", "AccountIdsToRemove"}) {
                    if (!absent(input, list) && input[list].is_array() &&
                        std::any_of(input[list].begin(), input[list].end(),
                                    [](const Json& a) { return a.is_null(); }))
                      return true;
                  }
                  return false;
                }),
      reads(about_operation("any-account-accepted", constraint, pattern,
                            "Accepts accounts that are not of twelve digits."),
            kModify, each_account([](Json& account) {
              if (account.is_string() && account.get<std::string>().size() != 12) account = "111122223333";
            })),
      reads(about_operation("twelve-letters-accepted", constraint, pattern,
                            "Accepts twelve letters as an account."),
            kModify, each_account([](Json& account) {
              if (account == "abcdefghijkl") account = "111122223333";
            })),
      refuses(about_operation("leading-zeros-refused", constraint, pattern,
                              "Refuses accounts that begin with a zero."),
              kModify,
              [](const Json& input) {
                return !absent(input, "AccountIdsToAdd") &&
                       input["AccountIdsToAdd"].dump().starts_with("[\"0");
              }),
      reads(about_operation("accounts-21-accepted", constraint, root + "account-ids/maximum",
                            "Takes more than 20 accounts in one call, and drops the others."),
            kModify,
            [](Json& input) {
              for (const char* list : {"AccountIdsToAdd", "AccountIdsToRemove"}) {
                if (absent(input, list) || !input[list].is_array()) continue;
                while (input[list].size() > 20) input[list].erase(input[list].size() - 1);
              }
            }),
      answers(
          about_operation("modify-nothing-accepted", relation, root + "account-ids/needed",
                          "Does nothing, with success, where no account is named."),
          kModify,
          [](const Json& input) {
            return absent(input, "AccountIdsToAdd") && absent(input, "AccountIdsToRemove") &&
                   text_of(input, "PermissionType") == "Share";
          },
          [](const Json&) { return Json::object(); }),
      reads_as(about_operation("shared-version-guessed", enumeration,
                               root + "shared-document-version/valid-values",
                               "Takes every SharedDocumentVersion that it does not know for $DEFAULT."),
               kModify, "SharedDocumentVersion",
               [](Json& value) {
                 if (value != "$LATEST" && value != "$ALL") value = "$DEFAULT";
               }),
      fault(
          about_operation("last-version-kept", state, root + "shared-document-version/default",
                          "Where SharedDocumentVersion is not given, shares the version of the call before."),
          [] {
            const auto last = std::make_shared<std::map<std::string, std::string>>();
            FaultHooks hooks;
            hooks.input = [last](std::string_view operation, Json& input) {
              const auto name = text_of(input, "Name");
              if (operation != kModify || !name) return;
              if (const auto version = text_of(input, "SharedDocumentVersion")) (*last)[*name] = *version;
              if (const auto known = last->find(*name); known != last->end())
                input["SharedDocumentVersion"] = known->second;
            };
            return hooks;
          }),
      fault(about_operation("all-by-case", relation, root + "description/shares",
                            "Takes all and All for two different accounts."),
            [] {
              const auto capital = std::make_shared<std::set<std::string>>();
              FaultHooks hooks;
              hooks.outcome = [capital](std::string_view operation, const Json& input, Outcome& outcome) {
                const std::string name = text_of(input, "Name").value_or("");
                if (!outcome) return;
                const std::string text = input.dump();
                if (operation == kModify && text.find("\"AccountIdsToAdd\":[\"All\"]") != std::string::npos)
                  capital->insert(name);
                if (operation == kModify &&
                    text.find("\"AccountIdsToRemove\":[\"All\"]") != std::string::npos)
                  capital->erase(name);
                if (operation == kDescribe && capital->contains(name)) {
                  Json info = Json::object();
                  info["AccountId"] = "All";
                  info["SharedDocumentVersion"] = "$DEFAULT";
                  (*outcome)["AccountIds"] = Json::array({"All"});
                  (*outcome)["AccountSharingInfoList"] = Json::array({info});
                }
              };
              return hooks;
            }),
      answers(
          about_operation("modify-absent-document-accepted", relation, root + "errors/invalid-document",
                          "Does nothing, with success, for a document that does not exist."),
          kModify, [](const Json& input) { return text_of(input, "Name").value_or("").ends_with("-absent"); },
          [](const Json&) { return Json::object(); }),
  };
}

std::vector<Fault> delete_faults() {
  const std::string root = "delete-document/";
  return {
      answers(
          about_operation("delete-twice-accepted", relation, root + "description/deletes",
                          "Deletes a document that it has deleted already."),
          kDelete,
          [](const Json& input) {
            return text_of(input, "Name").value_or("").find("-twice-") != std::string::npos;
          },
          [](const Json&) { return Json::object(); }),
      refuses(about_operation("delete-refused", relation, root + "description/deletes",
                              "Fails (500) to delete a document that is there."),
              kDelete,
              [](const Json& input) {
                return text_of(input, "Name").value_or("").find("-scratch-") != std::string::npos;
              },
              {500, "InternalServerError", "not deleted"}),
      answers(
          about_operation("delete-without-name-accepted", constraint, root + "name/required",
                          "Answers with success where no Name is given: there was nothing to delete."),
          kDelete, [](const Json& input) { return absent(input, "Name"); },
          [](const Json&) { return Json::object(); }),
      reads_as(about_operation("delete-name-trimmed", constraint, root + "name/pattern",
                               "Reads any Name as far as it is one."),
               kDelete, "Name",
               [](Json& value) {
                 if (!value.is_string()) return;
                 auto text = value.get<std::string>();
                 value = text.substr(0, text.find_first_of(" \n"));
               }),
      breaks_on(about_operation("delete-name-type-fails", type, root + "name/pattern",
                                "Fails (500) on a Name that is no text, or of two letters."),
                kDelete,
                [](const Json& input) {
                  const auto name = text_of(input, "Name");
                  return !absent(input, "Name") && (!name || name->size() < 3);
                }),
      reads(about_operation("delete-version-ignored", constraint, root + "document-version/pattern",
                            "Ignores DocumentVersion and VersionName."),
            kDelete,
            [](Json& input) {
              input.erase("DocumentVersion");
              input.erase("VersionName");
            }),
      reads_as(about_operation("force-of-any-type-accepted", type, root + "force/type",
                               "Accepts anything as Force."),
               kDelete, "Force", [](Json& value) { value = true; }),
      answers(
          about_operation("delete-absent-accepted", relation, root + "errors/invalid-document",
                          "Answers with success where there is no such document."),
          kDelete, [](const Json& input) { return text_of(input, "Name").value_or("").ends_with("-absent"); },
          [](const Json&) { return Json::object(); }),
  };
}

}  // namespace

std::vector<Fault> faults_operations() {
  std::vector<Fault> all = create_faults();
  for (auto* more : {&modify_faults, &delete_faults}) {
    for (Fault& f : (*more)()) all.push_back(std::move(f));
  }
  return all;
}

}  // namespace conformance::ssm::documents
