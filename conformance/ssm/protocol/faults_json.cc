#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "conformance/ssm/fault_support.h"
#include "harness/base/ascii.h"

// How bodies are read: JSON that is none, and JSON that is unusual.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

/// Bodies that are no JSON are read as what `edit` makes of them.
Fault lenient(std::string name, const char* clause, Difficulty difficulty, std::string description,
              std::function<void(std::string& body)> edit) {
  return repairs(
      {std::move(name), protocol, clause_id("protocol/json/", clause), difficulty, std::move(description)},
      [=](std::string& body) {
        if (!wire::parse_json(body)) edit(body);
      });
}

/// The same by replacing what matches a pattern.
Fault lenient_on(std::string name, const char* clause, Difficulty difficulty, std::string description,
                 const std::string& pattern, const std::string& replacement) {
  const auto compiled = std::make_shared<const RE2>(pattern);
  return lenient(std::move(name), clause, difficulty, std::move(description),
                 [=](std::string& body) { RE2::GlobalReplace(&body, *compiled, replacement); });
}

/// Bodies that fulfil `when` make the endpoint fail.
Fault fails_on(std::string name, const char* clause, Difficulty difficulty, std::string description,
               bool (*when)(const std::string& body)) {
  return replies(
      {std::move(name), protocol, clause_id("protocol/json/", clause), difficulty, std::move(description)},
      [=](const wire::Request& request) { return request.method == "POST" && when(request.body); }, 500,
      "<!doctype html><title>Internal Server Error</title>");
}

std::size_t nesting(const std::string& body) {
  std::size_t depth = 0, deepest = 0;
  for (const char c : body) {
    if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return deepest;
}

bool has_note(const std::string& body, wire::JsonNote::Kind kind) {
  const auto text = wire::parse_json(body);
  return text && text->has(kind);
}

/// What stands behind a whole value is cut off.
void cut_behind_value(std::string& body) {
  const auto parsed = wire::parse_json(body);
  if (parsed) return;
  const std::string shorter = body.substr(0, std::min(parsed.error().offset, body.size()));
  if (wire::parse_json(shorter)) body = shorter;
}

void close_what_is_open(std::string& body) {
  if (body.empty() || body.front() != '{') return;
  for (const char* end : {"}", "\"}", "null}", ":null}", "\":null}", "\"\"}", "\":null,\"x\":null}"}) {
    if (wire::parse_json(body + end)) {
      body += end;
      return;
    }
  }
  // An unfinished member: without it.
  const auto comma = body.rfind(',');
  if (comma != std::string::npos && wire::parse_json(body.substr(0, comma) + "}"))
    body = body.substr(0, comma) + "}";
}

bool known_member(std::string_view operation, std::string_view name) {
  static constexpr std::array<std::string_view, 4> kDescribed = {"Name", "PermissionType", "MaxResults",
                                                                 "NextToken"};
  if (operation == kStatus) return name == "Target";
  return std::find(kDescribed.begin(), kDescribed.end(), name) != kDescribed.end();
}

/// Inputs of the judged operations with a member that nobody knows and that fulfils `when` are refused.
Fault refuses_unknown(std::string name, Difficulty difficulty, std::string description,
                      bool (*when)(const Json&)) {
  return fault(
      {std::move(name), protocol, "protocol/request/unknown-members", difficulty, std::move(description)},
      [=] {
        FaultHooks hooks;
        hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
          if ((operation != kStatus && operation != kDescribe) || !input.is_object()) return;
          for (const auto& [member, value] : input.items()) {
            if (!known_member(operation, member) && when(value))
              outcome = refuse("SerializationException", "There is no member " + member.substr(0, 100) + ".");
          }
        };
        return hooks;
      });
}

