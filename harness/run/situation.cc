#include "harness/run/situation.h"

#include <fmt/format.h>

#include "harness/wire/content_coding.h"
#include "harness/wire/shell_command.h"

namespace harness::run {
namespace {

constexpr std::size_t kMaxShownBody = 64 * 1024;

// What a result shows of the request: as it was sent, but with the signature and the session token taken out.
std::string request_text_for(const wire::HttpText& text) {
  if (text.raw) return wire::print_http_text(text);
  wire::HttpText shown = text;
  // Headers that are filled in when the request is sent need not be shown: HTTP text leaves them out.
  shown.request.body = shown.request.body.substr(0, kMaxShownBody);
  if (shown.request.headers.contains("X-Amz-Security-Token")) {
    shown.request.headers.set("X-Amz-Security-Token", "REMOVED");
  }
  return wire::print_http_text(shown);
}

/// Carries out `# @compress CODING`: from here on, the text is the one that is sent.
Status compress_body(wire::HttpText& text) {
  const auto coding = text.directive("compress");
  if (!coding) return {};
  if (text.raw || (*coding != "gzip" && *coding != "deflate"))
    return fail(fmt::format("the body cannot be compressed as \"{}\"", *coding));
  text.request.body = wire::encode(*coding, text.request.body);
  std::erase_if(text.comments, [](const std::string& line) { return line.starts_with("@compress"); });
  return {};
}

bool names(std::string_view text, const std::string& id) {
  return text.find("\"" + id + "\"") != std::string_view::npos;
}

/// A resource of ours of a kind that this operation lists; "" if there is none.
std::string listed_by(const Situation& s, const model::Operation& operation) {
  if (s.pack.catalogue == nullptr) return {};
  for (const auto& [name, kind] : s.pack.catalogue->kinds()) {
    if (!kind.list || kind.list->call.operation != operation.name) continue;
    for (const SetUp& set_up : s.set_ups) {
      const auto* resource = s.knowledge.find(name, set_up.id);
      if (resource != nullptr && resource->exists && resource->ours) return set_up.id;
    }
  }
  return {};
}

/// The ids, in quotes, of resources that the answer rests on though the request names none. Where a valid
/// request was accepted, its body has them. Where a list failed, it may have failed over any. What refuses,
/// or should, does so without them.
std::string rests_on(const Situation& s, const Prepared& prepared, const wire::Exchange& exchange) {
  const auto* operation = prepared.classification.operation;
  const int kind_of_status = exchange.response.status / 100;
  if (prepared.expectation.success && kind_of_status == 2) return exchange.response.body;
  if (operation != nullptr && kind_of_status == 5) return '"' + listed_by(s, *operation) + '"';
  return {};
}

wire::CurlOptions curl_options(const Situation& s, const wire::HttpText& text) {
  wire::CurlOptions o;
  o.url = s.url;
  o.ca_bundle = s.ca_bundle;
  o.insecure = !s.verify_ssl;
  if (s.composer.signs(text)) {
    auto scope = s.composer.scope_of(text);
    o.region = std::move(scope.region);
    o.service = std::move(scope.service);
    o.signing = s.knowledge.authentication ? wire::CurlOptions::Signing::environment
                                           : wire::CurlOptions::Signing::literal;
    o.session_token = s.knowledge.authentication && !s.composer.signing()->credentials.session_token.empty();
  } else {
    o.date = s.composer.signing().has_value();  // as Composer::fill_in does
  }
  return o;
}

// Resources are made again whose ids stand in the request, or in `also`.
std::vector<std::string> lines_to_paste(const Situation& situation, const wire::HttpText& text,
                                        std::string_view also) {
  const std::string_view asked = text.raw ? text.raw_bytes : text.request.body;
  std::vector<std::string> lines;
  std::vector<std::pair<std::string, std::string>> variables;  // by the ids that they stand for
  const auto line_of = [&](const wire::HttpText& request) {
    std::string line = wire::curl_command(request, curl_options(situation, request));
    for (const auto& [id, variable] : variables) line = wire::with_variable(line, id, variable);
    return line;
  };
  for (const SetUp& set_up : situation.set_ups) {
    if (!names(asked, set_up.id) && !names(also, set_up.id)) continue;
    for (const auto& request : set_up.requests) {
      std::string line = line_of(request);
      if (&request == &set_up.requests.front() && !set_up.made_in.empty()) {
        variables.emplace_back(set_up.id, fmt::format("ID_{}", variables.size() + 1));
        line = wire::keep_member(line, set_up.made_in, variables.back().second);
      }
      lines.push_back(std::move(line));
    }
  }
  lines.push_back(line_of(text));
  return lines;
}

}  // namespace

Asked ask(const Situation& situation, std::string_view bytes, std::chrono::system_clock::time_point now) {
  Asked asked;
  asked.classification =
      oracle::classify(*situation.pack.model, *situation.pack.rules, bytes, situation.knowledge, now);
  asked.expectation = oracle::admissible(asked.classification, situation.level);
  return asked;
}

std::vector<oracle::Finding> judge(const Situation& situation, const Asked& asked,
                                   const wire::Exchange& exchange) {
  return oracle::judge(asked.classification, asked.expectation, exchange, situation.knowledge);
}

Prepared prepare(const Situation& situation, wire::HttpText text) {
  const auto now = situation.now();
  const auto message = situation.composer.compose(text, now);
  return {ask(situation, message.bytes, now), std::move(text)};
}

Result<Prepared> prepare(const Situation& situation, std::string_view http_text) {
  auto expanded = situation.bindings.expand(http_text);
  if (!expanded) return tl::unexpected(expanded.error());
  auto text = wire::parse_http_text(*expanded);
  if (!text) return tl::unexpected(text.error());
  if (auto compressed = compress_body(*text); !compressed) return tl::unexpected(compressed.error());
  return prepare(situation, std::move(*text));
}

std::vector<std::string> reproduction(const Situation& situation, const wire::HttpText& text) {
  return lines_to_paste(situation, text, {});
}

std::string response_text(const wire::Exchange& exchange) {
  if (exchange.transport != wire::Transport::answered) {
    std::string out = fmt::format("(no answer: {}", wire::to_string(exchange.transport));
    if (!exchange.detail.empty()) out += ", " + exchange.detail;
    return out + ")";
  }
  const wire::Response& r = exchange.response;
  std::string out = fmt::format("{} {} {}\n", r.version, r.status, r.reason);
  for (const auto& line : r.headers.lines()) out += line.name + ": " + line.value + "\n";
  return out + "\n" + r.body.substr(0, kMaxShownBody);
}

void describe(const Situation& situation, const Prepared& prepared, const wire::Exchange& exchange,
              CaseResult& result) {
  result.expected = prepared.expectation.text();
  result.because.clear();
  for (const oracle::Row* row : prepared.expectation.rows) {
    // Beside a rule that is broken for certain, what the specification leaves open explains nothing.
    const bool open = row->force == oracle::Force::availability;
    if (prepared.expectation.success || !open) result.because.emplace_back(row->because);
  }
  result.request = request_text_for(prepared.text);
  result.response = response_text(exchange);
  result.reproduce = lines_to_paste(situation, prepared.text, rests_on(situation, prepared, exchange));
}

}  // namespace harness::run
