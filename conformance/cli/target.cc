#include "conformance/cli/target.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/cli/aws_config.h"
#include "conformance/cli/preset.h"
#include "conformance/pack.h"
#include "harness/endpoint/network.h"
#include "harness/report/console.h"
#include "harness/run/select.h"

namespace conformance {
namespace {

using harness::endpoint::NetworkOptions;
using harness::model::ServiceIdentity;

tl::unexpected<TargetError> error(std::string message, int status = 2) {
  return tl::unexpected<TargetError>({std::move(message), status});
}

// Whether a URL beside --spawn can be meant, before anything is started.
std::string wrong_beside_spawn(const std::string& url) {
  if (!has_port(url)) {
    return fmt::format(
        "--endpoint-url {}: beside --spawn it needs {{port}} for the port, as in "
        "http://127.0.0.1:{{port}}/aws",
        url);
  }
  const auto parts = harness::endpoint::parse_endpoint_url(with_port(url, 1));
  return parts ? "" : "--endpoint-url: " + parts.error().message;
}

// Neither started here nor named by an option or the configuration.
bool is_embedded(const EndpointOptions& o, const AwsConfig& config) {
  return o.spawn.empty() && o.endpoint_url.empty() && (!config.endpoint_url || !o.dialect.empty());
}

// What is wrong with the configuration of the endpoint matters where it has the say.
bool is_configured(const EndpointOptions& o) {
  return o.spawn.empty() && o.endpoint_url.empty() && o.dialect.empty();
}

tl::unexpected<TargetError> no_endpoint(const AwsConfig& config, const ServiceIdentity& service) {
  return error(fmt::format("no endpoint is named: give --endpoint-url URL or --spawn CMD{}",
                           config.endpoint_urls_ignored ? " (the configuration says to ignore its own)"
                                                        : ", or set " + service.endpoint_variable()));
}

tl::unexpected<TargetError> not_played(const AwsConfig& config, const ServiceIdentity& service) {
  return error(fmt::format(
      "the embedded reference endpoint plays {} only, and the model is of {}: give --endpoint-url URL or "
      "--spawn CMD{}",
      pack::service(), service.id,
      config.endpoint_urls_ignored ? "" : ", or set " + service.endpoint_variable()));
}

std::chrono::milliseconds ms(double seconds) {
  return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

}  // namespace

std::string unknown_dialect(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& d : pack::dialects()) names.emplace_back(d.name);
  return fmt::format("--dialect {}: there is none of this name; the nearest is {} (serve --list-dialects)",
                     name, harness::run::nearest(name, names));
}

harness::wire::Credentials reference_credentials() {
  return {"AKIDREFERENCE", "reference-secret-access-key", ""};
}

std::function<harness::Result<std::string>()> Target::restart() const {
  if (!process) return {};
  return [p = process.get()]() -> harness::Result<std::string> {
    const std::string how = p->how_it_ended();
    if (auto restarted = p->restart(); !restarted) return tl::unexpected(restarted.error());
    return how;
  };
}

tl::expected<void, TargetError> check_endpoint_is_named(const EndpointOptions& given,
                                                        const ServiceIdentity& service) {
  const auto filled_in = with_preset(given, process_environment());
  if (!filled_in) return error(filled_in.error().message);
  const EndpointOptions& o = *filled_in;
  const auto config = read_aws_config(process_environment(), service, o.profile, o.region);
  if (!config) return error(config.error().message);
  if (is_configured(o) && !config->endpoint_url_problem.empty()) return error(config->endpoint_url_problem);
  if (is_embedded(o, *config)) return no_endpoint(*config, service);
  return {};
}

std::string described(const Target& target) {
  if (target.named_by.empty() || target.named_by == kByOption) return target.name;
  return fmt::format("{} ({})", target.name, target.named_by);
}

tl::expected<Target, TargetError> open_target(const EndpointOptions& given,
                                              const harness::model::Model& model, Embedded embedded) {
  const ServiceIdentity& service = model.identity();
  const auto filled_in = with_preset(given, process_environment());
  if (!filled_in) return error(filled_in.error().message);
  const EndpointOptions& o = *filled_in;
  const Preset* preset = o.target.empty() ? nullptr : *find_preset(o.target);
  auto config = read_aws_config(process_environment(), service, o.profile, o.region);
  if (!config) return error(config.error().message);
  if (is_configured(o) && !config->endpoint_url_problem.empty()) return error(config->endpoint_url_problem);
  if (embedded == Embedded::refused && is_embedded(o, *config)) return no_endpoint(*config, service);
  if (is_embedded(o, *config) && !pack::is_of(service)) return not_played(*config, service);
  if (!o.spawn.empty() && !has_port(o.spawn))
    return error(fmt::format("--spawn `{}`: it lacks {{port}}, where the port stands that it must listen at",
                             o.spawn));
  if (!o.spawn.empty() && !o.endpoint_url.empty()) {
    if (const auto wrong = wrong_beside_spawn(o.endpoint_url); !wrong.empty()) return error(wrong);
  }
  if (!o.ca_bundle.empty()) {
    if (auto usable = harness::endpoint::check_ca_bundle(o.ca_bundle); !usable)
      return error("--ca-bundle " + usable.error().message);
  }
  Target t;
  t.region = config->region;
  NetworkOptions network;
  network.timeout = ms(o.timeout_seconds);
  network.connect_timeout = ms(o.connect_timeout_seconds);
  network.verify_ssl = !o.no_verify_ssl;
  // JSON takes up to thirty times the room of its text, on every connection at once. This still holds an echo
  // of the largest request that is ever sent.
  network.limits.max_body_bytes = std::size_t{4} * 1024 * 1024;
  bool keys_matter = !o.no_sign_request;
  if (!o.spawn.empty()) {
    auto process = harness::endpoint::SpawnedProcess::start(o.spawn, ms(o.spawn_timeout_seconds));
    if (!process) return error("--spawn " + process.error().message, 3);
    t.process = std::move(*process);
    network.url = o.endpoint_url.empty() ? t.process->url() : with_port(o.endpoint_url, t.process->port());
  } else if (!o.endpoint_url.empty()) {
    network.url = o.endpoint_url;
    t.named_by = given.endpoint_url.empty() ? not_installed(*preset) : kByOption;
  } else if (!is_embedded(o, *config)) {
    network.url = *config->endpoint_url;
    t.named_by = config->endpoint_url_from;
  } else {
    keys_matter = false;
    harness::reference::ServerOptions options;
    options.service.credentials = {reference_credentials()};
    options.service.region = t.region;
    if (!o.dialect.empty()) {
      const auto* dialect = pack::find_dialect(o.dialect);
      if (dialect == nullptr) return error(unknown_dialect(o.dialect));
      options.service.dialect = dialect->dialect;
    }
    t.given = pack::populate(options.service);
    auto server = harness::reference::Server::start(model, pack::reference(), std::move(options));
    if (!server) return error(server.error().message, 4);
    t.reference = std::move(*server);
    network.url = t.reference->url();
  }

  const auto parts = harness::endpoint::parse_endpoint_url(network.url);
  if (!parts) return error((t.named_by.empty() ? "" : t.named_by + ": ") + parts.error().message);
  Environment environment = process_environment();
  if (preset != nullptr) {
    // Its keys are there once it has started.
    auto with_keys = with_keys_of(*preset, parts->port, environment);
    if (!with_keys) return error(with_keys.error().message, 3);
    environment = *std::move(with_keys);
    config = read_aws_config(environment, service, o.profile, o.region);
    if (!config) return error(config.error().message);
  }
  const harness::wire::Credentials credentials =
      t.reference ? reference_credentials()
                  : config->credentials.value_or(harness::wire::Credentials{"test", "test", ""});
  network.ca_bundle = o.ca_bundle.empty() ? config->ca_bundle : o.ca_bundle;
  t.ca_bundle = network.ca_bundle;
  if (keys_matter && !config->keys_problem.empty()) return error(config->keys_problem);
  if (is_aws_host(parts->host) && !o.allow_aws) {
    return error(
        fmt::format("{} is AWS itself: requests there change a real account and may cost money; add "
                    "--allow-aws if you mean it",
                    parts->host));
  }
  if (!o.no_sign_request) t.signing = harness::run::Signing{credentials, {t.region, service.signing_name}};
  if (t.signing && keys_matter && config->credentials) {
    t.renew = [service, environment, profile = o.profile, region = o.region,
               scope = t.signing->scope]() -> harness::Result<harness::run::Signing> {
      const auto again = read_aws_config(environment, service, profile, region);
      if (!again) return tl::unexpected(again.error());
      if (!again->credentials) return harness::fail("there are none when they are read again");
      return harness::run::Signing{*again->credentials, scope};
    };
  }
  if (parts->tls && network.verify_ssl && network.ca_bundle) {
    if (auto usable = harness::endpoint::check_ca_bundle(*network.ca_bundle); !usable)
      return error((o.ca_bundle.empty() ? "AWS_CA_BUNDLE " : "--ca-bundle ") + usable.error().message);
  }
  auto endpoint = harness::endpoint::connect_network(network);
  // What is left is a name that does not resolve: the endpoint cannot be reached.
  if (!endpoint) return error((t.named_by.empty() ? "" : t.named_by + ": ") + endpoint.error().message, 3);
  t.endpoint = std::move(*endpoint);
  t.name = t.reference ? std::string(harness::report::kEmbeddedEndpoint) : t.endpoint->url();
  return t;
}

}  // namespace conformance
