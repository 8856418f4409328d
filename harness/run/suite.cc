#include "harness/run/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/replace.h"
#include "harness/wire/http_text.h"
#include "harness/wire/json.h"

namespace harness::run {
namespace {

using base::replace_all;
using wire::Json;
using wire::member;
using wire::strings_member;
using wire::text_member;

constexpr std::array<std::string_view, 19> kKnownKeys = {
    "id",           "title",     "breaks",  "hostile", "needs_authentication",
    "availability", "escaped",   "body",    "members", "without",
    "method",       "path",      "version", "headers", "omit",
    "text",         "hold_body", "scope",   "compress"};

std::string text(const Json& object, std::string_view key, std::string fallback = {}) {
  return member(object, key) == nullptr ? std::move(fallback) : text_member(object, key);
}

bool flag(const Json& object, std::string_view key) {
  const Json* v = member(object, key);
  return v != nullptr && v->is_boolean() && v->get<bool>();
}

// What a raw text needs besides Host and the framing, so that it is taken for a request to this operation
// also where requests are routed by the scope of their signature.
constexpr std::string_view kHeaders =
    "X-Amz-Target: {{target}}\nContent-Type: application/x-amz-json-1.1\nX-Amz-Date: {{amz-date}}\n"
    "Authorization: AWS4-HMAC-SHA256 Credential={{access-key}}/{{date}}/{{region}}/{{service}}/aws4_request, "
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
  if (const Json* lines = member(v, "text"); lines != nullptr) {
    return from_example(fmt::format("{}", fmt::join(strings_member(v, "text"), "\n")), target,
                        example_body());
  }
  if (protocol && (member(v, "members") != nullptr || member(v, "without") != nullptr)) {
    return fail("protocol cases know no members");
  }
  for (const auto& name : strings_member(v, "without")) {
    std::erase_if(input, [&](const auto& m) { return m.first == name; });
  }
  if (const Json* members = member(v, "members"); members != nullptr) {
    for (const auto& [name, value] : members->items()) {
      std::erase_if(input, [&, key = name](const auto& m) { return m.first == key; });
      input.emplace_back(name, value.dump());
    }
  }
  std::vector<std::pair<std::string, std::string>> headers = {{"X-Amz-Target", target},
                                                              {"Content-Type", "application/x-amz-json-1.1"}};
  if (const Json* changes = member(v, "headers"); changes != nullptr) {
    for (const auto& [name, value] : changes->items()) {
      std::erase_if(headers, [&, key = name](const auto& h) { return wire::same_name(h.first, key); });
      if (value.is_string()) headers.emplace_back(name, value.get<std::string>());
      for (const auto& line : strings_member(*changes, name)) headers.emplace_back(name, line);
    }
  }
  std::string out;
  if (flag(v, "escaped")) out += "# @escaped\n";
  if (const auto omit = strings_member(v, "omit"); !omit.empty())
    out += fmt::format("# @without {}\n", fmt::join(omit, ", "));
  if (const auto scope = text(v, "scope"); !scope.empty()) out += "# @scope " + scope + "\n";
  if (flag(v, "hold_body")) out += "# @hold-body\n";
  if (const auto coding = text(v, "compress"); !coding.empty()) out += "# @compress " + coding + "\n";
  out += fmt::format("{} {} {}\n", text(v, "method", "POST"), text(v, "path", "/"),
                     text(v, "version", "HTTP/1.1"));
  for (const auto& [name, value] : headers) out += name + ": " + value + "\n";
  return from_example(out + "\n" + text(v, "body", "{{body}}") + "\n", target, example_body());
}

/// What a suite says of all of its cases for one operation.
struct SharedParts {
  std::string operation;
  InputText input;      ///< the example; empty for protocol cases, whose body the run supplies
  std::string control;  ///< HTTP text
  bool changes = false;
};

// Protocol cases are written for a stand-in operation; the run chooses one that the endpoint has.
std::string sent_operation(const std::string& operation) {
  return operation == kProtocol ? "{{protocol-operation}}" : operation;
}

InputText input_of(const Json& object) {
  InputText out;
  for (const auto& [name, value] : object.items()) out.emplace_back(name, value.dump());
  return out;
}

Result<SharedParts> load_shared_parts(const Json& suite, const std::string& operation,
                                      const model::Model& model, const Examples& examples) {
  SharedParts f;
  f.operation = operation;
  f.changes = flag(suite, "changes");
  std::string body = "{{protocol-body}}";
  if (operation != kProtocol) {
    const auto judged = examples.find(operation);
    const Json* own = member(suite, "example");
    if (own == nullptr && judged == examples.end())
      return fail(fmt::format("there is no example of {}", operation));
    f.input = own != nullptr ? input_of(*own) : judged->second.input;
    body = to_body(f.input);
  }
  const Json* control = member(suite, "control");
  const Json* input = control != nullptr ? member(*control, "input") : nullptr;
  if (control != nullptr && (input == nullptr || !input->is_object()))
    return fail("a control needs an operation and its input");
  f.control = control == nullptr
                  ? request_text(model.identity(), sent_operation(operation), body)
                  : request_text(model.identity(), text(*control, "operation"), to_body(input_of(*input)));
  return f;
}

// The example itself: of the operations that are judged, it is derived.
Case implemented_case(const SharedParts& shared, const model::Model& model) {
  Case c;
  c.id = shared.operation + "/implemented";
  c.operation = shared.operation;
  c.source = Source::vector;
  c.title = "a valid request: is the operation there at all?";
  c.breaks = {"valid"};
  c.changes = shared.changes;
  c.request = request_text(model.identity(), shared.operation, to_body(shared.input));
  c.control = shared.control;
  return c;
}

Result<Case> load_case(const Json& v, const SharedParts& shared, const model::Model& model) {
  for (const auto& [key, value] : v.items()) {
    if (std::find(kKnownKeys.begin(), kKnownKeys.end(), key) == kKnownKeys.end()) {
      return fail(fmt::format("unknown member \"{}\"", key));
    }
  }
  const std::string id = text(v, "id");
  if (id.empty() || text(v, "title").empty()) return fail("a vector needs an id and a title");
  Case c;
  c.id = shared.operation + "/" + id;
  c.operation = shared.operation;
  c.source = Source::vector;
  c.title = text(v, "title");
  c.breaks = strings_member(v, "breaks");
  c.hostile = flag(v, "hostile");
  c.needs_authentication = flag(v, "needs_authentication");
  c.availability = flag(v, "availability");
  c.changes = shared.changes;
  auto request = build_text(v, model.target_prefix() + "." + sent_operation(shared.operation), shared.input);
  if (!request) return tl::unexpected(request.error());
  c.request = std::move(*request);
  c.control = shared.control;
  return c;
}

}  // namespace

