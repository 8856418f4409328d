#include <re2/re2.h>
#include <utf8cpp/utf8.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "harness/reference/faults/catalogue.h"
#include "harness/reference/faults/kit.h"

// Faults meant for the fuzzers: they show only on one value, one combination or one sequence that no
// hand-made case has, as those do that nobody thought of. `selftest` makes sure that the suites pass them by.
namespace harness::reference {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

constexpr const char* kCharacters = "describe-document-permission/name/pattern/characters";
constexpr const char* kAccounts = "describe-document-permission/response/account-ids/meaning";
constexpr const char* kPreviousToken = "describe-document-permission/next-token/from-previous-call";

const Failure kFailed{500, "InternalServerError", "The service failed."};

/// Inputs of the operation that fulfil `when` make the endpoint fail.
Fault rarely_fails(About about, std::string_view operation, Predicate when) {
  return refuses(std::move(about), operation, std::move(when), kFailed);
}

/// Requests that fulfil `when` make the endpoint fail, whatever they ask for.
Fault rarely_fails_on(About about, std::function<bool(const wire::Request&)> when) {
  return replies(
      std::move(about),
      [=](const wire::Request& request) { return request.method == "POST" && when(request); }, kFailed.status,
      R"({"__type":"InternalServerError"})", "application/x-amz-json-1.1");
}

/// The text of this member matches the pattern somewhere.
Predicate matches(const char* member, const char* pattern) {
  const auto compiled = std::make_shared<const RE2>(pattern);
  return [=](const Json& input) {
    const auto text = text_of(input, member);
    return text && RE2::PartialMatch(*text, *compiled);
  };
}

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
      rarely_fails(
          {"name-77-fails", constraint, "describe-document-permission/name/pattern/length", hard,
           "Fails (500) on names of exactly 77 characters."},
          kDescribe,
          [](const Json& input) { return wire::scalar_count(text_of(input, "Name").value_or("")) == 77; }),
      rarely_fails({"name-dots-in-a-row-fails", constraint, kCharacters, hard,
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
      rarely_fails_on({"max-results-zero-exponent-fails", type, "protocol/request/integer", hard,
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

/// After a Target that looks like a format, the next body lacks its last byte.
FaultHooks spoils_next_body() {
  const auto armed = std::make_shared<bool>(false);
  FaultHooks hooks;
  hooks.request = [armed](wire::Request& request) {
    static const RE2 format(R"("Target"\s*:\s*"[^"]*[a-zA-Z0-9]%[a-zA-Z])");
    const bool spoil =
        std::exchange(*armed, operation_of(request) == kStatus && RE2::PartialMatch(request.body, format));
    if (spoil && !request.body.empty()) request.body.pop_back();
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
      fault({"format-in-target-spoils-next", state, "protocol/http/persistence", hard,
             "After a Target with a percent sign inside a word, loses the last byte of the next body."},
            spoils_next_body),
  };
}

// ---- Target ----

std::u32string characters(const std::string& text) {
  const std::string valid = utf8::replace_invalid(text);
  std::u32string out;
  utf8::utf8to32(valid.begin(), valid.end(), std::back_inserter(out));
  return out;
}

bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

/// The length by a count that is wrong by one for each character of two UTF-16 units behind an ASCII letter.
std::size_t miscounted(const std::string& text) {
  const auto all = characters(text);
  std::size_t count = all.size();
  for (std::size_t i = 1; i < all.size(); ++i) count += all[i] > 0xffff && is_letter(all[i - 1]) ? 1 : 0;
  return count;
}

/// The text as if its UTF-16 form had been converted in two parts, the first of `units` units: a pair that
/// the border falls into is lost.
std::string cut_at(const std::string& text, std::size_t units) {
  std::string out;
  std::size_t at = 0;
  for (const char32_t c : characters(text)) {
    const std::size_t width = c > 0xffff ? 2 : 1;
    utf8::append(width == 2 && at + 1 == units ? char32_t{0xfffd} : c, std::back_inserter(out));
    at += width;
  }
  return out;
}

std::vector<Fault> targets() {
  return {
      rarely_fails({"target-tilde-inside-fails", constraint, "get-connection-status/target/meaning", hard,
                    "Fails (500) on a Target with a tilde between two letters or digits."},
                   kStatus, matches("Target", "[a-zA-Z0-9]~[a-zA-Z0-9]")),
      rarely_fails({"target-pair-behind-letter-overflows", constraint, "protocol/request/string-length", hard,
                    "Counts characters beyond 16 bits as two where they follow a letter, and fails "
                    "(500) on what it "
                    "takes for more than 400."},
                   kStatus,
                   [](const Json& input) {
                     const std::string target = text_of(input, "Target").value_or("");
                     return wire::scalar_count(target) <= 400 && miscounted(target) > 400;
                   }),
      alters({"target-pair-over-border-broken", type, "get-connection-status/response/target/meaning", hard,
              "Loses a character beyond 16 bits whose two UTF-16 units are the 64th and 65th of Target."},
             kStatus,
             [](const Json&, Json& output) {
               const auto target = text_of(output, "Target");
               if (target &&
                   std::any_of(target->begin(), target->end(), [](char c) { return (c & 0xf8) == 0xf0; }))
                 output["Target"] = cut_at(*target, 64);
             }),
  };
}

// ---- JSON and HTTP ----

/// A member stands twice, and Name between the two.
bool twice_around_name(const wire::Request& request) {
  const auto text = wire::parse_json(request.body);
  if (!text) return false;
  const auto name = request.body.find("\"Name\"");
  return std::any_of(text->notes.begin(), text->notes.end(), [&](const wire::JsonNote& note) {
    if (note.kind != wire::JsonNote::Kind::duplicate_key || note.path == "Name") return false;
    const std::string quoted = '"' + note.path + '"';
    const auto first = request.body.find(quoted);
    const auto last = request.body.rfind(quoted);
    return name != std::string::npos && first < name && name < last && last != std::string::npos;
  });
}

/// An optional member of DescribeDocumentPermission is there, but its name is not written in plain letters.
bool escaped_optional_name(const wire::Request& request) {
  if (operation_of(request) != kDescribe) return false;
  if (request.body.find('\\') == std::string::npos) return false;
  const auto text = wire::parse_json(request.body);
  if (!text || !text->value.is_object()) return false;
  const auto escaped = [&](const std::string& name) {
    return text->value.contains(name) && request.body.find('"' + name + '"') == std::string::npos;
  };
  return escaped("MaxResults") || escaped("NextToken");
}

bool is_object(const Json& value) {
  return value.is_object();
}

/// An object in an object in a member that no operation has, and no object in that.
bool objects_in_unknown(const Json& input) {
  static const std::set<std::string, std::less<>> kKnown = {"Name", "PermissionType", "MaxResults",
                                                            "NextToken", "Target"};
  return std::any_of(input.items().begin(), input.items().end(), [](const auto& item) {
    const Json& value = item.value();
    return !kKnown.contains(item.key()) && value.is_object() &&
           std::any_of(value.begin(), value.end(), [](const Json& inner) {
             return inner.is_object() && std::none_of(inner.begin(), inner.end(), is_object);
           });
  });
}

bool two_parameters(const wire::Request& request) {
  const auto type = request.headers.find("Content-Type");
  return type && type->starts_with("application/x-amz-json-1.1;") &&
         std::count(type->begin(), type->end(), ';') == 2;
}

bool three_times(const wire::Request& request) {
  const auto& lines = request.headers.lines();
  return std::any_of(lines.begin(), lines.end(),
                     [&](const wire::Header& line) { return request.headers.all(line.name).size() == 3; });
}

std::vector<Fault> messages() {
  return {
      rarely_fails_on({"member-twice-around-name-fails", protocol, "protocol/json/names", hard,
                       "Fails (500) if a member stands twice with Name between."},
                      twice_around_name),
      rarely_fails_on({"escaped-optional-name-fails", protocol, "protocol/json/strings", hard,
                       "Fails (500) on an escape in the name of MaxResults or NextToken."},
                      escaped_optional_name),
      rarely_fails(
          {"objects-in-unknown-member-fail", protocol, "protocol/request/unknown-members", hard,
           "Fails (500) on an object in an object in an unknown member, if it holds no further one."},
          kDescribe, objects_in_unknown),
      repairs({"json-tab-before-colon-refused", protocol, "protocol/json/white-space", hard,
               "Refuses a tab between the name of a member and its colon."},
              [](std::string& body) {
                static const RE2 tab("\"\t:");
                RE2::Replace(&body, tab, "\"?:");
              }),
      rarely_fails_on({"content-type-two-parameters-fail", protocol, "protocol/request/content-type", hard,
                       "Fails (500) on a content type with two parameters."},
                      two_parameters),
      rarely_fails_on({"header-three-times-fails", protocol, "protocol/http/headers", hard,
                       "Fails (500) if a header stands three times."},
                      three_times),
  };
}

}  // namespace

std::vector<Fault> rare_faults() {
  std::vector<Fault> all;
  for (const auto part : {names, rare_pages, sequences, targets, messages}) {
    for (Fault& f : part()) all.push_back(std::move(f));
  }
  for (Fault& f : all) f.for_fuzzing = true;
  return all;
}

}  // namespace harness::reference
