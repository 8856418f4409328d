#include "harness/oracle/novelty.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "harness/oracle/admissible.h"
#include "harness/wire/error_envelope.h"
#include "harness/wire/json.h"

namespace harness::oracle {
namespace {

using wire::Json;
using Names = std::set<std::string, std::less<>>;

// Codes that no table names, of services and of frameworks.
constexpr std::array kOtherCodes = {"AccessDenied",
                                    "BadRequestException",
                                    "BadRequest",
                                    "ExpiredTokenException",
                                    "InternalError",
                                    "InternalFailure",
                                    "InternalServerError",
                                    "InternalServerException",
                                    "InvalidRequest",
                                    "MalformedQueryString",
                                    "MethodNotAllowed",
                                    "NotFoundException",
                                    "NotImplemented",
                                    "NotImplementedException",
                                    "OptInRequired",
                                    "RequestTimeoutException",
                                    "ResourceNotFound",
                                    "ServiceException",
                                    "ServiceUnavailable",
                                    "ThrottlingException",
                                    "TooManyRequestsException",
                                    "UnknownError",
                                    "UnsupportedOperation",
                                    "ResourceNotFoundException"};

// Keys of errors, beside the model's.
constexpr std::array kProtocolKeys = {"__type", "message", "Message",   "code",     "Code",
                                      "error",  "Error",   "errors",    "type",     "Type",
                                      "status", "detail",  "requestId", "RequestId"};

// What a message says is wrong; the first that it holds counts, so the longer ones come first.
constexpr std::array<std::string_view, 30> kPhrases = {
    "does not exist", "not found",    "not implemented",  "not supported",
    "is required",    "required",     "missing",          "not be null",
    "null",           "too long",     "too short",        "length",
    "less than",      "greater than", "at least",         "at most",
    "between",        "range",        "pattern",          "enum",
    "already exists", "expected",     "cannot be parsed", "json",
    "token",          "signature",    "expired",          "denied",
    "unknown",        "invalid"};

// What follows "Member must", and its name here.
struct Constraint {
  std::string_view words, name;
};
constexpr std::array<Constraint, 7> kConstraints = {{
    {"not be null", "null"},
    {"have length greater than or equal to", "length-least"},
    {"have length less than or equal to", "length-most"},
    {"have value greater than or equal to", "value-least"},
    {"have value less than or equal to", "value-most"},
    {"satisfy regular expression pattern", "pattern"},
    {"satisfy enum value set", "enum"},
}};

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool is_word(char c) {
  return (c >= '0' && c <= '9') || (lowered(c) >= 'a' && lowered(c) <= 'z') || c == '_';
}

void collect(const model::Shape* shape, Names& names, std::set<const model::Shape*>& seen) {
  if (shape == nullptr || !seen.insert(shape).second) return;
  for (const auto& member : shape->members) {
    if (shape->type == model::ShapeType::structure || shape->type == model::ShapeType::union_)
      names.insert(member.name);
    collect(member.target, names, seen);
  }
}

}  // namespace

struct Novelty::Words {
  Names codes;
  Names output_keys;
  Names members;  // of inputs, as the model writes them
  std::map<std::string, std::string, std::less<>>
      by_first;  // as messages write them: "maxResults" -> "MaxResults"

  std::string_view key(std::string_view name) const { return output_keys.contains(name) ? name : "?"; }

