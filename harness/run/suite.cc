#include "harness/run/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/wire/http_text.h"
#include "harness/wire/json.h"

namespace harness::run {
namespace {

using wire::Json;

constexpr std::array<std::string_view, 16> kKnownKeys = {
    "id",      "title",   "breaks",  "hostile", "needs_authentication",
    "escaped", "body",    "members", "without", "method",
    "path",    "version", "headers", "omit",    "text",
    "scope"};

const Json* find(const Json& object, std::string_view key) {
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::string text(const Json& object, std::string_view key, std::string fallback = {}) {
  const Json* v = find(object, key);
  return v != nullptr && v->is_string() ? v->get<std::string>() : std::move(fallback);
}

bool flag(const Json& object, std::string_view key) {
  const Json* v = find(object, key);
  return v != nullptr && v->is_boolean() && v->get<bool>();
}

std::vector<std::string> strings(const Json& object, std::string_view key) {
  std::vector<std::string> out;
  const Json* v = find(object, key);
  if (v == nullptr || !v->is_array()) return out;
  for (const Json& s : *v) {
    if (s.is_string()) out.push_back(s.get<std::string>());
  }
  return out;
}

void replace_all(std::string& in, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = in.find(what, at)) != std::string::npos; at += by.size())
    in.replace(at, what.size(), by);
}

// What a raw text needs besides Host and the framing, so that it is taken for a request to this operation
// also where requests are routed by the scope of their signature.
constexpr std::string_view kHeaders =
    "X-Amz-Target: {{target}}\nContent-Type: application/x-amz-json-1.1\nX-Amz-Date: {{amz-date}}\n"
    "Authorization: AWS4-HMAC-SHA256 Credential={{access-key}}/{{date}}/{{region}}/ssm/aws4_request, "
    "SignedHeaders=host;x-amz-date, "
    "Signature=0000000000000000000000000000000000000000000000000000000000000000";

// Puts in what comes from the operation's example; every other placeholder gets its value when the case is
// run.
Result<std::string> from_example(std::string in, const std::string& target, const std::string& body) {
  replace_all(in, "{{headers}}", kHeaders);
  replace_all(in, "{{target}}", target);
  replace_all(in, "{{operation}}", std::string_view(target).substr(target.find('.') + 1));
  replace_all(in, "{{body}}", body);
  // The names that placeholders stand for need no escapes.
  replace_all(in, "{{encoded-body}}", Json(body).dump());
  if (in.find("{{members}}") != std::string::npos) {
    const bool protocol = body.starts_with("{{");
    replace_all(in, "{{members}}",
                protocol ? "{{protocol-members}}" : std::string_view(body).substr(1, body.size() - 2));
  }
  return in;
}

// The HTTP text that the members of a vector describe, as differences from the operation's example.
// `input` is empty for protocol cases, whose body the run supplies.
Result<std::string> build_text(const Json& v, const std::string& target, InputText input) {
  const bool protocol = input.empty();
  const auto example_body = [&] { return protocol ? std::string("{{protocol-body}}") : to_body(input); };
  if (const Json* lines = find(v, "text"); lines != nullptr) {
    return from_example(fmt::format("{}", fmt::join(strings(v, "text"), "\n")), target, example_body());
  }
  if (protocol && (find(v, "members") != nullptr || find(v, "without") != nullptr)) {
    return fail("protocol cases know no members");
  }
  for (const auto& name : strings(v, "without")) {
    std::erase_if(input, [&](const auto& m) { return m.first == name; });
  }
  if (const Json* members = find(v, "members"); members != nullptr) {
    for (const auto& [name, value] : members->items()) {
      std::erase_if(input, [&, key = name](const auto& m) { return m.first == key; });
      input.emplace_back(name, value.dump());
    }
  }
  std::vector<std::pair<std::string, std::string>> headers = {{"X-Amz-Target", target},
                                                              {"Content-Type", "application/x-amz-json-1.1"}};
  if (const Json* changes = find(v, "headers"); changes != nullptr) {
    for (const auto& [name, value] : changes->items()) {
      std::erase_if(headers, [&, key = name](const auto& h) { return wire::same_name(h.first, key); });
      if (value.is_string()) headers.emplace_back(name, value.get<std::string>());
      for (const auto& line : strings(*changes, name)) headers.emplace_back(name, line);
    }
  }
  std::string out;
  if (flag(v, "escaped")) out += "# @escaped\n";
  if (const auto omit = strings(v, "omit"); !omit.empty())
    out += fmt::format("# @without {}\n", fmt::join(omit, ", "));
  if (const auto scope = text(v, "scope"); !scope.empty()) out += "# @scope " + scope + "\n";
  out += fmt::format("{} {} {}\n", text(v, "method", "POST"), text(v, "path", "/"),
                     text(v, "version", "HTTP/1.1"));
  for (const auto& [name, value] : headers) out += name + ": " + value + "\n";
  return from_example(out + "\n" + text(v, "body", "{{body}}") + "\n", target, example_body());
}

Result<Case> load_case(const Json& v, const std::string& operation, const model::Model& model,
                       const InputText& input) {
  // Protocol cases are written for a stand-in operation; the run chooses one that the endpoint has.
  const bool protocol = operation == kProtocol;
  const std::string sent_operation = protocol ? "{{protocol-operation}}" : operation;
  for (const auto& [key, value] : v.items()) {
    if (std::find(kKnownKeys.begin(), kKnownKeys.end(), key) == kKnownKeys.end()) {
      return fail(fmt::format("unknown member \"{}\"", key));
    }
  }
  const std::string id = text(v, "id");
  if (id.empty() || text(v, "title").empty()) return fail("a vector needs an id and a title");
  Case c;
  c.id = operation + "/" + id;
  c.operation = operation;
  c.source = Source::vector;
  c.title = text(v, "title");
  c.breaks = strings(v, "breaks");
  c.hostile = flag(v, "hostile");
  c.needs_authentication = flag(v, "needs_authentication");
  auto request = build_text(v, model.target_prefix() + "." + sent_operation, input);
  if (!request) return tl::unexpected(request.error());
  c.request = std::move(*request);
  c.control =
      request_text(model.target_prefix(), sent_operation, protocol ? "{{protocol-body}}" : to_body(input));
  return c;
}

}  // namespace

