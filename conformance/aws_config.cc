#include "conformance/aws_config.h"

#include <fmt/format.h>

#include <boost/property_tree/ini_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <cstdlib>
#include <filesystem>

namespace conformance {
namespace {

using harness::fail;
using harness::Result;

using Section = std::map<std::string, std::string>;

// The section of a profile, or nothing if the file or the section is not there.
Result<std::optional<Section>> read_section(const std::string& path, const std::string& name) {
  if (path.empty() || !std::filesystem::exists(path)) return std::optional<Section>();
  boost::property_tree::ptree tree;
  try {
    boost::property_tree::read_ini(path, tree);
  } catch (const boost::property_tree::ini_parser_error& e) {
    return fail(fmt::format("{}: line {}: {}", path, e.line(), e.message()));
  }
  const auto it = tree.find(name);
  if (it == tree.not_found()) return std::optional<Section>();
  Section out;
  for (const auto& [key, value] : it->second) out[key] = value.data();
  return std::optional(std::move(out));
}

std::string get(const std::optional<Section>& section, const std::string& key) {
  if (!section) return {};
  const auto it = section->find(key);
  return it == section->end() ? std::string() : it->second;
}

std::string file_path(const Environment& env, const char* variable, const char* name) {
  if (const auto path = env(variable)) return *path;
  const auto home = env("HOME");
  return home ? *home + "/.aws/" + name : std::string();
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value =
        std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): read before any thread starts
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string(value);
  };
}

Result<AwsConfig> read_aws_config(const Environment& env, const std::string& profile_option,
                                  const std::string& region_option) {
  AwsConfig out;
  for (const char* name : {"AWS_ENDPOINT_URL_SSM", "AWS_ENDPOINT_URL"}) {
    if (const auto url = env(name)) {
      out.endpoint_url = url;
      out.endpoint_url_from = name;
      break;
    }
  }
  out.ca_bundle = env("AWS_CA_BUNDLE");

  const bool named = !profile_option.empty() || env("AWS_PROFILE").has_value();
  const std::string profile =
      !profile_option.empty() ? profile_option : env("AWS_PROFILE").value_or("default");
  const std::string credentials_path = file_path(env, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  const std::string config_path = file_path(env, "AWS_CONFIG_FILE", "config");
  const auto credentials = read_section(credentials_path, profile);
  if (!credentials) return tl::unexpected(credentials.error());
  const auto config = read_section(config_path, profile == "default" ? profile : "profile " + profile);
  if (!config) return tl::unexpected(config.error());
  if (named && !*credentials && !*config) {
    return fail(
        fmt::format("there is no profile \"{}\" in {} or {}", profile, credentials_path, config_path));
  }

  if (!region_option.empty()) {
    out.region = region_option;
  } else if (const auto region = env("AWS_REGION")) {
    out.region = *region;
  } else if (const auto older = env("AWS_DEFAULT_REGION")) {
    out.region = *older;
  } else if (const auto from_profile = get(*config, "region"); !from_profile.empty()) {
    out.region = from_profile;
  }

  // A profile that was asked for by option wins over keys in the environment, as with the AWS CLI.
  const auto id = env("AWS_ACCESS_KEY_ID");
  const auto secret = env("AWS_SECRET_ACCESS_KEY");
  if (profile_option.empty() && (id || secret)) {
    if (!id || !secret) {
      return fail(fmt::format("{} is set, but {} is not: set both or neither",
                              id ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
                              id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID"));
    }
    out.credentials = {*id, *secret, env("AWS_SESSION_TOKEN").value_or("")};
    return out;
  }
  for (const auto& section : {*credentials, *config}) {
    const std::string key = get(section, "aws_access_key_id");
    if (key.empty()) continue;
    const std::string secret_key = get(section, "aws_secret_access_key");
    if (secret_key.empty())
      return fail(fmt::format("profile \"{}\" has aws_access_key_id but no aws_secret_access_key", profile));
    out.credentials = {key, secret_key, get(section, "aws_session_token")};
    break;
  }
  return out;
}

}  // namespace conformance
