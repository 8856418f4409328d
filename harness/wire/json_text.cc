#include <utf8.h>

#include <algorithm>
#include <exception>

#include "harness/wire/json.h"

namespace harness::wire {

namespace {

/// nlohmann's dump() calls itself for each level, with frames so large that 2,000 levels exhaust a stack of 8
/// MiB in an instrumented build. Deeper values are written by write_deep().
constexpr std::size_t kDumpDepth = 100;

std::string dump(const Json& value) {
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

bool deeper_than(const Json& value, std::size_t levels) {
  if (!value.is_structured()) return false;
  if (levels == 0) return true;
  return std::any_of(value.begin(), value.end(),
                     [levels](const Json& child) { return deeper_than(child, levels - 1); });
}

/// What dump() writes, without recursion.
std::string write_deep(const Json& value) {
  struct Open {
    const Json* container;
    Json::const_iterator next;
  };
  std::string out;
  std::vector<Open> open;
  const Json* current = &value;
  for (;;) {
    if (current->is_structured()) {
      out += current->is_object() ? '{' : '[';
      open.push_back({current, current->begin()});
    } else {
      out += dump(*current);
    }
    while (!open.empty() && open.back().next == open.back().container->end()) {
      out += open.back().container->is_object() ? '}' : ']';
      open.pop_back();
    }
    if (open.empty()) return out;
    Open& top = open.back();
    if (top.next != top.container->begin()) out += ',';
    if (top.container->is_object()) out.append(dump(top.next.key())).append(":");
    current = &*top.next;
    ++top.next;
  }
}

}  // namespace

std::size_t scalar_count(std::string_view utf8) {
  std::size_t count = 0;
  const char* at = utf8.data();
  const char* const end = at + utf8.size();
  while (at != end) {
    const char* const invalid = utf8::find_invalid(at, end);
    // Within valid UTF-8, every byte but the continuation bytes starts a scalar value.
    count += static_cast<std::size_t>(
        std::count_if(at, invalid, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (invalid == end) break;
    ++count;
    at = invalid + 1;
  }
  return count;
}

const Json* member(const Json& value, std::string_view name) {
  if (!value.is_object()) return nullptr;
  const auto it = value.find(name);
  return it == value.end() ? nullptr : &*it;
}

std::string text_member(const Json& value, std::string_view name) {
  const Json* text = member(value, name);
  return text != nullptr && text->is_string() ? text->get<std::string>() : std::string();
}

std::string text_at(const Json& value, const std::string& pointer) {
  try {
    const Json::json_pointer at(pointer);
    if (pointer.empty() || !value.contains(at)) return {};
    const Json& text = value.at(at);
    return text.is_string() ? text.get<std::string>() : std::string();
  } catch (const std::exception&) {  // no pointer
    return {};
  }
}

std::vector<std::string> strings_member(const Json& value, std::string_view name) {
  std::vector<std::string> out;
  const Json* list = member(value, name);
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& element : *list) {
    if (element.is_string()) out.push_back(element.get<std::string>());
  }
  return out;
}

std::string to_text(const Json& value) {
  try {
    return deeper_than(value, kDumpDepth) ? write_deep(value) : dump(value);
  } catch (const std::exception&) {  // no memory
    return {};
  }
}

}  // namespace harness::wire
