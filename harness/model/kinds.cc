#include "harness/model/kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/base/replace.h"

namespace harness::model {
namespace {

using base::replace_all;
using wire::Json;
using wire::member;
using wire::text_member;

void fill(Json& value, std::string_view id, const Json& values, std::string_view parent) {
  if (value.is_structured()) {
    for (Json& element : value) fill(element, id, values, parent);
    return;
  }
  if (!value.is_string()) return;
  if (value.get_ref<const std::string&>() == "{{values}}") {
    value = values;
    return;
  }
  auto& text = value.get_ref<std::string&>();
  replace_all(text, "{{id}}", id);
  replace_all(text, "{{parent}}", parent);
}

bool flag(const Json& json, std::string_view name, bool otherwise) {
  const Json* value = member(json, name);
  return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
}

Result<ResourcePart> read_part(const Json& json) {
  ResourcePart out;
  for (const auto& [name, call] :
       {std::pair{"read", &out.read}, std::pair{"add", &out.add}, std::pair{"remove", &out.remove}}) {
    auto read = read_call(member(json, name));
    if (!read) return fail(fmt::format("{}: {}", name, read.error().message));
    *call = std::move(*read);
  }
  out.list = text_member(json, "list");
  out.value = text_member(json, "value");
  out.token = text_member(json, "token");
  out.sample = text_member(json, "sample");
  out.does_not_exist = text_member(json, "does_not_exist");
  if (const Json* element = member(json, "element"); element != nullptr) out.element = *element;
  if (const Json* most = member(json, "max_values"); most != nullptr && most->is_number_unsigned())
    out.max_values = most->get<std::size_t>();
  if (out.list.empty() || out.sample.empty() || out.max_values == 0)
    return fail("a part needs its list, a sample and max_values of at least 1");
  return out;
}

Result<ResourceList> read_list(const Json& json) {
  ResourceList out;
  auto call = read_call(&json);
  if (!call) return tl::unexpected(call.error());
  out.call = std::move(*call);
  out.items = text_member(json, "items");
  out.id = text_member(json, "id");
  out.token = text_member(json, "token");
  out.page_size = text_member(json, "page_size");
  out.invalid_token = text_member(json, "invalid_token");
  if (const Json* into = member(json, "into"); into != nullptr && into->is_object()) {
    for (const auto& [name, at] : into->items()) out.into[name] = text_member(*into, name);
  }
  if (out.items.empty() || out.id.empty())
    return fail("a list needs its items, and the member that is their id");
  return out;
}

// The calls that a kind may lack.
Status read_optional_calls(const Json& json, ResourceKind& out) {
  if (const Json* read = member(json, "read"); read != nullptr) {
    auto call = read_call(read);
    if (!call) return fail("read: " + call.error().message);
    out.read = std::move(*call);
  }
  if (const Json* update = member(json, "update"); update != nullptr) {
    auto call = read_call(update);
    if (!call) return fail("update: " + call.error().message);
    out.update = std::move(*call);
    out.update_keeps = flag(*update, "keeps", true);
    if (const Json* into = member(*update, "into"); into != nullptr && into->is_object()) {
      for (const auto& [name, target] : into->items()) out.update_into[name] = text_member(*into, name);
    }
  }
  if (const Json* list = member(json, "list"); list != nullptr) {
    auto read = read_list(*list);
    if (!read) return fail("list: " + read.error().message);
    out.list = std::move(*read);
  }
  if (out.read.operation.empty() && !out.list) return fail("nothing shows one: it needs read, or list");
  return {};
}

Result<ResourceKind> read_kind(const Json& json) {
  ResourceKind out;
  out.option = text_member(json, "option");
  out.parent = text_member(json, "parent");
  if (auto calls = read_optional_calls(json, out); !calls) return tl::unexpected(calls.error());
  if (const Json* shown = member(json, "shown_at"); shown != nullptr && shown->is_string())
    out.shown_at = shown->get<std::string>();
  if (const Json* create = member(json, "create"); create != nullptr) {
    auto call = read_call(create);
    auto remove = read_call(member(json, "remove"));
    if (!call || !remove)
      return fail("what is created is also removed: it needs create and remove, as calls");
    if (call->id_member().empty()) return fail("create: no member is {{id}}");
    out.create = std::move(*call);
    out.remove = std::move(*remove);
  }
  out.id_pointer = text_member(json, "id_pointer");
  out.generated = flag(json, "generated", false);
  if (out.generated && out.id_pointer.empty())
    return fail("generated: nothing says where the answer has the id");
  out.lifecycle = flag(json, "lifecycle", true);
  out.id_form = text_member(json, "id_form");
  out.already_exists = text_member(json, "already_exists");
  out.does_not_exist = text_member(json, "does_not_exist");
  if (const Json* parts = member(json, "parts"); parts != nullptr) {
    for (const auto& [name, part] : parts->items()) {
      auto whole = read_part(part);
      if (!whole) return fail(fmt::format("{}: {}", name, whole.error().message));
      out.parts.emplace(name, std::move(*whole));
    }
  }
  return out;
}

}  // namespace

Json CallTemplate::filled(std::string_view id, const Json& values, std::string_view parent) const {
  Json out = input;
  fill(out, id, values, parent);
  return out;
}

std::string CallTemplate::member_of(std::string_view placeholder) const {
  for (const auto& [name, value] : input.items()) {
    if (value == placeholder) return name;
  }
  return {};
}

std::vector<std::string> ResourcePart::texts_of(const Json& answer) const {
  if (value.empty()) return wire::strings_member(answer, list);
  std::vector<std::string> out;
  const Json* page = member(answer, list);
  if (page == nullptr || !page->is_array()) return out;
  for (const Json& listed : *page) {
    if (auto text = text_member(listed, value); !text.empty()) out.push_back(std::move(text));
  }
  return out;
}

Json ResourcePart::elements_of(const std::vector<std::string>& texts) const {
  if (element.is_null()) return texts;
  Json out = Json::array();
  for (const std::string& text : texts) {
    Json one = element;
    for (Json& member : one) {
      if (member.is_string()) replace_all(member.get_ref<std::string&>(), "{{value}}", text);
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::string id_of_form(std::string_view form, std::string_view name,
                       const std::function<std::uint64_t()>& numbers) {
  constexpr std::string_view kHex = "{{hex:";
  std::string out(form);
  replace_all(out, "{{name}}", name);
  for (std::size_t at = 0; (at = out.find(kHex, at)) != std::string::npos;) {
    const std::size_t end = std::min(out.find("}}", at), out.size());
    std::size_t length = 0;
    std::from_chars(out.data() + at + kHex.size(), out.data() + end, length);
    std::string digits;
    while (digits.size() < length) digits += fmt::format("{:016x}", numbers());
    out.replace(at, end + 2 - at, digits, 0, length);
  }
  return out;
}

const Shape* shape_at(const Shape* answer, const wire::Json::json_pointer& place) {
  if (answer == nullptr || place.empty()) return answer;
  const Shape* around = shape_at(answer, place.parent_pointer());
  const Member* member = around == nullptr ? nullptr : around->find_member(place.back());
  return member == nullptr ? nullptr : member->target;
}

Result<CallTemplate> read_call(const Json* json) {
  CallTemplate out;
  const Json* input = json == nullptr ? nullptr : member(*json, "input");
  if (input != nullptr) out.operation = text_member(*json, "operation");
  if (out.operation.empty() || !input->is_object()) return fail("a call needs an operation and its input");
  out.input = *input;
  return out;
}

Result<ResourceKinds> load_kinds(const Json& json) {
  ResourceKinds out;
  if (!json.is_object()) return fail("the kinds of resources are an object");
  for (const auto& [name, kind] : json.items()) {
    auto read = read_kind(kind);
    if (!read) return fail(fmt::format("kind {}: {}", name, read.error().message));
    out.emplace(name, std::move(*read));
  }
  for (const auto& [name, kind] : out) {
    const auto parent = out.find(kind.parent);
    if (!kind.parent.empty() &&
        (parent == out.end() || !parent->second.create || !parent->second.parent.empty()))
      return fail(fmt::format("kind {}: its parent {} is no kind that stands alone and can be made", name,
                              kind.parent));
  }
  return out;
}

}  // namespace harness::model
