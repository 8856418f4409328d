#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "conformance/cli/aws_config.h"
#include "conformance/cli/options.h"
#include "harness/result.h"

/// Endpoints that people know by name (`--target`): how each is started where it is installed, where it
/// listens where it is not, and where it keeps its certificate and its keys.
namespace conformance {

struct Preset {
  std::string_view name;     ///< "moto"
  std::string_view program;  ///< what is looked for on the PATH
  std::string_view command;  ///< as of --spawn
  std::string_view scheme;   ///< "http", "https"
  unsigned short port;       ///< where it listens unless it is told otherwise
  /// The folder below the home folder that has one named by the port, where each start writes new keys and a
  /// new certificate authority; "" for an endpoint that takes any key. The files are named as AWS Emulator's
  /// are (https://docs.aws.amazon.com/emulator/latest/userguide/cli-reference.html, Local files).
  std::string_view keys;
};
std::span<const Preset> presets();
/// Error: there is none of this name; the nearest.
harness::Result<const Preset*> find_preset(const std::string& name);
/// Why its usual address is meant: "--target moto: moto_server is not on the PATH".
std::string not_installed(const Preset& preset);
/// Their names, for help: "moto, localstack, …".
std::string preset_names();

/// Where a program stands that the PATH of the environment names; nothing if it is nowhere there.
std::optional<std::string> find_program(std::string_view program, const Environment& environment);

/// The options with what `--target` stands for filled in: `--spawn` where the program is on the PATH, else
/// the usual address as `--endpoint-url`. Either, where it is given, stays as it is. Without a target, they
/// are as they were. Error: as of find_preset().
harness::Result<EndpointOptions> with_preset(EndpointOptions options, const Environment& environment);

/// The environment in which keys and certificates are looked for, of the preset's endpoint at this port: its
/// own files come before what the user has set. Error: there is no such file, and the endpoint does not work
/// without. A preset without files leaves the environment as it is.
harness::Result<Environment> with_keys_of(const Preset& preset, const std::string& port,
                                          const Environment& environment);

}  // namespace conformance
