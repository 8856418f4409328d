#include "conformance/ssm/reference_tags.h"

#include "harness/reference/service.h"

namespace conformance::ssm {
namespace {

namespace reference = harness::reference;
namespace wire = harness::wire;
using reference::Outcome;
using wire::Json;

Outcome add_tags(Tags& tags, const Json& input) {
  for (auto& [key, value] : tags_of(input)) tags[key] = value;
  return Json::object();
}

Outcome remove_tags(Tags& tags, const Json& input) {
  for (const auto& key : wire::strings_member(input, "TagKeys")) tags.erase(key);
  return Json::object();
}

Outcome list_tags(Tags& tags, const Json&) {
  return Json{{"TagList", tag_list(tags)}};
}

}  // namespace

Tags tags_of(const Json& input) {
  Tags out;
  const Json* tags = wire::member(input, "Tags");
  if (tags == nullptr || !tags->is_array()) return out;
  for (const Json& tag : *tags) out[wire::text_member(tag, "Key")] = wire::text_member(tag, "Value");
  return out;
}

Json tag_list(const Tags& tags) {
  Json out = Json::array();
  for (const auto& [key, value] : tags) out.push_back({{"Key", key}, {"Value", value}});
  return out;
}

void add_tag_operations(const reference::Setup& setup, const std::string& type,
                        const std::function<Tags*(const std::string& id)>& find) {
  auto& operations = setup.operations;
  const auto of_type = [&](const char* operation, Outcome (*run)(Tags&, const Json&)) {
    operations.add(operation,
                   [run, type, find, &store = setup.store,
                    others = operations.handler(operation)](const Json& input) -> Outcome {
                     if (wire::text_member(input, "ResourceType") != type)
                       return others ? others(input) : Outcome(Json::object());
                     const auto lock = store.lock();
                     Tags* tags = find(wire::text_member(input, "ResourceId"));
                     return tags == nullptr ? Outcome(reference::refuse("InvalidResourceId", ""))
                                            : run(*tags, input);
                   });
  };
  of_type("AddTagsToResource", add_tags);
  of_type("RemoveTagsFromResource", remove_tags);
  of_type("ListTagsForResource", list_tags);
}

}  // namespace conformance::ssm
