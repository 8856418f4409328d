#include <re2/re2.h>
#include <utf8cpp/utf8.h>

#include <algorithm>
#include <map>
#include <memory>

#include "conformance/ssm/fault_support.h"
#include "harness/base/ascii.h"

// GetConnectionStatus: which Targets are accepted, what successful answers look like, and what must hold
// between a Target and its answer.
namespace conformance::ssm::nodes {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

constexpr const char* kEcho = "get-connection-status/response/target/meaning";

About about(std::string name, FaultClass kind, std::string clause, Difficulty difficulty,
            std::string description) {
  return {std::move(name), kind, std::move(clause), difficulty, std::move(description)};
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

std::vector<Fault> accepted_targets() {
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

// ---- answers ----

Fault status_output(std::string name, const char* clause, std::string description,
                    std::function<void(const Json& input, Json& output)> edit, Difficulty difficulty = easy) {
  return alters({std::move(name), shape, std::string("get-connection-status/response/") + clause, difficulty,
                 std::move(description)},
                kStatus, std::move(edit));
}

// ---- relations ----

Fault echo(std::string name, Difficulty difficulty, std::string description,
           std::string (*change)(std::string), std::string clause = kEcho) {
  return alters(about(std::move(name), relation, std::move(clause), difficulty, std::move(description)),
                kStatus, [=](const Json&, Json& output) { output["Target"] = change(output["Target"]); });
}

/// Answers give the Target of the first request whose Target has the same key.
Fault caches_targets(std::string name, std::string description, std::string (*key)(const std::string&)) {
  return fault(about(std::move(name), state, kEcho, hard, std::move(description)), [=] {
    const auto known = std::make_shared<std::map<std::string, std::string>>();
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
      const auto target = text_of(input, "Target");
      if (operation != kStatus || !outcome || !target || target->size() < 100 || known->size() > 10000)
        return;
      (*outcome)["Target"] = known->try_emplace(key(*target), *target).first->second;
    };
    return hooks;
  });
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// ---- meant for the fuzzers: see fault.h, `for_fuzzing` ----

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

std::vector<Fault> rare_targets() {
  return {
      fault({"format-in-target-spoils-next", state, "protocol/http/persistence", hard,
             "After a Target with a percent sign inside a word, loses the last byte of the next body."},
            spoils_next_body),
      breaks({"target-tilde-inside-fails", constraint, "get-connection-status/target/meaning", hard,
              "Fails (500) on a Target with a tilde between two letters or digits."},
             kStatus, matches("Target", "[a-zA-Z0-9]~[a-zA-Z0-9]")),
      breaks({"target-pair-behind-letter-overflows", constraint, "protocol/request/string-length", hard,
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

std::vector<Fault> target_faults() {
  std::vector<Fault> all = accepted_targets();
  for (Fault& f : all) f.on_large_bodies = f.name == "target-unlimited";
  return all;
}

std::vector<Fault> output_faults() {
  const std::string status = "get-connection-status/response/";
  return {
      status_output("status-capitalised", "status/valid-values", "Writes Connected and NotConnected.",
                    [](const Json&, Json& output) {
                      output["Status"] = output["Status"] == "connected" ? "Connected" : "NotConnected";
                    }),
      status_output("status-upper-case", "status/valid-values", "Writes CONNECTED and NOTCONNECTED.",
                    [](const Json&, Json& output) {
                      output["Status"] = output["Status"] == "connected" ? "CONNECTED" : "NOTCONNECTED";
                    }),
      status_output("status-hyphenated", "status/valid-values", "Writes not-connected.",
                    [](const Json&, Json& output) {
                      if (output["Status"] == "notconnected") output["Status"] = "not-connected";
                    }),
      status_output(
          "status-online", "status/valid-values", "Writes Online for connected.",
          [](const Json&, Json& output) {
            if (output["Status"] == "connected") output["Status"] = "Online";
          },
          hard),
      status_output("status-boolean", "status/type", "Sends true and false as Status.",
                    [](const Json&, Json& output) { output["Status"] = output["Status"] == "connected"; }),
      status_output("status-missing", "syntax", "Sends no Status.",
                    [](const Json&, Json& output) { output.erase("Status"); }),
      status_output("status-null", "status/type", "Sends null as Status.",
                    [](const Json&, Json& output) { output["Status"] = nullptr; }),
      status_output("target-missing", "syntax", "Sends no Target.",
                    [](const Json&, Json& output) { output.erase("Target"); }),
      status_output("target-list", "target/type", "Sends Target as a list.",
                    [](const Json&, Json& output) { output["Target"] = Json::array({output["Target"]}); }),
      status_output("status-in-result", "syntax", "Puts the answer into a member GetConnectionStatusResult.",
                    [](const Json&, Json& output) {
                      output = Json{{"GetConnectionStatusResult", Json(output)}};
                    }),
      status_output("status-lower-case-members", "syntax", "Writes members with a small first letter.",
                    [](const Json&, Json& output) { lower_members(output); }),
      alters_response(
          {"status-201", shape, status + "status-code", easy, "Answers GetConnectionStatus with 201."},
          kStatus, [](wire::Response& r) { set_status(r, 201); }),
      alters_response({"status-204", shape, status + "status-code", easy,
                       "Answers GetConnectionStatus with 204 and no body."},
                      kStatus,
                      [](wire::Response& r) {
                        set_status(r, 204);
                        r.body.clear();
                      }),
      alters_response(
          {"status-redirect", shape, status + "status-code", easy, "Redirects to the same place."}, kStatus,
          [](wire::Response& r) {
            set_status(r, 307);
            r.headers.set("Location", "/");
          }),
      alters_response(
          {"status-not-json", shape, status + "json", easy, "Answers Status and Target as a form."}, kStatus,
          [](wire::Response& r) { r.body = "Status=connected&Target=i-0"; }),
      alters_response({"status-in-list", shape, status + "json", easy, "Puts the answer into a list."},
                      kStatus, [](wire::Response& r) { r.body = "[" + r.body + "]"; }),
      alters_response({"status-empty-body", shape, status + "json", easy, "Answers without a body."}, kStatus,
                      [](wire::Response& r) { r.body.clear(); }),
      alters_response(
          {"status-trailing-comma", shape, status + "json", medium, "Writes a comma before the last brace."},
          kStatus, [](wire::Response& r) { r.body.insert(r.body.size() - 1, ","); }),
      alters_response(
          {"status-two-objects", shape, status + "json", medium, "Sends the answer twice in one body."},
          kStatus, [](wire::Response& r) { r.body += std::string(r.body); }),
      alters_response({"status-member-twice", shape, status + "status/meaning", hard,
                       "Sends Status twice in one object."},
                      kStatus, [](wire::Response& r) { r.body.insert(1, R"("Status":"notconnected",)"); }),
      alters_response({"status-latin-1", shape, status + "json", medium, "Adds text that is not UTF-8."},
                      kStatus, [](wire::Response& r) { r.body.insert(1, "\"Note\":\"caf\xe9\","); }),
  };
}

std::vector<Fault> relation_faults() {
  return {
      alters(about("status-never-connected", relation, "get-connection-status/example/response", hard,
                   "Says notconnected of every node."),
             kStatus, [](const Json&, Json& output) { output["Status"] = "notconnected"; }),
      alters(about("status-inverted", relation, "get-connection-status/description/status", easy,
                   "Confuses connected and notconnected."),
             kStatus,
             [](const Json&, Json& output) {
               output["Status"] = output["Status"] == "connected" ? "notconnected" : "connected";
             }),
      echo("target-echoed-in-lower-case", hard, "Answers Target in small letters.",
           [](std::string text) { return base::lower(text); }),
      echo(
          "target-echoed-constant", easy, "Answers the same Target to all.",
          [](std::string) { return std::string("i-02573cafcfEXAMPLE"); },
          "get-connection-status/target/meaning"),
      alters(about("target-echoed-cut", relation, "get-connection-status/response/target/length", hard,
                   "Cuts Target off after 255 bytes."),
             kStatus,
             [](const Json&, Json& output) {
               output["Target"] = output["Target"].get<std::string>().substr(0, 255);
             }),
      echo("target-echoed-as-html", hard, "Writes &lt; for < in Target.",
           [](std::string text) {
             for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1))
               text.replace(at, 1, "&lt;");
             return text;
           }),
      echo("target-echoed-in-ascii", hard, "Writes ? for what is beyond ASCII in Target.",
           [](std::string text) {
             std::replace_if(
                 text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; }, '?');
             return text;
           }),
      echo("target-echoed-decoded", hard, "Decodes percent signs in Target.",
           [](std::string text) {
             for (auto at = text.find('%'); at != std::string::npos; at = text.find('%', at))
               text.erase(at, 1);
             return text;
           }),
  };
}

std::vector<Fault> echo_faults() {
  return {
      caches_targets("targets-cached-by-their-beginning",
                     "Takes Targets for the same if their first 64 characters are.",
                     [](const std::string& target) { return target.substr(0, 64); }),
      caches_targets("targets-cached-by-their-end",
                     "Takes Targets for the same if their last 64 characters are.",
                     [](const std::string& target) { return target.substr(target.size() - 64); }),
      echo("target-echoed-to-nul", hard, "Answers Target up to a NUL.",
           [](std::string text) { return text.substr(0, text.find('\0')); }),
      echo("target-echoed-without-backslashes", hard, "Leaves out backslashes in Target.",
           [](std::string text) {
             std::erase(text, '\\');
             return text;
           }),
      echo("target-echoed-unescaped", hard, "Reads escapes in Target a second time.",
           [](std::string text) { return replaced(replaced(std::move(text), "\\n", "\n"), "\\u0041", "A"); }),
      echo("target-echoed-escaped", hard, "Writes a backslash before quotation marks in Target.",
           [](std::string text) { return replaced(std::move(text), "\"", "\\\""); }),
      echo("target-echoed-in-halves", hard,
           "Writes two question marks for a character beyond 16 bits in Target.",
           [](std::string text) {
             std::string out;
             for (std::size_t i = 0; i < text.size(); ++i) {
               const bool four_bytes = (static_cast<unsigned char>(text[i]) & 0xf8U) == 0xf0U;
               out += four_bytes ? "??" : std::string(1, text[i]);
               if (four_bytes) i += 3;
             }
             return out;
           }),
  };
}

std::vector<Fault> rare_faults() {
  std::vector<Fault> all = rare_targets();
  for (Fault& f : all) f.for_fuzzing = true;
  return all;
}

}  // namespace

std::vector<Fault> faults() {
  return joined({target_faults(), output_faults(), relation_faults(), echo_faults(), rare_faults()});
}

}  // namespace conformance::ssm::nodes
