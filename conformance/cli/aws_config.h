#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/model/model.h"
#include "harness/result.h"
#include "harness/wire/sigv4.h"

/// Region, credentials and endpoint URL from where the AWS SDKs take them: environment, then the shared
/// credentials and config files (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
namespace conformance {

/// The environment: the value of a variable, or nothing. Empty values count as absent, as in the SDKs.
using Environment = std::function<std::optional<std::string>(const std::string&)>;
Environment process_environment();

struct AwsConfig {
  /// The service's own variable (AWS_ENDPOINT_URL_SSM), else AWS_ENDPOINT_URL, else that of the service
  /// (`ssm`) in the [services …] section of the profile, else the profile's endpoint_url; nothing where
  /// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, or else the profile's ignore_configured_endpoint_urls, is true
  /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
  std::optional<std::string> endpoint_url;
  std::string endpoint_url_from;  ///< the variable, or the file and the setting: for messages
  bool endpoint_urls_ignored = false;
  /// Why the configuration of the endpoint makes no sense: an error where no option names the endpoint. ""
  /// otherwise.
  std::string endpoint_url_problem;
  std::string region = "us-east-1";
  std::optional<harness::wire::Credentials> credentials;
  std::optional<std::string> ca_bundle;
  /// Why the profile that was named gives no keys although it means to (a role, single sign-on); ""
  /// otherwise. An error only where keys are needed.
  std::string keys_problem;
};

/// `profile` and `region` are the options, "" if not given. Errors: a profile that does not exist, a file
/// that cannot be parsed, half of a key pair, a region or a key that no header can carry.
harness::Result<AwsConfig> read_aws_config(const Environment& environment,
                                           const harness::model::ServiceIdentity& service,
                                           const std::string& profile, const std::string& region);

/// The URL and the command of an endpoint that is started here have `{port}` where its port stands.
bool has_port(std::string_view text);
std::string with_port(std::string text, unsigned short port);

/// True for hosts of AWS itself, however their name is written.
bool is_aws_host(std::string host);

}  // namespace conformance
