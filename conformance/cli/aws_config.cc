#include "conformance/cli/aws_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include "conformance/cli/aws_ini.h"
#include "harness/base/ascii.h"

namespace conformance {
namespace {

using harness::fail;
using harness::Result;
using harness::Status;
using harness::model::ServiceIdentity;

using Section = std::optional<IniSection>;
using Settings = IniSection::Settings;

// A shared file: where it is, and the variable that says so ("" for the usual place).
struct SharedFile {
  std::string path;
  std::string variable;
};

SharedFile shared_file(const Environment& env, const char* variable, const char* name) {
  if (const auto path = env(variable)) return {*path, variable};
  const auto home = env("HOME");
  return {home ? *home + "/.aws/" + name : std::string(), ""};
}

// An empty file if there is none.
Result<IniFile> read_file(const SharedFile& where) {
  if (where.path.empty()) return IniFile();
  auto file = read_aws_ini(where.path);
  if (!file) return fail((where.variable.empty() ? "" : where.variable + " ") + file.error().message);
  return *file ? **std::move(file) : IniFile();
}

// The first of these sections that the file has.
Section find_section(const IniFile& file, std::initializer_list<std::string> names) {
  for (const auto& name : names) {
    if (const auto it = file.find(name); it != file.end()) return it->second;
  }
  return std::nullopt;
}

std::string get(const Settings& settings, const std::string& key) {
  const auto it = settings.find(key);
  return it == settings.end() ? std::string() : it->second;
}

std::string get(const Section& section, const std::string& key) {
  return section ? get(section->settings, key) : std::string();
}

// One profile in both files, of which the first has the say.
struct Profile {
  std::string name;
  std::string credentials_path, config_path;
  Section credentials, config;

  struct Setting {
    std::string value;  // "" if there is none
    std::string where;
    std::string misplaced;  // what is wrong where there is none
  };
  Setting find(const std::string& key) const {
    for (const auto& [section, path] :
         {std::pair{&credentials, &credentials_path}, {&config, &config_path}}) {
      if (auto value = get(*section, key); !value.empty())
        return {std::move(value), fmt::format("{}: profile \"{}\": {}", *path, name, key), {}};
    }
    return {};
  }
};

// Whether configured endpoint URLs are to be ignored. Error: neither true nor false.
Result<bool> ignores_endpoint_urls(const Environment& env, const Profile& profile) {
  Profile::Setting setting = profile.find("ignore_configured_endpoint_urls");
  constexpr const char* kVariable = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
  if (const auto value = env(kVariable)) setting = {*value, kVariable};
  const std::string value = harness::base::lower(setting.value);
  if (value == "true") return true;
  if (value.empty() || value == "false") return false;
  return fail(fmt::format("{} \"{}\": must be true or false", setting.where, setting.value));
}

// The URL for the service (its key there) in the section that the profile's `services` names. Error: there is
// no such section.
Result<Profile::Setting> url_of_services(const Profile& profile, const IniFile& config,
                                         const std::string& key) {
  const auto services = profile.find("services");
  if (services.value.empty()) return Profile::Setting{};
  const auto section = config.find("services " + services.value);
  if (section == config.end()) {
    return fail(fmt::format("{} \"{}\": there is no section [services {}] in {}", services.where,
                            services.value, services.value, profile.config_path));
  }
  const std::string where = fmt::format("{}: services \"{}\": ", profile.config_path, services.value);
  Profile::Setting found{{}, where + key + ": endpoint_url", {}};
  const auto own = section->second.nested.find(key);
  if (own != section->second.nested.end()) found.value = get(own->second, "endpoint_url");
  const auto& settings = section->second.settings;
  if (!get(settings, "endpoint_url").empty() || !get(settings, key).empty())
    found.misplaced = fmt::format("{}endpoint_url must stand further in, below `{} =`", where, key);
  return found;
}

void find_endpoint_url(const Environment& env, const ServiceIdentity& service, const Profile& profile,
                       const IniFile& config, AwsConfig& out) {
  const auto ignores = ignores_endpoint_urls(env, profile);
  if (!ignores) {
    out.endpoint_url_problem = ignores.error().message;
    return;
  }
  out.endpoint_urls_ignored = *ignores;
  if (*ignores) return;
  const auto take = [&](std::string url, std::string from) {
    out.endpoint_url = std::move(url);
    out.endpoint_url_from = std::move(from);
  };
  for (const std::string& name : {service.endpoint_variable(), std::string("AWS_ENDPOINT_URL")}) {
    if (const auto url = env(name)) return take(*url, name);
  }
  auto services = url_of_services(profile, config, service.services_key());
  if (!services) {
    out.endpoint_url_problem = services.error().message;
    return;
  }
  if (!services->value.empty()) return take(services->value, services->where);
  auto plain = profile.find("endpoint_url");
  if (!plain.value.empty()) return take(plain.value, plain.where);
  // SDKs ignore it, and go to AWS; whoever wrote it means an endpoint all the same.
  out.endpoint_url_problem = services->misplaced;
}

// It stands in a header and in what is signed.
Status check_region(const std::string& from, const std::string& region) {
  constexpr std::size_t kLongest = 64;
  const bool good = region.size() <= kLongest && std::all_of(region.begin(), region.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             c == '-' || c == '_';
                    });
  if (good) return {};
  return fail(fmt::format("{} \"{}\": a region is made of letters, digits and hyphens, as in us-east-1", from,
                          region.substr(0, kLongest)));
}

// Which character of a text that goes into a header must not be there, counted from 1; 0 if all may.
std::size_t misfit(std::string_view text, std::string_view separators) {
  const auto it = std::find_if(text.begin(), text.end(), [&](char c) {
    return c <= 0x20 || c >= 0x7f || separators.find(c) != std::string_view::npos;
  });
  return it == text.end() ? 0 : static_cast<std::size_t>(it - text.begin()) + 1;
}

// The values are not shown: two of the three are secrets, and people mix them up. `names` are those of the
// three.
Status check_keys(const std::array<std::string, 3>& names, const harness::wire::Credentials& keys) {
  const auto wrong = [](const std::string& name, std::size_t at) {
    return fail(
        fmt::format("{}: character {} cannot be part of it (a blank, a line end, a quote?)", name, at));
  };
  // The id stands between '/' and ',' in the Authorization header.
  if (const auto at = misfit(keys.access_key_id, "/,\"'"); at != 0) return wrong(names[0], at);
  if (const auto at = misfit(keys.secret_access_key, "\"'"); at != 0) return wrong(names[1], at);
  if (const auto at = misfit(keys.session_token, "\"'"); at != 0) return wrong(names[2], at);
  return {};
}

// How a profile gets keys that only an SDK can fetch, or "".
std::string_view fetched_by(const Section& section) {
  for (const std::string_view key : {"role_arn", "source_profile", "credential_process", "sso_session",
                                     "sso_start_url", "web_identity_token_file"}) {
    if (!get(section, std::string(key)).empty()) return key;
  }
  return {};
}

constexpr std::string_view kPort = "{port}";

}  // namespace