Result<std::vector<Case>> load_suite(std::string_view json, const model::Model& model,
                                     const Examples& examples) {
  const auto parsed = wire::parse_json(json);
  if (!parsed)
    return fail(
        fmt::format("a suite is not JSON: {} at byte {}", parsed.error().reason, parsed.error().offset));
  const Json& suite = parsed->value;
  const std::string name = suite.is_object() ? text(suite, "suite") : "";
  if (name.empty()) return fail("a suite needs its name in the member \"suite\"");
  const Json* cases = member(suite, "cases");
  if (cases == nullptr || !cases->is_array()) return fail(fmt::format("suite {}: no array \"cases\"", name));
  std::vector<std::string> operations = strings_member(suite, "operations");
  if (operations == std::vector<std::string>{"each"}) {
    operations.clear();
    for (const auto& [operation, example] : examples) operations.push_back(operation);
  }
  if (operations.empty()) return fail(fmt::format("suite {}: no \"operations\"", name));
  std::vector<Case> out;
  for (const std::string& operation : operations) {
    // Another model may lack an operation that makes fixtures.
    if (operation != kProtocol && member(suite, "example") != nullptr &&
        model.find_operation(operation) == nullptr)
      continue;
    auto shared = load_shared_parts(suite, operation, model, examples);
    if (!shared) return fail(fmt::format("suite {}: {}", name, shared.error().message));
    if (member(suite, "example") != nullptr) out.push_back(implemented_case(*shared, model));
    for (const Json& v : *cases) {
      auto c = load_case(v, *shared, model);
      if (!c) return fail(fmt::format("suite {}, case {}: {}", name, text(v, "id"), c.error().message));
      out.push_back(std::move(*c));
    }
  }
  return out;
}

}  // namespace harness::run
