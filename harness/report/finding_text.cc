#include "harness/report/finding_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "harness/base/ascii.h"
#include "harness/base/hash.h"
#include "harness/report/markdown_text.h"
#include "harness/report/text.h"
#include "harness/wire/http_text.h"

namespace harness::report {
namespace {

constexpr std::size_t kLongestSlug = 80;
constexpr std::size_t kHashDigits = 8;
constexpr std::size_t kLongestComment = 500;
// Enough for every request that is worth reading.
constexpr ExcerptLimits kExcerpt{60, 2000};

// "ListTables|outcome/accepted" -> "list-tables-outcome-accepted"
std::string slug(std::string_view text) {
  std::string out;
  char before = '\0';
  for (const char c : text) {
    const bool word_begins = base::is_upper(c) && base::is_letter(before) && !base::is_upper(before);
    if (word_begins || (!base::is_letter(c) && !base::is_digit(c))) {
      if (!out.empty() && out.back() != '-') out += '-';
    }
    if (base::is_letter(c) || base::is_digit(c)) out += base::lower(c);
    before = c;
  }
  // Not in the middle of a word.
  if (out.size() > kLongestSlug) {
    const std::size_t end = out.rfind('-', kLongestSlug);
    out.resize(end == std::string::npos || end < kLongestSlug / 2 ? kLongestSlug : end);
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

// One line without a placeholder: those are replaced in comments too.
std::string comment_text(std::string_view text) {
  std::string out = one_line(text);
  for (auto at = out.find("{{"); at != std::string::npos; at = out.find("{{", at + 1))
    out.insert(at + 1, " ");
  return std::string(base::trimmed(out, " "));
}

// As it can be shown and copied: what is invisible is written as escapes.
std::string as_shown(const std::string& http_text) {
  if (many_lines(http_text) == http_text) return http_text;
  auto text = wire::parse_http_text(http_text);
  if (!text) return http_text;
  text->escaped = true;
  return wire::print_http_text(*text);
}

}  // namespace

std::string signature_text(std::string_view signature) {
  return comment_text(signature);
}

std::set<std::string_view> request_rules(std::string_view request) {
  const auto rules = request_rules_in_order(request);
  return {rules.begin(), rules.end()};
}

std::vector<std::string_view> request_rules_in_order(std::string_view request) {
  std::vector<std::string_view> out;
  while (!request.empty()) {
    const std::size_t plus = request.find('+');
    out.push_back(request.substr(0, plus));
    if (plus == std::string_view::npos) break;
    request.remove_prefix(plus + 1);
  }
  return out;
}

std::string finding_id(std::string_view signature) {
  const std::string text = signature_text(signature);
  const std::string readable = slug(text);
  return (readable.empty() ? std::string("finding") : readable) + "-" +
         base::sha256_hex(text).substr(0, kHashDigits);
}

std::string finding_http(const FoundDefect& d) {
  const std::string what = comment_text(d.message);
  std::string out = "# ";
  // "@" would make a directive of it.
  if (what.empty() || what.front() == '@') out += "found: ";
  out += cut(what, kLongestComment) + "\n";
  // A request may begin with comments that look like ours: then each of ours is written, also without a
  // value, so that none of the request's is taken for it.
  const bool all = d.http_text.starts_with('#');
  const auto add = [&](std::string_view name, std::string_view value) {
    const std::string text = comment_text(value);
    if (all || !text.empty()) out += fmt::format("# @{} {}\n", name, text);
  };
  add("signature", d.signature);
  add("rule", d.rule);
  add("operation", d.operation);
  add("state", d.state);
  add("seen", std::to_string(d.seen));
  add("first-seen", d.first_seen);
  add("last-seen", d.last_seen);
  add("endpoint", d.target);
  return out + d.http_text;
}

Result<FoundDefect> read_finding_http(std::string_view text) {
  FoundDefect d;
  d.state.clear();
  std::set<std::string_view> taken;  // each stands once; what follows is the request's
  bool first = true;
  while (text.starts_with("#")) {
    const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size()));
    std::string_view comment = line.substr(1);
    if (comment.starts_with(' ')) comment.remove_prefix(1);
    if (comment.ends_with('\r')) comment.remove_suffix(1);
    const auto take = [&](std::string_view name, std::string& out) {
      if (!comment.starts_with(name) || !taken.insert(name).second) return false;
      out = comment_text(comment.substr(name.size()));
      return true;
    };
    std::string seen;
    bool ours = take("@signature ", d.signature) || take("@rule ", d.rule) ||
                take("@operation ", d.operation) || take("@state ", d.state) ||
                take("@first-seen ", d.first_seen) || take("@last-seen ", d.last_seen) ||
                take("@endpoint ", d.target);
    if (!ours && take("@seen ", seen)) {
      ours = true;
      const auto [end, error] = std::from_chars(seen.data(), seen.data() + seen.size(), d.seen);
      if (error != std::errc() || end != seen.data() + seen.size()) {
        return fail("damaged: '# @seen' needs a number");
      }
    }
    if (!ours && first) {
      d.message = std::string(comment);
      ours = true;
    }
    if (!ours) break;  // from here on, it is the request
    first = false;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  if (d.signature.empty()) return fail("not a finding, or damaged: there is no '# @signature' on top");
  if (d.state.empty()) d.state = std::string(kOpen);
  if (d.state != kOpen && d.state != kFixed) {
    return fail(fmt::format("damaged: '# @state {}' is neither open nor fixed", cut(one_line(d.state), 40)));
  }
  if (text.empty()) return fail("damaged: there is no request");
  d.http_text = std::string(text);
  return d;
}

std::string finding_markdown(const FoundDefect& d) {
  std::string out = fmt::format("# {}\n\n", markdown_text(d.message));
  if (!d.because.empty()) {
    out += "**Requirement:**";
    for (const std::string& sentence : excerpt(d.because, kExcerpt)) out += " " + markdown_text(sentence);
    out += "\n\n";
  }
  const auto part = [&](const char* title, const char* language, std::string_view text) {
    if (text.empty()) return;
    out += fmt::format("**{}:**\n\n{}", title, markdown_block(language, excerpt(text, kExcerpt)));
  };
  part("Sent", "http", d.request.empty() ? d.http_text : d.request);
  part("Answered", "http", d.response);
  part("Admissible", "text", d.expected);
  if (!d.reproduce.empty()) {
    out += "**Reproduce:**\n\n";
    std::vector<std::string> lines;
    for (const std::string& line : d.reproduce) lines.push_back(many_lines(line));
    out += markdown_block("sh", lines);
  }
  part("For any endpoint, with `ssm-conformance replay`", "http", as_shown(d.http_text));
  out += "| | |\n| --- | --- |\n";
  const auto row = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += fmt::format("| {} | {} |\n", name, markdown_name(value));
  };
  row("signature", signature_text(d.signature));
  row("rule", d.rule);
  row("operation", d.operation);
  row("first seen", d.first_seen);
  row("endpoint", d.target);
  return out;
}

}  // namespace harness::report
