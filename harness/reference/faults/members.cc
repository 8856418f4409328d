#include <utf8cpp/utf8.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/reference/faults/catalogue.h"
#include "harness/reference/faults/kit.h"

// PermissionType and NextToken of DescribeDocumentPermission, Target of GetConnectionStatus.
namespace harness::reference {
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

bool is_null(const Json& input, const char* member) {
  const auto found = input.find(member);
  return found != input.end() && found->is_null();
}

// ---- NextToken ----

Fault token_type(std::string name, std::string description, bool (*when)(const Json&)) {
  return reads_as(
      {std::move(name), type, "describe-document-permission/next-token/type", hard, std::move(description)},
      kDescribe, "NextToken", [=](Json& value) {
        if (when(value)) value = nullptr;
      });
}

// ---- Target ----

std::size_t utf16_units(const std::string& text) {
  const std::string valid = utf8::replace_invalid(text);
  std::u16string units;
  utf8::utf8to16(valid.begin(), valid.end(), std::back_inserter(units));
  return units.size();
}

Json not_connected(const Json& input) {
  const auto target = input.find("Target");
  Json output = Json::object();
  output["Target"] = target == input.end() || target->is_null() ? Json("") : *target;
  if (!output["Target"].is_string()) output["Target"] = output["Target"].dump();
  output["Status"] = "notconnected";
  return output;
}

Fault target_accepts(std::string name, FaultClass kind, const char* clause, Difficulty difficulty,
                     std::string description, Predicate when) {
  return answers({std::move(name), kind, clause_id("get-connection-status/target/", clause), difficulty,
                  std::move(description)},
                 kStatus, std::move(when), not_connected);
}

Fault target_refuses(std::string name, const char* clause, std::string description,
                     bool (*when)(const std::string&)) {
  return refuses({std::move(name), constraint, clause_id("get-connection-status/target/", clause), hard,
                  std::move(description)},
                 kStatus, [=](const Json& input) {
                   const auto target = text_of(input, "Target");
                   return target && when(*target);
                 });
}

Predicate target_is(bool (*is)(const Json&)) {
  return [=](const Json& input) {
    const auto target = input.find("Target");
    return target != input.end() && is(*target);
  };
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

std::vector<Fault> target_faults() {
  const auto length = [](const Json& input) {
    const auto target = text_of(input, "Target");
    return target ? wire::scalar_count(*target) : 0;
  };
  return {
      target_accepts("target-401-accepted", constraint, "length/maximum", hard,
                     "Accepts a Target of 401 characters.",
                     [=](const Json& input) { return length(input) == 401; }),
      target_accepts("target-unlimited", constraint, "length/maximum", medium,
                     "Knows no maximum length of Target.",
                     [=](const Json& input) { return length(input) > 400; }),
      target_accepts("target-empty-accepted", constraint, "length/minimum", hard, "Accepts an empty Target.",
                     [](const Json& input) { return text_of(input, "Target") == ""; }),
      target_refuses("target-length-in-bytes", "protocol/request/string-length",
                     "Counts the bytes of Target.",
                     [](const std::string& target) { return target.size() > 400; }),
      target_refuses("target-length-in-utf-16", "protocol/request/string-length",
                     "Counts the UTF-16 units of Target.",
                     [](const std::string& target) { return utf16_units(target) > 400; }),
      target_refuses("target-400-refused", "length/maximum", "Wants Target to be below 400 characters.",
                     [](const std::string& target) { return wire::scalar_count(target) == 400; }),
      target_refuses("target-1-refused", "length/minimum", "Wants two characters of Target at least.",
                     [](const std::string& target) { return wire::scalar_count(target) == 1; }),
      target_accepts("target-missing-accepted", constraint, "required", hard, "Does not ask for Target.",
                     [](const Json& input) { return !input.contains("Target"); }),
      target_accepts("target-null-accepted", constraint, "required", hard, "Takes null for a Target.",
                     [](const Json& input) { return is_null(input, "Target"); }),
      target_accepts("target-number-accepted", type, "type", hard, "Reads a number as a Target.",
                     target_is([](const Json& v) { return v.is_number(); })),
      target_accepts("target-boolean-accepted", type, "type", hard, "Reads true and false as a Target.",
                     target_is([](const Json& v) { return v.is_boolean(); })),
      target_accepts("target-list-accepted", type, "type", hard, "Reads a list as a Target.",
                     target_is([](const Json& v) { return v.is_array(); })),
      target_accepts("target-object-accepted", type, "type", hard, "Reads an object as a Target.",
                     target_is([](const Json& v) { return v.is_object(); })),
  };
}

}  // namespace

std::vector<Fault> member_faults() {
  std::vector<Fault> all = permission_type_faults();
  for (const auto part : {next_token_faults, target_faults}) {
    for (Fault& f : part()) all.push_back(std::move(f));
  }
  for (Fault& f : all) f.on_large_bodies = f.name == "target-unlimited" || f.name == "permission-type-any";
  return all;
}

}  // namespace harness::reference
