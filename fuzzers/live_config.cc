#include "fuzzers/live_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/base/ascii.h"
#include "harness/report/findings_baseline.h"

namespace fuzzers {
namespace {

using conformance::Environment;

tl::unexpected<LiveProblem> wrong(std::string message) {
  return tl::unexpected<LiveProblem>({std::move(message), 2});
}

// "" and "0" are no.
bool flag(const Environment& env, const std::string& name) {
  const auto value = env(name);
  return value && *value != "0";
}

// "--some-thing" -> "SSM_FUZZ_SOME_THING"
std::string fuzz_variable(std::string_view option) {
  std::string name = harness::base::upper(harness::base::trimmed(option, "-"));
  std::replace(name.begin(), name.end(), '-', '_');
  return "SSM_FUZZ_" + name;
}

std::optional<std::chrono::milliseconds> seconds(const std::string& text) {
  constexpr double kMost = 3600;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value > 0.001) || value > kMost)
    return std::nullopt;
  return std::chrono::milliseconds(static_cast<long>(value * 1000));
}

tl::expected<harness::endpoint::UrlParts, LiveProblem> usable(const std::string& name,
                                                              const std::string& url) {
  auto parts = harness::endpoint::parse_endpoint_url(url);
  if (!parts) return wrong(name + ": " + parts.error().message);
  if (conformance::is_aws_host(parts->host))
    return wrong(fmt::format("{}: {} is AWS itself, which is never fuzzed", name, parts->host));
  return *parts;
}

}  // namespace

tl::expected<LiveConfig, LiveProblem> read_live_config(const Environment& env,
                                                       const harness::model::ServiceIdentity& service,
                                                       const harness::run::Catalogue& catalogue,
                                                       bool needs_other_url) {
  const auto config = conformance::read_aws_config(env, service, "", "");
  if (!config) return wrong(config.error().message);
  if (!env("SSM_FUZZ_SPAWN") && !config->endpoint_url_problem.empty())
    return wrong(config->endpoint_url_problem);
  LiveConfig out;
  auto& network = out.network;
  network.limits.max_body_bytes = std::size_t{4} * 1024 * 1024;
  out.spawn = env("SSM_FUZZ_SPAWN").value_or("");
  if (out.spawn.empty()) {
    if (config->endpoint_urls_ignored)
      return wrong(
          "no endpoint to fuzz: the configuration says to ignore the endpoint URLs in it "
          "(AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)");
    if (!config->endpoint_url)
      return wrong(fmt::format(
          "no endpoint to fuzz: set {} to its URL, or SSM_FUZZ_SPAWN to a command that starts it at "
          "port {{port}}",
          service.endpoint_variable()));
    network.url = *config->endpoint_url;
    if (const auto parts = usable(config->endpoint_url_from, network.url); !parts)
      return tl::unexpected(parts.error());
  } else if (out.spawn.find("{port}") == std::string::npos) {
    return wrong(fmt::format(
        "SSM_FUZZ_SPAWN `{}`: it lacks {{port}}, where the port stands that it must listen at", out.spawn));
  } else if (config->endpoint_url && conformance::has_port(*config->endpoint_url)) {
    // Where the spawned endpoint is, with its port still open.
    network.url = *config->endpoint_url;
    if (const auto parts = usable(config->endpoint_url_from, conformance::with_port(network.url, 1)); !parts)
      return tl::unexpected(parts.error());
  }
  if (needs_other_url) {
    const auto other = env("SSM_FUZZ_OTHER_URL");
    if (!other) return wrong("no second endpoint to compare with: set SSM_FUZZ_OTHER_URL to its URL");
    if (const auto parts = usable("SSM_FUZZ_OTHER_URL", *other); !parts) return tl::unexpected(parts.error());
    out.other_url = *other;
  }
  network.ca_bundle = env("SSM_FUZZ_CA_BUNDLE");
  if (!network.ca_bundle) network.ca_bundle = config->ca_bundle;
  if (network.ca_bundle) {
    if (const auto good = harness::endpoint::check_ca_bundle(*network.ca_bundle); !good)
      return wrong("SSM_FUZZ_CA_BUNDLE or AWS_CA_BUNDLE: " + good.error().message);
  }
  for (const auto& [name, value] : {std::pair{"SSM_FUZZ_TIMEOUT", &network.timeout},
                                    std::pair{"SSM_FUZZ_SPAWN_TIMEOUT", &out.spawn_timeout}}) {
    const auto text = env(name);
    if (!text) continue;
    const auto time = seconds(*text);
    if (!time) return wrong(fmt::format("{}: \"{}\" is no number of seconds up to 3600", name, *text));
    *value = *time;
  }
  if (!config->keys_problem.empty()) return wrong(config->keys_problem);
  out.signing =
      harness::run::Signing{config->credentials.value_or(harness::wire::Credentials{"test", "test", ""}),
                            {config->region, service.signing_name}};
  if (config->credentials) {
    out.renew = [env, service, scope = out.signing->scope]() -> harness::Result<harness::run::Signing> {
      const auto again = conformance::read_aws_config(env, service, "", "");
      if (!again) return tl::unexpected(again.error());
      if (!again->credentials) return harness::fail("there are none when they are read again");
      return harness::run::Signing{*again->credentials, scope};
    };
  }
  for (const auto& [kind, of] : catalogue.kinds()) {
    if (const auto id = env(fuzz_variable(of.option)); id && !of.option.empty()) out.given[kind] = *id;
  }
  out.findings = env("SSM_FINDINGS_DIR").value_or(out.findings);
  if (const auto path = env("SSM_FUZZ_BASELINE")) {
    auto baseline = harness::report::load_findings_baseline(*path);
    if (!baseline) return wrong("SSM_FUZZ_BASELINE: " + baseline.error().message);
    out.baseline = *std::move(baseline);
  }
  out.abort = flag(env, "SSM_FUZZ_ABORT");
  out.novelty = !flag(env, "SSM_FUZZ_NO_NOVELTY");
  out.json = !flag(env, "SSM_FUZZ_NO_JSON");
  out.operations = env("SSM_FUZZ_OPERATIONS").value_or("");
  return out;
}

}  // namespace fuzzers
