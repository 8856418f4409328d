#include "harness/run/example.h"

#include <fmt/format.h>

#include "harness/wire/json.h"

namespace harness::run {

std::string to_body(const InputText& input) {
  std::string out = "{";
  for (const auto& [name, json] : input) {
    if (out.size() > 1) out += ',';
    out += wire::to_text(wire::Json(name)) + ":" + json;
  }
  return out + "}";
}

Result<Examples> load_examples(std::string_view json) {
  const auto parsed = wire::parse_json(json);
  if (!parsed || !parsed->value.is_object()) return fail("the examples are not a JSON object");
  Examples out;
  for (const auto& [operation, entry] : parsed->value.items()) {
    if (!entry.is_object() || !entry.contains("input")) {
      return fail(fmt::format("{}: an example needs the member \"input\"", operation));
    }
    Example& e = out[operation];
    for (auto [key, list] : {std::pair{"input", &e.input}, std::pair{"optional", &e.optional}}) {
      const auto members = entry.find(key);
      if (members == entry.end()) continue;
      for (const auto& [name, value] : members->items()) list->emplace_back(name, value.dump());
    }
  }
  return out;
}

Result<Inputs> load_inputs(std::string_view json) {
  const auto parsed = wire::parse_json(json);
  if (!parsed || !parsed->value.is_object()) return fail("the inputs are not a JSON object");
  Inputs out;
  for (const auto& [operation, input] : parsed->value.items()) {
    if (!input.is_object()) return fail(fmt::format("{}: an input is a JSON object", operation));
    out[operation] = input;
  }
  return out;
}

std::string request_text(const model::ServiceIdentity& service, std::string_view operation,
                         std::string_view body) {
  return fmt::format("POST / HTTP/1.1\nX-Amz-Target: {}.{}\nContent-Type: {}\n\n{}\n", service.target_prefix,
                     operation, service.content_type, body);
}

}  // namespace harness::run
