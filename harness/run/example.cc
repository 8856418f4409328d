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

Result<std::map<std::string, wire::Json, std::less<>>> load_inputs(std::string_view json) {
  const auto parsed = wire::parse_json(json);
  if (!parsed || !parsed->value.is_object()) return fail("the inputs are not a JSON object");
  std::map<std::string, wire::Json, std::less<>> out;
  for (const auto& [operation, input] : parsed->value.items()) {
    if (!input.is_object()) return fail(fmt::format("{}: an input is a JSON object", operation));
    out[operation] = input;
  }
  return out;
}

std::string request_text(std::string_view target_prefix, std::string_view operation, std::string_view body) {
  return fmt::format("POST / HTTP/1.1\nX-Amz-Target: {}.{}\nContent-Type: application/x-amz-json-1.1\n\n{}\n",
                     target_prefix, operation, body);
}

}  // namespace harness::run