Result<std::vector<Case>> load_suite(std::string_view json, const model::Model& model,
                                     const std::map<std::string, Example, std::less<>>& examples) {
  const auto parsed = wire::parse_json(json);
  if (!parsed)
    return fail(
        fmt::format("a suite is not JSON: {} at byte {}", parsed.error().reason, parsed.error().offset));
  const Json& suite = parsed->value;
  const std::string name = suite.is_object() ? text(suite, "suite") : "";
  if (name.empty()) return fail("a suite needs its name in the member \"suite\"");
  const Json* cases = find(suite, "cases");
  if (cases == nullptr || !cases->is_array()) return fail(fmt::format("suite {}: no array \"cases\"", name));
  std::vector<std::string> operations = strings(suite, "operations");
  if (operations == std::vector<std::string>{"each"}) {
    operations.clear();
    for (const auto& [operation, example] : examples) operations.push_back(operation);
  }
  if (operations.empty()) return fail(fmt::format("suite {}: no \"operations\"", name));
  std::vector<Case> out;
  for (const std::string& operation : operations) {
    const auto example = examples.find(operation);
    if (operation != kProtocol && example == examples.end()) {
      return fail(fmt::format("suite {}: there is no example of {}", name, operation));
    }
    const InputText input = operation == kProtocol ? InputText{} : example->second.input;
    for (const Json& v : *cases) {
      auto c = load_case(v, operation, model, input);
      if (!c) return fail(fmt::format("suite {}, case {}: {}", name, text(v, "id"), c.error().message));
      out.push_back(std::move(*c));
    }
  }
  return out;
}

}  // namespace harness::run
