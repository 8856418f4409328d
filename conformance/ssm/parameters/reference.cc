#include "conformance/ssm/parameters/reference.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>

#include "conformance/ssm/parameters/reference_filters.h"
#include "conformance/ssm/parameters/reference_store.h"
#include "conformance/ssm/reference_pages.h"
#include "conformance/ssm/reference_tags.h"
#include "harness/base/ascii.h"
#include "harness/base/base64.h"
#include "harness/base/hash.h"
#include "harness/reference/pages.h"
#include "harness/reference/service.h"
#include "harness/wire/json.h"

namespace conformance::ssm::parameters {
namespace {

namespace base = harness::base;
namespace reference = harness::reference;
namespace wire = harness::wire;
using reference::Failure;
using reference::Outcome;
using reference::refuse;
using wire::Json;
using wire::text_member;

// Quotas, as AWS documents their defaults, but the first: it bounds what a fuzzer can make a service hold.
constexpr std::size_t kMaxParameters = 5000;
constexpr std::size_t kMaxStandard = 4096;
constexpr std::size_t kMaxAdvanced = 8192;
constexpr std::size_t kUsualPage = 50;
constexpr std::size_t kUsualDescribedPage = 10;
constexpr std::size_t kUsualPathPage = 10;
constexpr std::uint64_t kDescribeList = 1;
constexpr std::string_view kSecure = "SecureString";
constexpr std::string_view kAccount = "123456789012";

bool is_true(const Json& input, std::string_view member) {
  const Json* value = wire::member(input, member);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

// A whole number, if there is one: some faults let through what the model forbids.
std::optional<std::int64_t> number_of(const Json& input, std::string_view member) {
  const Json* value = wire::member(input, member);
  return value != nullptr && value->is_number_integer() ? std::optional(value->get<std::int64_t>())
                                                        : std::nullopt;
}

// What somebody without the key sees of a secret.
std::string sealed(const std::string& value) {
  return "kms:" + base::to_base64(base::to_base64("sealed " + value));
}

tl::unexpected<Failure> no_such_version(std::string_view version, std::string_view name) {
  return refuse(
      "ParameterVersionNotFound",
      fmt::format("Systems Manager could not find version {} of {}. Verify the version and try again.",
                  version, name));
}

class Parameters {
 public:
  explicit Parameters(const reference::Setup& setup)
      : region_(setup.options.region),
        now_(setup.options.now),
        pages_(setup.options.dialect),
        store_(setup.store),
        parameters_(setup.store.add<Parameter>(std::string(kKind))) {}

  Outcome put(const Json& input);
  Outcome get(const Json& input);
  Outcome get_some(const Json& input);
  Outcome get_by_path(const Json& input);
  Outcome describe(const Json& input);
  Outcome history(const Json& input);
  Outcome label(const Json& input);
  Outcome unlabel(const Json& input);
  Outcome remove(const Json& input);
  Outcome remove_some(const Json& input);
  /// nullptr if there is no such parameter.
  Tags* tags(const std::string& id);

 private:
  reference::Stored<Parameter>* find(const std::string& key) { return parameters_.find(key); }
  tl::expected<Version, Failure> new_version(const Json& input, const Parameter* existing) const;
  tl::expected<Json, Failure> read(const std::string& name, bool decrypts);
  Json shown(const Asked& asked, const Parameter& parameter, const Version& version, bool decrypts) const;
  Json described(const Parameter& parameter, const Version& version) const;
  std::string arn(const std::string& key) const;
  // With milliseconds.
  static double seconds(const Version& version) {
    const double since_epoch = std::chrono::duration<double>(version.written.time_since_epoch()).count();
    return std::round(since_epoch * 1000) / 1000;
  }
  // A page of a list of parameters.
  Outcome page_of(std::uint64_t list, const std::vector<std::string>& keys, const Json& input,
                  std::size_t usual, const std::function<Json(const std::string& key)>& item) const {
    return answer_page(pages_, {list, "Parameters", usual}, keys, input, item);
  }

  const std::string region_;
  const std::function<std::chrono::system_clock::time_point()> now_;
  const reference::Pages pages_;
  reference::Store& store_;
  reference::Table<Parameter>& parameters_;
};

// ---- writing ----

std::optional<Failure> refusal_of_new_name(const std::string& name) {
  for (const std::string_view word : {"aws", "ssm"}) {
    if (!begins_with_word(name, word)) continue;
    if (word == "aws" && name.starts_with('/'))
      return Failure{400, "AccessDeniedException",
                     "No access to reserved parameter name: " + name.substr(1) + "."};
    // A path below "/ssm" is told what any other name is that can't be one.
    if (name.starts_with('/')) return Failure{400, "ValidationException", *why_no_name("")};
    return Failure{400, "ValidationException",
                   "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive)."};
  }
  if (auto why = why_no_name(name)) return Failure{400, "ValidationException", *std::move(why)};
  if (levels_of(name) > kMaxLevels)
    return Failure{400, "HierarchyLevelLimitExceededException", "A hierarchy has at most 15 levels."};
  return std::nullopt;
}

std::optional<Failure> refusal_by_pattern(const std::string& pattern, const std::string& value) {
  if (pattern.empty()) return std::nullopt;
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 expression(pattern, options);
  if (!expression.ok())
    return Failure{400, "InvalidAllowedPatternException", "AllowedPattern is no regular expression."};
  if (!re2::RE2::FullMatch(value, expression))
    return Failure{400, "ParameterPatternMismatchException", "The value does not match AllowedPattern."};
  return std::nullopt;
}

// What is left out on an overwrite stays as it was.
tl::expected<Version, Failure> Parameters::new_version(const Json& input, const Parameter* existing) const {
  Version out = existing == nullptr ? Version() : existing->latest();
  out.labels.clear();
  if (existing != nullptr) ++out.number;
  out.written = now_();
  const auto take = [&](const char* member, std::string& into) {
    if (const Json* value = wire::member(input, member); value != nullptr && value->is_string())
      into = value->get<std::string>();
  };
  take("Value", out.value);
  take("Description", out.description);
  take("AllowedPattern", out.allowed_pattern);
  take("DataType", out.data_type);
  take("Tier", out.tier);
  std::string type = out.type;
  take("Type", type);
  if (type.empty())
    return refuse("ValidationException", "A parameter type is required when you create a parameter.");
  if (!out.type.empty() && type != out.type)
    return refuse("HierarchyTypeMismatchException", "The type of a parameter can't be changed.");
  out.type = type;
  if (type == kSecure) {
    if (out.key_id.empty()) out.key_id = "alias/aws/ssm";
    take("KeyId", out.key_id);
  }
  if (out.data_type.empty()) out.data_type = "text";
  if (out.data_type != "text" && out.data_type != "aws:ec2:image" && out.data_type != "aws:ssm:integration")
    return refuse("ValidationException",
                  "The following data type is not supported: " + out.data_type.substr(0, 40) +
                      " (Data type names are all lowercase.)");
  if (out.value.empty())
    return refuse(
        "ValidationException",
        "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length "
        "greater than or equal to 1");
  const std::size_t size = wire::scalar_count(out.value);
  if (out.tier == "Intelligent-Tiering") out.tier = size > kMaxStandard ? "Advanced" : "Standard";
  if (size > (out.tier == "Standard" ? kMaxStandard : kMaxAdvanced))
    return refuse("ValidationException",
                  fmt::format("{} tier parameters support a maximum parameter value of {} characters.",
                              out.tier, out.tier == "Standard" ? kMaxStandard : kMaxAdvanced));
  if (auto why = refusal_by_pattern(out.allowed_pattern, out.value)) return tl::unexpected(*std::move(why));
  return out;
}

Outcome Parameters::put(const Json& input) {
  const std::string name(base::trimmed(text_member(input, "Name"), " "));
  if (auto why = refusal_of_new_name(name)) return tl::unexpected(*std::move(why));
  const bool overwrites = is_true(input, "Overwrite");
  auto tags = tags_of(input);
  if (overwrites && !tags.empty())
    return refuse(
        "ValidationException",
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please "
        "remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or "
        "RemoveTagsFromResource.");
  const auto lock = store_.lock();
  auto* existing = find(key_of(name));
  if (existing != nullptr && !overwrites)
    return refuse(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to "
        "true.");
  auto version = new_version(input, existing == nullptr ? nullptr : &existing->value);
  if (!version) return tl::unexpected(version.error());
  const Json out = {{"Version", version->number}, {"Tier", version->tier}};
  if (existing != nullptr) {
    auto& versions = existing->value.versions;
    if (versions.size() >= kMaxVersions) {
      if (!versions.front().labels.empty())
        return refuse(
            "ParameterMaxVersionLimitExceeded",
            fmt::format("You attempted to create a new version of {} by calling the PutParameter API "
                        "with the overwrite flag. Version {}, the oldest version, can't be deleted "
                        "because it has a label associated with it. Move the label to another "
                        "version of the parameter, and try again.",
                        name, versions.front().number));
      versions.pop_front();
    }
    versions.push_back(*std::move(version));
    return out;
  }
  if (parameters_.size() >= kMaxParameters)
    return refuse("ParameterLimitExceeded", "This account has as many parameters as it can.");
  parameters_.create(key_of(name), {name, {*std::move(version)}, std::move(tags)});
  return out;
}

Outcome Parameters::remove(const Json& input) {
  const auto lock = store_.lock();
  if (!parameters_.remove(key_of(text_member(input, "Name")))) return refuse("ParameterNotFound", "");
  return Json::object();
}

Outcome Parameters::remove_some(const Json& input) {
  const auto lock = store_.lock();
  Json out = {{"DeletedParameters", Json::array()}, {"InvalidParameters", Json::array()}};
  for (const auto& name : wire::strings_member(input, "Names"))
    out[parameters_.remove(key_of(name)) ? "DeletedParameters" : "InvalidParameters"].push_back(name);
  return out;
}

// ---- reading ----

std::string Parameters::arn(const std::string& key) const {
  return "arn:aws:ssm:" + region_ + ":" + std::string(kAccount) + ":parameter" +
         (key.starts_with('/') ? "" : "/") + key;
}

Json Parameters::shown(const Asked& asked, const Parameter& parameter, const Version& version,
                       bool decrypts) const {
  Json out = {{"Name", asked.shown},
              {"Type", version.type},
              {"Value", version.type == kSecure && !decrypts ? sealed(version.value) : version.value},
              {"Version", version.number},
              {"LastModifiedDate", seconds(version)},
              {"ARN", arn(key_of(parameter.name))},
              {"DataType", version.data_type}};
  if (!asked.selector.empty()) out["Selector"] = ":" + asked.selector;
  return out;
}

tl::expected<Json, Failure> Parameters::read(const std::string& name, bool decrypts) {
  const Asked asked = read_name(name);
  if (auto why = why_no_name(asked.key)) return refuse("ValidationException", *std::move(why));
  auto* found = find(asked.key);
  if (found == nullptr) return refuse("ParameterNotFound", "");
  Parameter& parameter = found->value;
  const Version* version = asked.selector.empty() ? &parameter.latest() : parameter.find(asked.selector);
  if (version == nullptr) return no_such_version(asked.selector, asked.shown);
  // By its ARN, it has the name that it was created with.
  const bool by_arn = name.starts_with("arn:");
  return shown({asked.key, by_arn ? parameter.name : asked.shown, asked.selector}, parameter, *version,
               decrypts);
}

Outcome Parameters::get(const Json& input) {
  const auto lock = store_.lock();
  auto parameter = read(text_member(input, "Name"), is_true(input, "WithDecryption"));
  if (!parameter) return tl::unexpected(parameter.error());
  return Json{{"Parameter", *std::move(parameter)}};
}

// Sorted by name, whatever the order of the request, and each once.
Outcome Parameters::get_some(const Json& input) {
  const auto lock = store_.lock();
  auto names = wire::strings_member(input, "Names");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  Json out = {{"Parameters", Json::array()}, {"InvalidParameters", Json::array()}};
  for (const auto& name : names) {
    auto parameter = read(name, is_true(input, "WithDecryption"));
    if (parameter) {
      out["Parameters"].push_back(*std::move(parameter));
    } else if (parameter.error().code == "ValidationException") {
      return tl::unexpected(parameter.error());
    } else {
      out["InvalidParameters"].push_back(name);
    }
  }
  return out;
}

Outcome Parameters::get_by_path(const Json& input) {
  const std::string path = text_member(input, "Path");
  if (!is_path(path)) return refuse("ValidationException", std::string(kNoPath));
  if (auto why = refusal_of_filters(input, FilteredBy::path)) return tl::unexpected(*std::move(why));
  const bool recursive = is_true(input, "Recursive");
  const auto lock = store_.lock();
  std::vector<std::string> keys;
  for (auto& key : parameters_.names()) {
    const Parameter& parameter = find(key)->value;
    if (is_below(parameter.name, path, recursive) && passes(parameter, input)) keys.push_back(std::move(key));
  }
  const std::uint64_t list = base::fnv1a(path + (recursive ? " recursive" : " one level")) | 2U;
  return page_of(list, keys, input, kUsualPathPage, [&](const std::string& key) {
    const Parameter& parameter = find(key)->value;
    return shown({key, parameter.name, {}}, parameter, parameter.latest(), is_true(input, "WithDecryption"));
  });
}

Json Parameters::described(const Parameter& parameter, const Version& version) const {
  Json out = {{"Name", parameter.name},
              {"Type", version.type},
              {"LastModifiedDate", seconds(version)},
              {"LastModifiedUser", "arn:aws:iam::" + std::string(kAccount) + ":root"},
              {"Version", version.number},
              {"Tier", version.tier},
              {"Policies", Json::array()},
              {"DataType", version.data_type}};
  if (version.type == kSecure) out["KeyId"] = version.key_id;
  if (!version.description.empty()) out["Description"] = version.description;
  if (!version.allowed_pattern.empty()) out["AllowedPattern"] = version.allowed_pattern;
  return out;
}

Outcome Parameters::describe(const Json& input) {
  if (auto why = refusal_of_filters(input, FilteredBy::describe)) return tl::unexpected(*std::move(why));
  const auto lock = store_.lock();
  std::vector<std::string> keys;
  for (auto& key : parameters_.names()) {
    if (passes(find(key)->value, input)) keys.push_back(std::move(key));
  }
  return page_of(kDescribeList, keys, input, kUsualDescribedPage, [&](const std::string& key) {
    const Parameter& parameter = find(key)->value;
    Json out = described(parameter, parameter.latest());
    out["ARN"] = arn(key);
    return out;
  });
}

Outcome Parameters::history(const Json& input) {
  const Asked asked = read_name(text_member(input, "Name"));
  const auto lock = store_.lock();
  auto* found = find(asked.key);
  if (found == nullptr) return refuse("ParameterNotFound", "");
  Parameter& parameter = found->value;
  std::vector<std::string> keys;
  for (const Version& v : parameter.versions) keys.push_back(sortable(v.number));
  const std::uint64_t list = base::fnv1a("history") + 2 * found->serial;
  return page_of(list, keys, input, kUsualPage, [&](const std::string& key) {
    const Version& version = *parameter.find(std::int64_t{std::stoll(key)});
    Json out = described(parameter, version);
    const bool sealed_one = version.type == kSecure && !is_true(input, "WithDecryption");
    out["Value"] = sealed_one ? sealed(version.value) : version.value;
    out["Labels"] = version.labels;
    return out;
  });
}

// ---- labels ----

Outcome Parameters::label(const Json& input) {
  const auto lock = store_.lock();
  auto* found = find(key_of(text_member(input, "Name")));
  if (found == nullptr) return refuse("ParameterNotFound", "");
  Parameter& parameter = found->value;
  const auto number = number_of(input, "ParameterVersion");
  Version* version = number ? parameter.find(*number) : &parameter.versions.back();
  if (version == nullptr) return no_such_version(std::to_string(*number), parameter.name);
  std::set<std::string> labels = version->labels;
  Json invalid = Json::array();
  for (const auto& label : wire::strings_member(input, "Labels")) {
    if (is_label(label)) {
      labels.insert(label);
    } else {
      invalid.push_back(label);
    }
  }
  if (labels.size() > kMaxLabels)
    return refuse("ParameterVersionLabelLimitExceeded", "A version has at most ten labels.");
  // A label belongs to one version.
  for (Version& other : parameter.versions) {
    for (const auto& label : labels) other.labels.erase(label);
  }
  version->labels = std::move(labels);
  return Json{{"InvalidLabels", std::move(invalid)}, {"ParameterVersion", version->number}};
}

Outcome Parameters::unlabel(const Json& input) {
  const auto lock = store_.lock();
  auto* found = find(key_of(text_member(input, "Name")));
  if (found == nullptr) return refuse("ParameterNotFound", "");
  const auto number = number_of(input, "ParameterVersion").value_or(0);
  Version* version = found->value.find(number);
  if (version == nullptr) return no_such_version(std::to_string(number), found->value.name);
  Json out = {{"RemovedLabels", Json::array()}, {"InvalidLabels", Json::array()}};
  for (const auto& label : wire::strings_member(input, "Labels"))
    out[version->labels.erase(label) > 0 ? "RemovedLabels" : "InvalidLabels"].push_back(label);
  return out;
}

// ---- tags ----

Tags* Parameters::tags(const std::string& id) {
  auto* found = find(key_of(id));
  return found == nullptr ? nullptr : &found->value.tags;
}

}  // namespace

void add_operations(const reference::Setup& setup) {
  const auto parameters = std::make_shared<Parameters>(setup);
  const auto handler = [&](Outcome (Parameters::*run)(const Json&)) -> reference::Handler {
    return [parameters, run](const Json& input) { return (*parameters.*run)(input); };
  };
  auto& operations = setup.operations;
  operations.add("PutParameter", handler(&Parameters::put));
  operations.add("GetParameter", handler(&Parameters::get));
  operations.add("GetParameters", handler(&Parameters::get_some));
  operations.add("GetParametersByPath", handler(&Parameters::get_by_path));
  operations.add("DescribeParameters", handler(&Parameters::describe));
  operations.add("GetParameterHistory", handler(&Parameters::history));
  operations.add("LabelParameterVersion", handler(&Parameters::label));
  operations.add("UnlabelParameterVersion", handler(&Parameters::unlabel));
  operations.add("DeleteParameter", handler(&Parameters::remove));
  operations.add("DeleteParameters", handler(&Parameters::remove_some));
  add_tag_operations(setup, "Parameter",
                     [parameters](const std::string& id) { return parameters->tags(id); });
}

harness::reference::ServiceDefinition reference() {
  return {add_operations};
}

}  // namespace conformance::ssm::parameters
