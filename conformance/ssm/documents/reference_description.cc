#include "conformance/ssm/documents/reference_description.h"

#include <chrono>
#include <cmath>
#include <string_view>

#include "conformance/ssm/documents/reference_content.h"
#include "harness/base/hash.h"

namespace conformance::ssm::documents {
namespace {

namespace base = harness::base;
namespace wire = harness::wire;
using wire::Json;

/// The account that owns every document.
constexpr std::string_view kOwner = "123456789012";

double created(const DocumentVersion& version) {
  const auto since_epoch = std::chrono::duration<double>(version.created.time_since_epoch()).count();
  return std::round(since_epoch * 1000) / 1000;
}

// What a version may have, and what it says.
void add_names(Json& to, const DocumentVersion& version) {
  if (!version.display_name.empty()) to["DisplayName"] = version.display_name;
  if (!version.version_name.empty()) to["VersionName"] = version.version_name;
}

void add_schema(Json& to, const DocumentVersion& version) {
  if (const Json* schema = wire::member(version.read, "schemaVersion"); schema != nullptr)
    to["SchemaVersion"] = *schema;
}

// A default value is shown as text, whatever its type.
std::string as_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  return wire::to_text(value);
}

Json parameters(const DocumentVersion& version) {
  Json out = Json::array();
  const Json* declared = wire::member(version.read, "parameters");
  if (declared == nullptr || !declared->is_object()) return out;
  for (const auto& [name, about] : declared->items()) {
    Json one = {{"Name", name}};
    for (const auto& [shown, said] : {std::pair("Type", "type"), std::pair("Description", "description")}) {
      if (const auto text = wire::text_member(about, said); !text.empty()) one[shown] = text;
    }
    if (const Json* value = wire::member(about, "default"); value != nullptr)
      one["DefaultValue"] = as_text(*value);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Json description(const Document& document, const DocumentVersion& version) {
  Json out = {{"Name", document.name}};
  add_names(out, version);
  if (!version.target_type.empty()) out["TargetType"] = version.target_type;
  out["Hash"] = base::sha256_hex(version.content);
  out["HashType"] = "Sha256";
  out["Owner"] = kOwner;
  out["CreatedDate"] = created(version);
  out["Status"] = "Active";
  out["DocumentVersion"] = std::to_string(version.number);
  if (const auto about = wire::text_member(version.read, "description"); !about.empty())
    out["Description"] = about;
  out["Parameters"] = parameters(version);
  out["PlatformTypes"] = {"Windows", "Linux", "MacOS"};
  out["DocumentType"] = document.type;
  add_schema(out, version);
  out["LatestVersion"] = std::to_string(document.latest().number);
  out["DefaultVersion"] = std::to_string(document.default_version);
  out["DocumentFormat"] = version.format;
  out["Tags"] = tag_list(document.tags);
  return out;
}

Json identifier(const Document& document) {
  const DocumentVersion& version = *document.find("$DEFAULT", "");
  Json out = {{"Name", document.name},
              {"CreatedDate", created(version)},
              {"Owner", kOwner},
              {"PlatformTypes", {"Windows", "Linux", "MacOS"}},
              {"DocumentVersion", std::to_string(version.number)},
              {"DocumentType", document.type},
              {"DocumentFormat", version.format},
              {"Tags", tag_list(document.tags)}};
  add_names(out, version);
  add_schema(out, version);
  if (!version.target_type.empty()) out["TargetType"] = version.target_type;
  return out;
}

Json version_info(const Document& document, const DocumentVersion& version) {
  Json out = {{"Name", document.name},
              {"DocumentVersion", std::to_string(version.number)},
              {"CreatedDate", created(version)},
              {"IsDefaultVersion", version.number == document.default_version},
              {"DocumentFormat", version.format},
              {"Status", "Active"}};
  add_names(out, version);
  return out;
}

Json whole(const Document& document, const DocumentVersion& version, const std::string& format) {
  const std::string asked = format.empty() ? "JSON" : format;
  const bool as_it_is = asked == version.format || version.format == "TEXT" || asked == "TEXT";
  Json out = {{"Name", document.name},
              {"CreatedDate", created(version)},
              {"DocumentVersion", std::to_string(version.number)},
              {"Status", "Active"},
              {"Content", as_it_is ? version.content : write_content(version.read, asked)},
              {"DocumentType", document.type},
              {"DocumentFormat", as_it_is ? version.format : asked}};
  add_names(out, version);
  return out;
}

}  // namespace conformance::ssm::documents
