#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <set>

#include "conformance/ssm/fault_support.h"

// Faults meant for the fuzzers: on JSON and HTTP. See fault.h, `for_fuzzing`.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

/// A member stands twice, and Name between the two.
bool twice_around_name(const wire::Request& request) {
  const auto text = wire::parse_json(request.body);
  if (!text) return false;
  const auto name = request.body.find("\"Name\"");
  return std::any_of(text->notes.begin(), text->notes.end(), [&](const wire::JsonNote& note) {
    if (note.kind != wire::JsonNote::Kind::duplicate_key || note.path == "Name") return false;
    const std::string quoted = '"' + note.path + '"';
    const auto first = request.body.find(quoted);
    const auto last = request.body.rfind(quoted);
    return name != std::string::npos && first < name && name < last && last != std::string::npos;
  });
}

/// An optional member of DescribeDocumentPermission is there, but its name is not written in plain letters.
bool escaped_optional_name(const wire::Request& request) {
  if (operation_of(request) != kDescribe) return false;
  if (request.body.find('\\') == std::string::npos) return false;
  const auto text = wire::parse_json(request.body);
  if (!text || !text->value.is_object()) return false;
  const auto escaped = [&](const std::string& name) {
    return text->value.contains(name) && request.body.find('"' + name + '"') == std::string::npos;
  };
  return escaped("MaxResults") || escaped("NextToken");
}

bool is_object(const Json& value) {
  return value.is_object();
}

/// An object in an object in a member that no operation has, and no object in that.
bool objects_in_unknown(const Json& input) {
  static const std::set<std::string, std::less<>> kKnown = {"Name", "PermissionType", "MaxResults",
                                                            "NextToken", "Target"};
  return std::any_of(input.items().begin(), input.items().end(), [](const auto& item) {
    const Json& value = item.value();
    return !kKnown.contains(item.key()) && value.is_object() &&
           std::any_of(value.begin(), value.end(), [](const Json& inner) {
             return inner.is_object() && std::none_of(inner.begin(), inner.end(), is_object);
           });
  });
}

bool two_parameters(const wire::Request& request) {
  const auto type = request.headers.find("Content-Type");
  return type && type->starts_with("application/x-amz-json-1.1;") &&
         std::count(type->begin(), type->end(), ';') == 2;
}

bool three_times(const wire::Request& request) {
  const auto& lines = request.headers.lines();
  return std::any_of(lines.begin(), lines.end(),
                     [&](const wire::Header& line) { return request.headers.all(line.name).size() == 3; });
}

std::vector<Fault> rare_messages() {
  return {
      breaks_on_request({"member-twice-around-name-fails", protocol, "protocol/json/names", hard,
                         "Fails (500) if a member stands twice with Name between."},
                        twice_around_name),
      breaks_on_request({"escaped-optional-name-fails", protocol, "protocol/json/strings", hard,
                         "Fails (500) on an escape in the name of MaxResults or NextToken."},
                        escaped_optional_name),
      breaks({"objects-in-unknown-member-fail", protocol, "protocol/request/unknown-members", hard,
              "Fails (500) on an object in an object in an unknown member, if it holds no further one."},
             kDescribe, objects_in_unknown),
      repairs({"json-tab-before-colon-refused", protocol, "protocol/json/white-space", hard,
               "Refuses a tab between the name of a member and its colon."},
              [](std::string& body) {
                static const RE2 tab("\"\t:");
                RE2::Replace(&body, tab, "\"?:");
              }),
      breaks_on_request({"content-type-two-parameters-fail", protocol, "protocol/request/content-type", hard,
                         "Fails (500) on a content type with two parameters."},
                        two_parameters),
      breaks_on_request({"header-three-times-fails", protocol, "protocol/http/headers", hard,
                         "Fails (500) if a header stands three times."},
                        three_times),
  };
}

}  // namespace

std::vector<Fault> faults_rare() {
  std::vector<Fault> all = rare_messages();
  for (Fault& f : all) f.for_fuzzing = true;
  return all;
}

}  // namespace conformance::ssm::protocol