bool has_port(std::string_view text) {
  return text.find(kPort) != std::string_view::npos;
}

std::string with_port(std::string text, unsigned short port) {
  for (std::size_t at = 0; (at = text.find(kPort, at)) != std::string::npos;)
    text.replace(at, kPort.size(), std::to_string(port));
  return text;
}

bool is_aws_host(std::string host) {
  // A name may end in the root's dot, and its case does not count.
  while (host.ends_with('.')) host.pop_back();
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const std::string_view suffix : {"amazonaws.com", "amazonaws.com.cn", "api.aws"}) {
    if (host == suffix || (host.size() > suffix.size() && host.ends_with(suffix) &&
                           host[host.size() - suffix.size() - 1] == '.')) {
      return true;
    }
  }
  return false;
}

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value =
        std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): read before any thread starts
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string(value);
  };
}

Result<AwsConfig> read_aws_config(const Environment& env, const ServiceIdentity& service,
                                  const std::string& profile_option, const std::string& region_option) {
  AwsConfig out;
  out.ca_bundle = env("AWS_CA_BUNDLE");

  const bool named = !profile_option.empty() || env("AWS_PROFILE").has_value();
  const std::string profile =
      !profile_option.empty() ? profile_option : env("AWS_PROFILE").value_or("default");
  const auto credentials_file = shared_file(env, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  const auto config_file = shared_file(env, "AWS_CONFIG_FILE", "config");
  const auto all_credentials = read_file(credentials_file);
  if (!all_credentials) return tl::unexpected(all_credentials.error());
  const auto all_config = read_file(config_file);
  if (!all_config) return tl::unexpected(all_config.error());
  const auto credentials = find_section(*all_credentials, {profile});
  const auto config = profile == "default" ? find_section(*all_config, {"profile default", "default"})
                                           : find_section(*all_config, {"profile " + profile});
  if (named && !credentials && !config) {
    return fail(fmt::format("{} \"{}\": there is no profile of this name in {} or {}",
                            profile_option.empty() ? "AWS_PROFILE" : "--profile", profile,
                            credentials_file.path, config_file.path));
  }

  find_endpoint_url(env, service, {profile, credentials_file.path, config_file.path, credentials, config},
                    *all_config, out);

  std::string region_from = "the default region";
  const auto take_region = [&](const std::string& from, const std::string& region) {
    out.region = region;
    region_from = from;
  };
  if (!region_option.empty()) {
    take_region("--region", region_option);
  } else if (const auto region = env("AWS_REGION")) {
    take_region("AWS_REGION", *region);
  } else if (const auto older = env("AWS_DEFAULT_REGION")) {
    take_region("AWS_DEFAULT_REGION", *older);
  } else if (const auto from_profile = get(config, "region"); !from_profile.empty()) {
    take_region(fmt::format("{}: profile \"{}\": region", config_file.path, profile), from_profile);
  }
  if (auto good = check_region(region_from, out.region); !good) return tl::unexpected(good.error());

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
    auto good =
        check_keys({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}, *out.credentials);
    if (!good) return tl::unexpected(good.error());
    return out;
  }
  for (const auto& [section, path] :
       {std::pair{&credentials, &credentials_file.path}, {&config, &config_file.path}}) {
    const std::string key = get(*section, "aws_access_key_id");
    const std::string secret_key = get(*section, "aws_secret_access_key");
    if (key.empty() && secret_key.empty()) continue;
    const std::string where = fmt::format("{}: profile \"{}\"", *path, profile);
    if (key.empty() || secret_key.empty()) {
      return fail(fmt::format("{} has {} but no {}", where,
                              key.empty() ? "aws_secret_access_key" : "aws_access_key_id",
                              key.empty() ? "aws_access_key_id" : "aws_secret_access_key"));
    }
    out.credentials = {key, secret_key, get(*section, "aws_session_token")};
    auto good = check_keys(
        {where + ": aws_access_key_id", where + ": aws_secret_access_key", where + ": aws_session_token"},
        *out.credentials);
    if (!good) return tl::unexpected(good.error());
    return out;
  }
  for (const auto* section : {&credentials, &config}) {
    const auto how = fetched_by(*section);
    if (how.empty() || !named) continue;
    out.keys_problem = fmt::format(
        "profile \"{}\" gets its keys by {}, which is not followed here: set AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY (aws configure export-credentials), or use --no-sign-request",
        profile, how);
    break;
  }
  return out;
}

}  // namespace conformance
