#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <set>

#include "conformance/ssm/fault_support.h"

// Faults meant for the fuzzers: on names, pages and sequences of calls. See fault.h, `for_fuzzing`.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

constexpr const char* kCharacters = "describe-document-permission/name/pattern/characters";
constexpr const char* kAccounts = "describe-document-permission/response/account-ids/meaning";
constexpr const char* kPreviousToken = "describe-document-permission/next-token/from-previous-call";

std::optional<std::int64_t> max_results(const Json& input) {
  const auto value = input.find("MaxResults");
  if (value == input.end() || !value->is_number_integer()) return std::nullopt;
  return value->get<std::int64_t>();
}

void drop_last_account(Json& output) {
  for (const char* list : {"AccountIds", "AccountSharingInfoList"}) {
    if (!output[list].empty()) output[list].erase(output[list].size() - 1);
  }
}

// ---- Name ----

std::vector<Fault> names() {
  return {
      breaks({"name-77-fails", constraint, "describe-document-permission/name/pattern/length", hard,
              "Fails (500) on names of exactly 77 characters."},
             kDescribe,
             [](const Json& input) { return wire::scalar_count(text_of(input, "Name").value_or("")) == 77; }),
      breaks({"name-dots-in-a-row-fails", constraint, kCharacters, hard,
              "Fails (500) on names with two dots in a row between other characters."},
             kDescribe, matches("Name", R"([a-zA-Z0-9_-]\.\.[a-zA-Z0-9_-])")),
      refuses({"name-of-four-kinds-refused", constraint, kCharacters, hard,
               "Refuses names that begin with a digit, end with a capital letter, and hold an underscore and "
               "a hyphen in this order."},
              kDescribe, matches("Name", "^[0-9].*_.*-.*[A-Z]$")),
  };
}

// ---- MaxResults and NextToken ----

/// Of `MaxResults`, where it is one of these, a page takes no notice.
Fault ignores_max_results(About about, std::int64_t first, std::int64_t last) {
  return fault(std::move(about), [=] {
    // What it was asked for, for the check of the page: the input that is answered has a limit that holds
    // all.
    FaultHooks hooks;
    hooks.input = [=](std::string_view operation, Json& input) {
      if (operation != kDescribe || !input.is_object()) return;
      const auto most = max_results(input);
      if (most && *most >= first && *most <= last) input["MaxResults"] = 200;
    };
    return hooks;
  });
}

/// A number with an exponent of zero behind MaxResults.
bool has_zero_exponent(const wire::Request& request) {
  static const RE2 number(R"("MaxResults"\s*:\s*-?[0-9.]+[eE][-+]?0+\s*[,}])");
  return operation_of(request) == kDescribe && RE2::PartialMatch(request.body, number);
}

/// Without the one character that base64url does not have, unless it stands at an end.
std::optional<std::string> without_foreign_character(const std::string& token) {
  const auto foreign = [](char c) {
    return !(c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
             (c >= 'A' && c <= 'Z'));
  };
  const auto first = std::find_if(token.begin(), token.end(), foreign);
  if (first == token.begin() || first == token.end() || first + 1 == token.end()) return std::nullopt;
  std::string rest(token.begin(), first);
  rest.append(first + 1, token.end());
  return std::any_of(rest.begin(), rest.end(), foreign) ? std::nullopt : std::optional(rest);
}

std::vector<Fault> rare_pages() {
  return {
      ignores_max_results(
          {"max-results-31-to-35-ignored", paging, "describe-document-permission/max-results/page-size", hard,
           "Takes no notice of MaxResults from 31 to 35."},
          31, 35),
      breaks_on_request({"max-results-zero-exponent-fails", type, "protocol/request/integer", hard,
                         "Fails (500) on a MaxResults with an exponent of zero."},
                        has_zero_exponent),
      fault({"max-results-42-token-unchecked", token, kPreviousToken, hard,
             "Takes any token for the first page if MaxResults is 42."},
            [] {
              FaultHooks hooks;
              hooks.outcome = [](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation != kDescribe || !refused(outcome, "InvalidNextToken")) return;
                if (max_results(input) == 42 && text_of(input, "PermissionType") == "Share")
                  outcome = no_accounts();
              };
              return hooks;
            }),
      reads_as({"token-foreign-character-skipped", token, kPreviousToken, hard,
                "Skips a character inside a token that is none of base64url's, as lenient decoders do."},
               kDescribe, "NextToken",
               [](Json& value) {
                 if (!value.is_string()) return;
                 if (auto shorter = without_foreign_character(value.get<std::string>()))
                   value = *std::move(shorter);
               }),
  };
}

// ---- sequences ----

/// The first description after a change of a document's shares, if it asks for pages of seven, lacks the
/// last account.
FaultHooks loses_one_after_share() {
  const auto changed = std::make_shared<std::set<std::string, std::less<>>>();
  FaultHooks hooks;
  hooks.outcome = [changed](std::string_view operation, const Json& input, Outcome& outcome) {
    if (!outcome) return;
    const std::string name = text_of(input, "Name").value_or("");
    if (operation == kModify) changed->insert(name);
    if (operation == kDescribe && changed->erase(name) > 0 && max_results(input) == 7)
      drop_last_account(*outcome);
  };
  return hooks;
}

/// Between the pages of a list, an account that is removed alone stays.
FaultHooks keeps_account_while_paging() {
  const auto paged = std::make_shared<std::set<std::string, std::less<>>>();
  FaultHooks hooks;
  hooks.input = [paged](std::string_view operation, Json& input) {
    if (operation != kModify || !input.is_object()) return;
    if (!paged->contains(text_of(input, "Name").value_or("")) || !absent(input, "AccountIdsToAdd")) return;
    const auto removed = input.find("AccountIdsToRemove");
    if (removed == input.end() || !removed->is_array() || removed->size() != 1) return;
    // Anything else is refused as ever.
    static const RE2 account("[0-9]{12}");
    const Json& only = removed->front();
    if (only.is_string() && RE2::FullMatch(only.get_ref<const std::string&>(), account))
      *removed = Json::array();
  };
  hooks.outcome = [paged](std::string_view operation, const Json& input, Outcome& outcome) {
    if (!outcome) return;
    const std::string name = text_of(input, "Name").value_or("");
    if (operation == kDescribe && outcome->contains("NextToken")) paged->insert(name);
    // The list goes on, or is a new one.
    if (operation == kDescribe && !outcome->contains("NextToken")) paged->erase(name);
    if (operation == kDelete) paged->erase(name);
  };
  return hooks;
}

std::vector<Fault> sequences() {
  return {
      fault({"share-then-seven-loses-one", state, kAccounts, hard,
             "Leaves out the last account of the first page after a change, if it is asked for by seven."},
            loses_one_after_share),
      fault({"unshare-between-pages-keeps-one", state, kAccounts, hard,
             "Does not remove an account that is removed alone while the list is read by pages."},
            keeps_account_while_paging),
  };
}

}  // namespace

std::vector<Fault> faults_rare() {
  std::vector<Fault> all = names();
  for (const auto part : {rare_pages, sequences}) {
    for (Fault& f : part()) all.push_back(std::move(f));
  }
  for (Fault& f : all) f.for_fuzzing = true;
  return all;
}

}  // namespace conformance::ssm::documents
