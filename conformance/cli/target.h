#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "conformance/cli/options.h"
#include "harness/endpoint/endpoint.h"
#include "harness/endpoint/spawn.h"
#include "harness/model/model.h"
#include "harness/reference/server.h"
#include "harness/run/compose.h"
#include "harness/run/fixtures.h"

namespace conformance {

/// The endpoint of a run, with everything that must live as long: the embedded reference, a spawned process,
/// or a URL.
struct Target {
  std::unique_ptr<harness::reference::Server> reference;
  std::unique_ptr<harness::endpoint::SpawnedProcess> process;
  std::unique_ptr<harness::endpoint::Endpoint> endpoint;
  std::optional<harness::run::Signing> signing;
  std::string name;           ///< for people: the URL, or "embedded reference endpoint"
  std::string named_by;       ///< where the URL stands: an option, a variable, a file's setting; "" for none
  harness::run::Given given;  ///< what exists there: of the embedded reference alone
  std::optional<std::string> ca_bundle;
  std::string region;

  /// Reads the credentials again, from where they came; empty where there is nothing to read.
  std::function<harness::Result<harness::run::Signing>()> renew;

  /// Starts the spawned process again after it died; empty if there is none.
  std::function<harness::Result<std::string>()> restart() const;
};

/// Target::named_by of a URL that is an option of its own: nobody needs to be told.
inline constexpr std::string_view kByOption = "--endpoint-url";

/// Says that there is no dialect of this name, and which is the nearest.
std::string unknown_dialect(const std::string& name);

/// Finds out which endpoint is meant and makes ready to talk to it. Nothing is sent. Errors are for exit
/// status 2, but for a command that does not start and a host that does not resolve.
struct TargetError {
  std::string message;
  int exit_status = 2;
};
/// Whether the embedded reference endpoint is meant where no other is named.
enum class Embedded { allowed, refused };
tl::expected<Target, TargetError> open_target(const EndpointOptions& options,
                                              const harness::model::Model& model,
                                              Embedded embedded = Embedded::allowed);

/// Says that no endpoint is named, if so: for commands that ask before they touch anything.
tl::expected<void, TargetError> check_endpoint_is_named(const EndpointOptions& options,
                                                        const harness::model::ServiceIdentity& service);

/// "http://127.0.0.1:4566 (AWS_ENDPOINT_URL)": the endpoint with where its URL comes from, unless by an
/// option.
std::string described(const Target& target);

/// The keys of the embedded reference endpoint.
harness::wire::Credentials reference_credentials();
inline constexpr const char* kReferenceNode = "i-02573cafcfEXAMPLE";

}  // namespace conformance