  // "itemsToAdd.1.member": the last part that is a member's name.
  std::string_view member_at(std::string_view path) const {
    while (!path.empty()) {
      const auto dot = path.rfind('.');
      const auto part = dot == std::string_view::npos ? path : path.substr(dot + 1);
      if (const auto it = by_first.find(part); it != by_first.end()) return it->second;
      if (const auto it = members.find(part); it != members.end()) return *it;
      path = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
    }
    return "?";
  }
};

namespace {

template <typename Key>
void paths(const Json& value, const std::string& path, int depth, const Key& key, Names& out) {
  if (depth > 4 || out.size() > 50) return;
  if (value.is_object()) {
    if (value.empty()) out.insert(path + ":{}");
    for (const auto& [name, v] : value.items()) {
      std::string below = path;
      if (!below.empty()) below += '.';
      below += key(name);
      paths(v, below, depth + 1, key, out);
    }
  } else if (value.is_array()) {
    if (value.empty()) out.insert(path + ":[]");
    // A long list says no more than its beginning.
    const std::size_t most = std::min<std::size_t>(value.size(), 20);
    for (std::size_t i = 0; i < most; ++i) paths(value[i], path + "[]", depth + 1, key, out);
  } else {
    out.insert(path + ":" + (value.is_number() ? "number" : value.type_name()));
  }
}

// The message in AWS's words, from its end on: everything before could be quoted from the request.
template <typename Words>
std::optional<std::string> aws_words(std::string_view message, const Words& words) {
  constexpr std::string_view kMiddle = "' failed to satisfy constraint: Member must ";
  // How many there are stands at the beginning, before anything that is quoted.
  std::size_t digits = 0;
  while (digits < message.size() && message[digits] >= '0' && message[digits] <= '9') ++digits;
  const bool counted = digits == 1 && message.substr(digits).starts_with(" validation error");
  if (!counted && !message.starts_with("Value '")) return std::nullopt;
  const auto middle = message.rfind(kMiddle);
  if (middle == std::string_view::npos) return std::nullopt;
  const auto quote = message.rfind('\'', middle - std::min<std::size_t>(middle, 1));
  const std::string_view path =
      quote == std::string_view::npos || quote >= middle ? "" : message.substr(quote + 1, middle - quote - 1);
  const std::string_view rest = message.substr(middle + kMiddle.size());
  std::string_view constraint = "?";
  for (const auto& c : kConstraints) {
    if (rest.starts_with(c.words)) constraint = c.name;
  }
  return fmt::format("{}*{}:{}", counted ? message.substr(0, 1) : "?", words.member_at(path), constraint);
}

// What stands between quotes or brackets is taken for an echo, and becomes one mark: unless all of it is a
// member's name.
template <typename Words>
std::string other_words(std::string_view message, const Words& words) {
  std::string_view member;
  std::string plain;
  const auto name_of = [&](std::string_view text, bool quoted) -> std::string_view {
    if (const auto it = words.members.find(text); it != words.members.end()) return *it;
    if (quoted) {
      const auto found = words.member_at(text);
      if (found != "?") return found;
    }
    return {};
  };
  for (std::size_t i = 0; i < message.size();) {
    constexpr std::string_view kOpen = "'\"`[{(<", kClose = "'\"`]})>";
    const auto kind = kOpen.find(message[i]);
    // An apostrophe within a word opens nothing.
    const bool opens = kind != std::string_view::npos && (kind > 2 || i == 0 || !is_word(message[i - 1]));
    if (opens) {
      // To the last of its kind: what is echoed may hold some itself.
      const auto close = message.find(kClose[kind], i + 1);
      const auto inner =
          close == std::string_view::npos ? std::string_view() : message.substr(i + 1, close - i - 1);
      const auto name = name_of(inner, true);
      if (!name.empty()) {
        if (member.empty()) member = name;
        i = close + 1;
        continue;
      }
      const auto last = message.rfind(kClose[kind]);
      i = last == std::string_view::npos || last <= i ? message.size() : last + 1;
      plain += '"';
      continue;
    }
    std::size_t end = i;
    while (end < message.size() && is_word(message[end])) ++end;
    if (end > i && member.empty()) member = name_of(message.substr(i, end - i), false);
    end = std::max(end, i + 1);
    for (; i < end; ++i) plain += lowered(message[i]);
  }
  std::string_view said = "-";
  for (const auto phrase : kPhrases) {
    if (plain.find(phrase) == std::string::npos) continue;
    said = phrase;
    break;
  }
  return fmt::format("{}:{}", member.empty() ? "-" : member, said);
}

}  // namespace

Novelty::Novelty(const model::Model& model) {
  auto words = std::make_unique<Words>();
  std::set<const model::Shape*> inputs;
  std::set<const model::Shape*> outputs;
  for (const auto& operation : model.operations()) {
    collect(operation.input, words->members, inputs);
    collect(operation.output, words->output_keys, outputs);
    for (const auto* error : operation.errors) {
      words->codes.emplace(error->name());
      collect(error, words->output_keys, outputs);
    }
  }
  for (const auto& row : table()) {
    for (const auto& outcome : row.outcomes) words->codes.emplace(outcome.code);
    if (row.recorded) words->codes.emplace(row.recorded->code);
  }
  words->codes.insert(kOtherCodes.begin(), kOtherCodes.end());
  words->codes.erase("");
  words->output_keys.insert(kProtocolKeys.begin(), kProtocolKeys.end());
  for (const auto& member : words->members) {
    std::string first = member;
    first[0] = lowered(first[0]);
    words->by_first.emplace(std::move(first), member);
  }
  words_ = std::move(words);
}

Novelty::~Novelty() = default;
Novelty::Novelty(Novelty&&) noexcept = default;
Novelty& Novelty::operator=(Novelty&&) noexcept = default;

std::string Novelty::of(const wire::Exchange& exchange) const {
  if (exchange.transport != wire::Transport::answered)
    return std::string(wire::to_string(exchange.transport));
  const wire::Response& r = exchange.response;
  std::string out = r.status >= 100 && r.status <= 599 ? std::to_string(r.status) : "?";
  if (!exchange.stray.empty()) out += " stray";
  if (exchange.content == wire::Content::opaque) return out + " coded";
  if (exchange.content == wire::Content::broken) return out + " not-json";
  const auto body = wire::parse_json(r.body, 100);
  if (!body) return out + (r.body.empty() ? " empty" : r.body.starts_with('<') ? " markup" : " not-json");
  if (!body->value.is_object()) return out + " " + body->value.type_name();

  Names shape;
  paths(
      body->value, {}, 0, [&](std::string_view name) { return words_->key(name); }, shape);
  std::string keys = fmt::format("{{{}}}", fmt::join(shape, ","));
  if (r.status < 300) return out + " " + keys;

  const auto envelope = wire::read_error_envelope(r, body->value);
  const std::string_view name = envelope.name();
  out += " ";
  const bool coded = envelope.body_type || envelope.header_type || envelope.body_code;
  out += !coded ? "-" : words_->codes.contains(name) ? name : "?";
  if (!envelope.carriers_agree()) out += " disagree";
  out += " " + keys;
  if (envelope.message) {
    const std::string_view message = std::string_view(*envelope.message).substr(0, 64 * 1024);
    const auto aws = aws_words(message, *words_);
    out += " " + (aws ? *aws : other_words(message, *words_));
  }
  return out;
}

std::string novelty(const wire::Exchange& exchange, const model::Model& model) {
  return Novelty(model).of(exchange);
}

}  // namespace harness::oracle
