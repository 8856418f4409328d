#include "conformance/ssm/documents/reference_description.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

#include "harness/base/ascii.h"
#include "harness/base/hash.h"

namespace conformance::ssm::documents {
namespace {

namespace base = harness::base;
namespace wire = harness::wire;
using harness::reference::Outcome;
using harness::reference::refuse;
using wire::Json;

/// The account that owns every document.
constexpr std::string_view kOwner = "123456789012";

/// Digits, a dot, digits.
bool schema_version(const std::string& text) {
  const auto dot = std::find(text.begin(), text.end(), '.');
  return dot != text.begin() && dot != text.end() && dot + 1 != text.end() &&
         std::all_of(text.begin(), dot, base::is_digit) && std::all_of(dot + 1, text.end(), base::is_digit);
}

/// The document that JSON content holds; other formats are not looked into.
Outcome read_content(const Document& document) {
  if (document.format != "JSON") return Json::object();
  auto content = wire::parse_json(document.content);
  if (!content) return refuse("InvalidDocumentContent", "Content is not JSON: " + content.error().reason);
  if (!content->value.is_object()) return refuse("InvalidDocumentContent", "Content is not a JSON object.");
  return std::move(content->value);
}

}  // namespace

Outcome describe(const std::string& name, const Document& document, const Json& input) {
  const auto content = read_content(document);
  if (!content) return content;

  Json result = Json::object();
  result["Name"] = name;
  for (const char* echoed : {"DisplayName", "VersionName", "TargetType"}) {
    const auto value = input.find(echoed);
    if (value != input.end() && value->is_string()) result[echoed] = *value;
  }
  result["Hash"] = base::sha256_hex(document.content);
  result["HashType"] = "Sha256";
  result["Owner"] = kOwner;
  const auto since_epoch = std::chrono::duration<double>(document.created.time_since_epoch()).count();
  result["CreatedDate"] = std::round(since_epoch * 1000) / 1000;
  result["Status"] = "Active";
  result["DocumentVersion"] = "1";
  if (const auto about = content->find("description"); about != content->end() && about->is_string()) {
    result["Description"] = *about;
  }
  result["Parameters"] = Json::array();
  result["PlatformTypes"] = {"Windows", "Linux", "MacOS"};
  result["DocumentType"] = document.type;
  if (const auto schema = content->find("schemaVersion"); schema != content->end()) {
    if (!schema->is_string() || !schema_version(schema->get_ref<const std::string&>())) {
      return refuse("InvalidDocumentSchemaVersion", "schemaVersion is not a version like 2.2.");
    }
    result["SchemaVersion"] = *schema;
  }
  result["LatestVersion"] = "1";
  result["DefaultVersion"] = "1";
  result["DocumentFormat"] = document.format;
  result["Tags"] = Json::array();
  return result;
}

}  // namespace conformance::ssm::documents