/// Members are found under any spelling that `form` makes equal.
Fault finds_members(std::string name, std::string description, std::function<std::string(std::string)> form,
                    std::string clause = "describe-document-permission/request-syntax/spelling") {
  return fault({std::move(name), protocol, std::move(clause), hard, std::move(description)}, [=] {
    FaultHooks hooks;
    hooks.input = [=](std::string_view operation, Json& input) {
      if ((operation != kStatus && operation != kDescribe) || !input.is_object()) return;
      for (const char* member : {"Target", "Name", "PermissionType", "MaxResults", "NextToken"}) {
        if (!known_member(operation, member) || input.contains(member)) continue;
        for (const auto& [spelling, value] : input.items()) {
          if (form(spelling) != form(member)) continue;
          const Json copy = value;
          input[member] = copy;
          break;
        }
      }
    };
    return hooks;
  });
}

std::vector<Fault> lenient_readers() {
  return {
      lenient_on("json-trailing-comma-accepted", "grammar", medium, "Reads over a comma before a brace.",
                 R"(,\s*([}\]]))", R"(\1)"),
      lenient_on("json-double-comma-accepted", "grammar", hard, "Reads two commas as one.", R"(,\s*,)", ","),
      lenient_on("json-leading-comma-accepted", "grammar", hard, "Reads over a comma behind the first brace.",
                 R"(\{\s*,)", "{"),
      lenient_on("json-comments-accepted", "grammar", medium, "Reads over comments.",
                 R"((?s)/\*.*?\*/|//[^\n]*|#[^\n]*)", ""),
      lenient_on("json-single-quotes-accepted", "grammar", hard, "Takes single quotes for double ones.", "'",
                 "\""),
      lenient_on("json-bare-names-accepted", "grammar", hard, "Reads names without quotes.",
                 R"(([{,]\s*)([A-Za-z]+)\s*:)", R"(\1"\2":)"),
      fails_on("member-not-a-number-fails", "numbers", hard,
               "Fails (500) on NaN and Infinity where a member's value belongs.",
               [](const std::string& body) {
                 static const RE2 kNotANumber(R"re("(MaxResults|Name|Target)":-?(NaN|nan|Infinity))re");
                 return RE2::PartialMatch(body, kNotANumber);
               }),
      lenient_on("json-nan-accepted", "grammar", hard, "Reads NaN and Infinity.",
                 R"(-?\bNaN\b|-?\bInfinity\b)", "1"),
      lenient_on("json-leading-zeros-accepted", "numbers", hard, "Reads numbers with leading zeros.",
                 R"(([:\[,]\s*-?)0+([0-9]))", R"(\1\2)"),
      lenient_on("json-plus-sign-accepted", "numbers", hard, "Reads numbers with a plus sign.",
                 R"(([:\[,]\s*)\+([0-9]))", R"(\1\2)"),
      lenient_on("json-hexadecimal-accepted", "numbers", hard, "Reads hexadecimal numbers.",
                 R"(0[xX][0-9a-fA-F]+)", "10"),
      lenient_on("json-capital-literals-accepted", "grammar", hard, "Reads True, False, None and their like.",
                 R"(\b(?:None|NULL|Null|True|TRUE|False|FALSE|undefined|nil)\b)", "null"),
      lenient_on("json-odd-space-accepted", "white-space", hard,
                 "Takes Unicode's white space for white space.",
                 "[\\x0b\\x0c\\x{a0}\\x{2028}\\x{200b}\\x{feff}]", " "),
      lenient_on("json-controls-in-strings-accepted", "strings", hard, "Reads control characters in strings.",
                 R"([\x00-\x1f])", " "),
      lenient_on("json-unknown-escapes-accepted", "strings", hard,
                 "Drops the backslash of escapes that it does not know.",
                 R"(\\([^"\\/bfnrtu]|u[^0-9a-fA-F]|u\{))", R"(\1)"),
      lenient("json-trailing-garbage-ignored", "grammar", medium,
              "Reads the first value and ignores the rest.", cut_behind_value),
      lenient("json-leading-garbage-ignored", "grammar", hard, "Begins to read at the first brace.",
              [](std::string& body) {
                const auto first = body.find('{');
                if (first != std::string::npos) body.erase(0, first);
              }),
      lenient("json-truncated-accepted", "grammar", medium, "Closes what was left open.", close_what_is_open),
      lenient("json-missing-colon-accepted", "grammar", hard, "Reads an equals sign as a colon.",
              [](std::string& body) { std::replace(body.begin(), body.end(), '=', ':'); }),
      repairs({"json-in-list-accepted", protocol, "protocol/request/body", hard,
               "Reads the object out of a list of one."},
              [](std::string& body) {
                const auto text = wire::parse_json(body);
                if (text && text->value.is_array() && text->value.size() == 1 &&
                    text->value.front().is_object())
                  body = wire::to_text(text->value.front());
              }),
      repairs({"json-in-string-accepted", protocol, "get-connection-status/request-syntax/object", hard,
               "Reads the object out of a JSON string."},
              [](std::string& body) {
                const auto text = wire::parse_json(body);
                if (text && text->value.is_string()) body = text->value.get<std::string>();
              }),
      fault({"json-empty-body-is-the-last", state, "protocol/request/body", hard,
             "Answers an empty body as the last one that was right."},
            [] {
              const auto last = std::make_shared<std::map<std::string, std::string, std::less<>>>();
              FaultHooks hooks;
              hooks.request = [last](wire::Request& request) {
                const auto before = last->find(operation_of(request));
                if (request.body.empty() && before != last->end()) request.body = before->second;
              };
              hooks.outcome = [last](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation == kStatus || operation == kDescribe) {
                  if (outcome) (*last)[std::string(operation)] = wire::to_text(input);
                }
              };
              return hooks;
            }),
  };
}

