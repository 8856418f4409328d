#include "harness/run/derive.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/generate/values.h"

namespace harness::run {
namespace {

InputText with(InputText input, const std::string& member, const std::string& json) {
  const auto it = std::find_if(input.begin(), input.end(), [&](const auto& m) { return m.first == member; });
  if (json.empty()) {
    if (it != input.end()) input.erase(it);
  } else if (it != input.end()) {
    it->second = json;
  } else {
    input.emplace_back(member, json);
  }
  return input;
}

std::string example_of(const Example& example, const std::string& member) {
  for (const InputText* list : {&example.input, &example.optional}) {
    const auto it =
        std::find_if(list->begin(), list->end(), [&](const auto& m) { return m.first == member; });
    if (it != list->end()) return it->second;
  }
  return "\"x\"";
}

}  // namespace

std::vector<Case> derive_cases(const model::Model& model, const model::Operation& operation,
                               const Example& example) {
  std::vector<Case> out;
  const std::string control = request_text(model.identity(), operation.name, to_body(example.input));
  const auto add = [&](const std::string& topic, std::string title, const std::string& body) {
    Case c;
    c.id = operation.name + "/" + topic;
    c.operation = operation.name;
    c.source = Source::derived;
    c.title = std::move(title);
    c.request = request_text(model.identity(), operation.name, body);
    c.control = control;
    out.push_back(std::move(c));
  };
  add("implemented", "a valid request: is the operation there at all?", to_body(example.input));
  for (const model::Member& member : operation.input->members) {
    for (auto& value : generate::boundary_values(member, example_of(example, member.name))) {
      add(member.name + "/" + value.label, fmt::format("{}: {}", member.name, value.title),
          to_body(with(example.input, member.name, value.json)));
      out.back().place = member.name;
    }
  }
  for (auto& t : generate::truncations(to_body(example.input))) {
    add("json/truncated/" + t.label, "the body ends " + t.label, t.text);
  }
  return out;
}

}  // namespace harness::run
