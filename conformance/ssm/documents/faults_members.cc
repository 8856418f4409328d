#include "conformance/ssm/fault_support.h"
#include "harness/base/ascii.h"

// PermissionType and NextToken of DescribeDocumentPermission.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

// ---- PermissionType ----

/// PermissionTypes (strings) that fulfil `when` count as Share.
Fault shares(std::string name, Difficulty difficulty, std::string description, bool (*when)(std::string),
             std::string clause = "valid-values") {
  return reads_as(
      {std::move(name), enumeration, clause_id("describe-document-permission/permission-type/", clause),
       difficulty, std::move(description)},
      kDescribe, "PermissionType", [=](Json& value) {
        if (value.is_string() && when(value.get<std::string>())) value = "Share";
      });
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Fault permission_type(std::string name, FaultClass kind, const char* clause, std::string description,
                      bool (*when)(const Json& input)) {
  return fault({std::move(name), kind, clause_id("describe-document-permission/permission-type/", clause),
                hard, std::move(description)},
               [=] {
                 FaultHooks hooks;
                 hooks.input = [=](std::string_view operation, Json& input) {
                   if (operation == kDescribe && input.is_object() && when(input))
                     input["PermissionType"] = "Share";
                 };
                 return hooks;
               });
}

// ---- NextToken ----

Fault token_type(std::string name, std::string description, bool (*when)(const Json&)) {
  return reads_as(
      {std::move(name), type, "describe-document-permission/next-token/type", hard, std::move(description)},
      kDescribe, "NextToken", [=](Json& value) {
        if (when(value)) value = nullptr;
      });
}

std::vector<Fault> permission_type_faults() {
  return {
      shares("permission-type-any-case", medium, "Ignores the case of PermissionType.",
             [](std::string text) { return base::lower(text) == "share"; }),
      shares("permission-type-lower-case-accepted", hard, "Accepts share for Share.",
             [](std::string text) { return text == "share"; }),
      shares("permission-type-trimmed", medium, "Ignores white space around PermissionType.",
             [](std::string text) { return trimmed(text) == "Share"; }),
      shares("permission-type-newline-accepted", hard, "Ignores a newline behind PermissionType.",
             [](std::string text) { return text == "Share\n"; }),
      shares("permission-type-empty-accepted", hard, "Takes an empty PermissionType for Share.",
             [](std::string text) { return text.empty(); }),
      shares("permission-type-prefix-accepted", medium, "Accepts what begins with Share.",
             [](std::string text) { return text.starts_with("Share"); }),
      shares("permission-type-part-accepted", hard, "Accepts the beginning of Share.",
             [](std::string text) { return text.size() > 1 && std::string_view("Share").starts_with(text); }),
      shares(
          "permission-type-any", easy, "Accepts every PermissionType.", [](std::string) { return true; },
          "meaning"),
      shares("permission-type-c-string", hard, "Reads PermissionType up to the first NUL.",
             [](std::string text) { return text.substr(0, text.find('\0')) == "Share"; }),
      permission_type("permission-type-list-accepted", type, "type", "Reads a list that holds Share.",
                      [](const Json& input) {
                        const auto value = input.find("PermissionType");
                        return value != input.end() && value->is_array();
                      }),
      permission_type("permission-type-number-accepted", type, "type", "Takes any number for Share.",
                      [](const Json& input) {
                        const auto value = input.find("PermissionType");
                        return value != input.end() && value->is_number();
                      }),
      permission_type("permission-type-defaults", constraint, "required",
                      "Takes Share if there is no PermissionType.",
                      [](const Json& input) { return !input.contains("PermissionType"); }),
      permission_type("permission-type-null-accepted", constraint, "required", "Takes null for Share.",
                      [](const Json& input) { return is_null(input, "PermissionType"); }),
      refuses({"permission-type-share-refused", enumeration,
               "describe-document-permission/permission-type/valid-values", easy, "Does not know Share."},
              kDescribe, [](const Json& input) { return text_of(input, "PermissionType") == "Share"; },
              {400, "InvalidPermissionType", "Share is the only PermissionType there is."}),
  };
}

std::vector<Fault> next_token_faults() {
  return {
      token_type("next-token-number-ignored", "Takes a number for no token.",
                 [](const Json& v) { return v.is_number(); }),
      token_type("next-token-boolean-ignored", "Takes true and false for no token.",
                 [](const Json& v) { return v.is_boolean(); }),
      token_type("next-token-list-ignored", "Takes a list for no token.",
                 [](const Json& v) { return v.is_array(); }),
      token_type("next-token-object-ignored", "Takes an object for no token.",
                 [](const Json& v) { return v.is_object(); }),
      refuses({"next-token-null-refused", type, "describe-document-permission/next-token/optional", hard,
               "Does not take null for an absent NextToken."},
              kDescribe, [](const Json& input) { return is_null(input, "NextToken"); },
              {400, "InvalidNextToken", "null"}),
  };
}

}  // namespace

std::vector<Fault> faults_members() {
  std::vector<Fault> all = permission_type_faults();
  for (Fault& f : next_token_faults()) all.push_back(std::move(f));
  for (Fault& f : all) f.on_large_bodies = f.name == "permission-type-any";
  return all;
}

}  // namespace conformance::ssm::documents
