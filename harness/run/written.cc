#include "harness/run/written.h"

#include <algorithm>

#include "harness/model/kinds.h"

namespace harness::run {
namespace {

using wire::Json;

bool holds(const Json& shown, const Json& written) {
  if (written.is_array() && shown.is_array())
    return std::equal(shown.begin(), shown.end(), written.begin(), written.end(), holds);
  if (!written.is_object() || !shown.is_object()) return shown == written;
  return std::all_of(written.items().begin(), written.items().end(), [&](const auto& member) {
    const auto found = shown.find(member.key());
    return found != shown.end() && holds(*found, member.value());
  });
}

}  // namespace

Json shown_in(const ResourceKind& kind, const Json& answer) {
  if (!kind.shown_at) return {};
  const Json::json_pointer at(*kind.shown_at);
  return answer.contains(at) ? answer.at(at) : Json();
}

std::vector<std::string> not_as_written(const model::Model& model, const ResourceKind& kind,
                                        const Json& shown, const Json& written) {
  std::vector<std::string> out;
  const auto* operation = model.find_operation(kind.read.operation);
  if (operation == nullptr || !kind.shown_at) return out;
  const auto* shape = model::shape_at(operation->output, Json::json_pointer(*kind.shown_at));
  if (shape == nullptr) return out;
  for (const auto& [name, value] : written.items()) {
    if (shape->find_member(name) == nullptr) continue;
    const auto found = shown.is_object() ? shown.find(name) : shown.end();
    if (found == shown.end() || !holds(*found, value)) out.push_back(name);
  }
  return out;
}

std::string member_as_shown(const Json& shown, const std::string& member) {
  const auto found = shown.is_object() ? shown.find(member) : shown.end();
  return member + " " + (found == shown.end() ? "not at all" : wire::to_text(*found));
}

}  // namespace harness::run