std::vector<Fault> strict_readers() {
  return {
      refuses_unknown("unknown-members-refused", easy, "Refuses members that it does not know.",
                      [](const Json&) { return true; }),
      refuses_unknown("unknown-objects-refused", medium, "Refuses unknown members that hold objects.",
                      [](const Json& value) { return value.is_object(); }),
      refuses_unknown("unknown-null-refused", hard, "Refuses unknown members that are null.",
                      [](const Json& value) { return value.is_null(); }),
      finds_members("members-in-any-case", "Finds members in any case.",
                    [](std::string text) { return base::lower(text); }),
      finds_members("members-in-snake-case", "Finds members in snake case too.",
                    [](std::string text) {
                      std::erase(text, '_');
                      return base::lower(text);
                    }),
      finds_members("members-trimmed", "Ignores spaces in the names of members.",
                    [](std::string text) {
                      std::erase(text, ' ');
                      return text;
                    }),
      finds_members(
          "members-up-to-nul", "Reads the names of members up to the first NUL.",
          [](std::string text) { return text.substr(0, text.find('\0')); },
          "get-connection-status/request-syntax/spelling"),
      repairs(
          {"json-escapes-not-decoded", protocol, "protocol/json/strings", hard, "Does not decode escapes."},
          [](std::string& body) {
            for (auto at = body.find("\\u00"); at != std::string::npos; at = body.find("\\u00", at + 2))
              body.insert(at, "\\");
          }),
      repairs({"json-white-space-refused", protocol, "protocol/json/white-space", hard,
               "Refuses white space before the object."},
              [](std::string& body) {
                if (!body.empty() && std::string_view(" \t\r\n").find(body.front()) != std::string_view::npos)
                  body.insert(0, "?");
              }),
      repairs({"json-lines-refused", protocol, "protocol/json/white-space", hard,
               "Reads the first line of a body only."},
              [](std::string& body) { body = body.substr(0, body.find('\n')); }),
      refuses(
          {"json-order-matters", protocol, "describe-document-permission/request-syntax/object", hard,
           "Wants Name to be the first member."},
          kDescribe,
          [](const Json& input) { return input.contains("Name") && input.items().begin().key() != "Name"; },
          {400, "SerializationException", "Name comes first."}),
  };
}

