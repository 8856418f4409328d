#include "conformance/cli/preset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <vector>

#include "harness/run/select.h"

namespace conformance {

using harness::fail;
using harness::Result;

namespace {

constexpr Preset kPresets[] = {
    {"moto", "moto_server", "moto_server -H 127.0.0.1 -p {port}", "http", 5000, ""},
    // The interpreter beside the command is the one that has the package.
    {"localstack", "localstack-supervisor",
     "GATEWAY_LISTEN=127.0.0.1:{port} SERVICES=ssm EAGER_SERVICE_LOADING=0 ACTIVATE_PRO=0 DISABLE_EVENTS=1 "
     "SKIP_SSL_CERT_DOWNLOAD=1 "
     "\"$(dirname \"$(command -v localstack-supervisor)\")/python\" -m localstack.runtime.main",
     "http", 4566, ""},
    {"ministack", "ministack",
     "GATEWAY_PORT={port} BIND_HOST=127.0.0.1 IOT_MTLS_ENABLED=0 PERSIST_STATE=0 ministack", "http", 4566,
     ""},
    {"localemu", "localemu", "localemu start --host 127.0.0.1 --port {port}", "http", 4566, ""},
    {"aws-emulator", "aws-emulator", "EMULATOR_TELEMETRY=off aws-emulator --bind 127.0.0.1 --port {port}",
     "https", 9297, ".aws/emulator"},
};

bool is_program(const std::string& path) {
  std::error_code ec;
  return std::filesystem::is_regular_file(path, ec) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::span<const Preset> presets() {
  return kPresets;
}

std::string preset_names() {
  std::vector<std::string_view> names;
  for (const Preset& p : kPresets) names.push_back(p.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

Result<const Preset*> find_preset(const std::string& name) {
  std::vector<std::string> names;
  for (const Preset& p : kPresets) {
    if (p.name == name) return &p;
    names.emplace_back(p.name);
  }
  return fail(fmt::format("--target {}: there is none of this name; the nearest is {} (there are {})", name,
                          harness::run::nearest(name, names), preset_names()));
}

std::string not_installed(const Preset& p) {
  return fmt::format("--target {}: {} is not on the PATH", p.name, p.program);
}

std::optional<std::string> find_program(std::string_view program, const Environment& environment) {
  const std::string path = environment("PATH").value_or("");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string file = path.substr(begin, end - begin) + "/" + std::string(program);
    if (end > begin && is_program(file)) return file;
    begin = end + 1;
  }
  return std::nullopt;
}

Result<EndpointOptions> with_preset(EndpointOptions o, const Environment& environment) {
  if (o.target.empty()) return o;
  const auto preset = find_preset(o.target);
  if (!preset) return tl::unexpected(preset.error());
  const Preset& p = **preset;
  const bool starts = o.endpoint_url.empty() && find_program(p.program, environment).has_value();
  if (o.spawn.empty() && starts) o.spawn = p.command;
  if (o.endpoint_url.empty()) {
    o.endpoint_url = fmt::format("{}://127.0.0.1:{}", p.scheme,
                                 o.spawn.empty() ? std::to_string(p.port) : std::string("{port}"));
  }
  return o;
}

Result<Environment> with_keys_of(const Preset& p, const std::string& port, const Environment& environment) {
  if (p.keys.empty()) return environment;
  const std::string folder = fmt::format("{}/{}/{}", environment("HOME").value_or(""), p.keys, port);
  const std::string authority = folder + "/ca.pem";
  std::error_code ec;
  if (!std::filesystem::exists(authority, ec)) {
    return fail(
        fmt::format("--target {}: {} is not there, which it writes when it starts: is it running, at "
                    "this port, as this user?",
                    p.name, authority));
  }
  std::map<std::string, std::string> own = {{"AWS_CA_BUNDLE", authority}};
  // Without keys it takes any.
  if (const std::string keys = folder + "/emulator_credentials"; std::filesystem::exists(keys, ec)) {
    own["AWS_SHARED_CREDENTIALS_FILE"] = keys;
    for (const char* name :
         {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"})
      own[name] = "";
  }
  return [own = std::move(own), environment](const std::string& name) -> std::optional<std::string> {
    const auto it = own.find(name);
    if (it == own.end()) return environment(name);
    if (it->second.empty()) return std::nullopt;
    return it->second;
  };
}

}  // namespace conformance
