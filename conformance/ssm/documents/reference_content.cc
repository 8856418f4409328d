#include "conformance/ssm/documents/reference_content.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>

#include "harness/base/ascii.h"
#include "harness/wire/json.h"

namespace conformance::ssm::documents {
namespace {

namespace base = harness::base;
namespace wire = harness::wire;
using harness::reference::Failure;
using harness::reference::Outcome;
using harness::reference::refuse;
using wire::Json;

// Aliases make a small text a large value.
constexpr std::size_t kMaxNodes = 20'000;
constexpr std::size_t kMaxDepth = 100;

// ---- YAML ----

// A plain scalar by YAML's core schema (YAML 1.2.2, §10.3.2).
Json plain(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const auto whole = [&](auto value) -> std::optional<Json> {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return Json(value);
  };
  if (auto number = whole(std::int64_t{})) return *std::move(number);
  // Other words for what is no number, such as "nan", are text to JSON.
  const bool may_be_number = base::is_digit(text.back()) || text.back() == '.';
  if (may_be_number) {
    if (auto number = whole(double{})) return *std::move(number);
  }
  return text;
}

// Nothing if it is too large, or too deep.
std::optional<Json> to_json(const YAML::Node& node, std::size_t& nodes, std::size_t depth) {
  if (++nodes > kMaxNodes || depth > kMaxDepth) return std::nullopt;
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      // The tag of what stands in quotes is "!".
      return node.Tag() == "!" ? Json(node.Scalar()) : plain(node.Scalar());
    case YAML::NodeType::Sequence: {
      Json out = Json::array();
      for (const auto& item : node) {
        auto value = to_json(item, nodes, depth + 1);
        if (!value) return std::nullopt;
        out.push_back(*std::move(value));
      }
      return out;
    }
    case YAML::NodeType::Map: {
      Json out = Json::object();
      for (const auto& member : node) {
        auto value = member.first.IsScalar() ? to_json(member.second, nodes, depth + 1) : std::nullopt;
        if (!value) return std::nullopt;
        out[member.first.Scalar()] = *std::move(value);
      }
      return out;
    }
    default:
      return Json(nullptr);
  }
}

tl::expected<Json, std::string> read_yaml(std::string_view text) {
  try {
    std::size_t nodes = 0;
    auto value = to_json(YAML::Load(std::string(text)), nodes, 0);
    if (!value) return tl::unexpected(std::string("it is too large"));
    return *std::move(value);
  } catch (const YAML::Exception& problem) {
    return tl::unexpected(std::string(problem.what()));
  }
}

void write_yaml(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [name, member] : value.items()) {
      out << YAML::Key << YAML::DoubleQuoted << name << YAML::Value;
      write_yaml(out, member);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << YAML::BeginSeq;
    for (const Json& item : value) write_yaml(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    out << YAML::DoubleQuoted << value.get_ref<const std::string&>();
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << wire::to_text(value);
  }
}

// ---- what it says ----

// Digits, a dot, digits.
bool is_schema_version(const Json& version) {
  if (!version.is_string()) return false;
  const auto& text = version.get_ref<const std::string&>();
  const auto dot = std::find(text.begin(), text.end(), '.');
  return dot != text.begin() && dot != text.end() && dot + 1 != text.end() &&
         std::all_of(text.begin(), dot, base::is_digit) && std::all_of(dot + 1, text.end(), base::is_digit);
}

// The names in `{{ name }}`, but those of what is no parameter: "global:REGION", "step.output".
void used_parameters(const Json& value, std::set<std::string>& names) {
  if (value.is_structured()) {
    for (const Json& inner : value) used_parameters(inner, names);
    return;
  }
  if (!value.is_string()) return;
  const std::string_view text = value.get_ref<const std::string&>();
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos) return;
    const auto name = base::trimmed(text.substr(at + 2, end - at - 2), " ");
    const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      const char low = base::lower(c);
      return base::is_digit(c) || (low >= 'a' && low <= 'z') || c == '_' || c == '-';
    });
    if (is_name) names.emplace(name);
  }
}

std::optional<Failure> undeclared_parameter(const Json& content) {
  std::set<std::string> names;
  used_parameters(content, names);
  const Json* declared = wire::member(content, "parameters");
  const Json* variables = wire::member(content, "variables");
  for (const auto& name : names) {
    if (declared != nullptr && declared->is_object() && declared->contains(name)) continue;
    if (variables != nullptr && variables->is_object() && variables->contains(name)) continue;
    return Failure{400, "InvalidDocumentContent", "Parameter \"" + name + "\" is not declared."};
  }
  return std::nullopt;
}

}  // namespace

Outcome read_content(std::string_view text, std::string_view format, std::string_view type) {
  Json content;
  if (format == "JSON") {
    auto read = wire::parse_json(text);
    if (!read) return refuse("InvalidDocumentContent", "JSON not well-formed. " + read.error().reason);
    content = std::move(read->value);
  } else if (format == "YAML") {
    auto read = read_yaml(text);
    if (!read) return refuse("InvalidDocumentContent", "YAML not well-formed. " + read.error());
    content = *std::move(read);
  } else {
    return Json::object();
  }
  if (!content.is_object()) return refuse("InvalidDocumentContent", "Content is not an object.");
  if (const Json* schema = wire::member(content, "schemaVersion");
      schema != nullptr && !is_schema_version(*schema))
    return refuse("InvalidDocumentSchemaVersion", "schemaVersion is not a version like 2.2.");
  if (type == "Automation") {
    if (auto why = undeclared_parameter(content)) return tl::unexpected(*std::move(why));
  }
  return content;
}

std::string write_content(const Json& content, std::string_view format) {
  if (format == "JSON") return wire::to_text(content);
  YAML::Emitter out;
  write_yaml(out, content);
  return out.c_str();
}

}  // namespace conformance::ssm::documents