std::vector<Fault> failing_readers() {
  using Note = wire::JsonNote::Kind;
  return {
      fails_on("json-depth-400-fails", "limits", hard, "Fails (500) on JSON nested deeper than 400.",
               [](const std::string& body) { return nesting(body) > 400; }),
      fails_on("json-depth-90-fails", "limits", hard, "Fails (500) on JSON nested deeper than 90.",
               [](const std::string& body) { return nesting(body) > 90; }),
      fails_on("json-unusual-characters-fail", "encoding", hard,
               "Fails (500) on controls, line separators, invisible characters, private and unassigned "
               "characters.",
               [](const std::string& body) {
                 static const RE2 unusual(
                     "[\\x{01}-\\x{1f}\\x{7f}-\\x{9f}\\x{200b}-\\x{200f}\\x{2028}-\\x{202e}\\x{2060}\\x{e000}"
                     "-\\x{f8ff}\\x{feff}"
                     "\\x{ffff}]");
                 const auto text = wire::parse_json(body);
                 if (!text || !text->value.is_object()) return false;
                 for (const auto& [name, value] : text->value.items()) {
                   if (value.is_string() && RE2::PartialMatch(value.get_ref<const std::string&>(), unusual))
                     return true;
                 }
                 return false;
               }),
      fails_on("json-spaces-fail", "describe-document-permission/example/request", hard,
               "Fails (500) on a space behind a colon, as Python writes it.",
               [](const std::string& body) { return body.starts_with("{\"Name\": "); }),
      fails_on("json-exponent-fails", "numbers", hard, "Fails (500) on numbers with an exponent.",
               [](const std::string& body) {
                 static const RE2 exponent("[0-9][eE][-+]?[0-9]");
                 return RE2::PartialMatch(body, exponent);
               }),
      fails_on("json-large-fails", "limits", hard, "Fails (500) on bodies over 4 KiB.",
               [](const std::string& body) { return body.size() > 4 * 1024; }),
      fails_on("json-not-utf-8-fails", "encoding", medium, "Fails (500) on what is not UTF-8.",
               [](const std::string& body) { return has_note(body, Note::invalid_utf8); }),
      fails_on("json-lone-surrogate-fails", "surrogates", medium, "Fails (500) on half a surrogate pair.",
               [](const std::string& body) { return has_note(body, Note::lone_surrogate); }),
      fails_on("json-huge-number-fails", "numbers", hard, "Fails (500) on numbers that are no doubles.",
               [](const std::string& body) { return has_note(body, Note::unrepresentable); }),
      fails_on("json-big-integer-fails", "numbers", medium, "Fails (500) on integers beyond 64 bits.",
               [](const std::string& body) { return has_note(body, Note::beyond_int64); }),
      fails_on("json-duplicate-member-fails", "names", hard, "Fails (500) if a member stands twice.",
               [](const std::string& body) { return has_note(body, Note::duplicate_key); }),
      fails_on("json-byte-order-mark-fails", "encoding", hard, "Fails (500) on a byte order mark.",
               [](const std::string& body) { return body.starts_with("\xef\xbb\xbf"); }),
      fails_on("json-scalar-fails", "protocol/request/body", medium, "Fails (500) if the body is no object.",
               [](const std::string& body) {
                 const auto text = wire::parse_json(body);
                 return text && !text->value.is_object();
               }),
      fails_on("json-broken-fails", "grammar", easy, "Fails (500) on what is no JSON.",
               [](const std::string& body) { return !body.empty() && !wire::parse_json(body); }),
      fails_on("json-empty-body-fails", "protocol/request/body", hard, "Fails (500) on an empty body.",
               [](const std::string& body) { return body.empty(); }),
      fails_on("json-nul-fails", "strings", hard, "Fails (500) on an escaped NUL.",
               [](const std::string& body) { return body.find("\\u0000") != std::string::npos; }),
      fails_on("json-emoji-fails", "encoding", hard, "Fails (500) on characters of four bytes.",
               [](const std::string& body) {
                 return std::any_of(body.begin(), body.end(), [](char c) { return (c & 0xf8) == 0xf0; });
               }),
  };
}

}  // namespace

std::vector<Fault> faults_json() {
  std::vector<Fault> all = lenient_readers();
  for (const auto part : {strict_readers, failing_readers}) {
    for (Fault& f : part()) all.push_back(std::move(f));
  }
  for (Fault& f : all) f.on_large_bodies = f.name == "json-large-fails" || f.name == "json-broken-fails";
  return all;
}

}  // namespace conformance::ssm::protocol
