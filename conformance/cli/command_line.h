#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/result.h"

namespace CLI {
class App;
class FormatterBase;
}  // namespace CLI

/// What people type before they know the commands, and what they read to learn them.
namespace conformance {

/// The arguments, without the program's name, as they are meant. `help` and `help run` are `--help` and
/// `run --help`, `-v` is `--version`; a URL, or an option that names an endpoint, judges that endpoint:
///
///     {"http://127.0.0.1:4566", "--level", "rejects"}
///     -> {"run", "--endpoint-url", "http://127.0.0.1:4566", "--level", "rejects"}
///
/// Whatever else begins with a command or an option comes back as it is. Error: a first word that is none of
/// `commands`, with the nearest that is.
harness::Result<std::vector<std::string>> arguments_as_meant(std::vector<std::string> given,
                                                             const std::vector<std::string>& commands);

/// The option of the command, of those that it has, nearest to one that it has not: "--connections".
std::string nearest_option(const CLI::App& command, const std::string& unknown);

/// Words in lines of at most `columns` characters, but a word that is longer stays whole.
std::string wrapped(const std::string& text, std::size_t columns);

/// Help of at most 100 columns.
std::shared_ptr<CLI::FormatterBase> narrow_help();

}  // namespace conformance
