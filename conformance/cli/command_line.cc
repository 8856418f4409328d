#include "conformance/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/run/select.h"

namespace conformance {
namespace {

constexpr std::size_t kColumns = 100;

bool begins_option(const std::string& argument, const std::string& option) {
  return argument == option || argument.starts_with(option + "=");
}

// "http://127.0.0.1:4566", "127.0.0.1:4566", "localhost:4566"
bool is_url(const std::string& argument) {
  if (argument.starts_with("-")) return false;
  if (argument.find("://") != std::string::npos) return true;
  const std::size_t colon = argument.rfind(':');
  return colon != std::string::npos && colon > 0 && colon + 1 < argument.size() &&
         std::all_of(argument.begin() + static_cast<std::ptrdiff_t>(colon) + 1, argument.end(),
                     [](char c) { return harness::base::is_digit(c); });
}

class NarrowHelp : public CLI::Formatter {
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(CLI::Formatter::make_option_desc(option), kColumns - get_column_width());
  }
  std::string make_subcommand(const CLI::App* command) const override {
    std::ostringstream out;
    CLI::detail::format_help(out, command->get_display_name(true),
                             wrapped(command->get_description(), kColumns - get_column_width()),
                             get_column_width());
    return out.str();
  }
};

}  // namespace

harness::Result<std::vector<std::string>> arguments_as_meant(std::vector<std::string> given,
                                                             const std::vector<std::string>& commands) {
  if (given.empty()) return given;
  const std::string first = given.front();
  if (first == "help") {
    given.erase(given.begin());
    if (given.empty() || given.front().starts_with("-")) return std::vector<std::string>{"--help"};
    auto meant = arguments_as_meant({given.front()}, commands);
    if (meant) meant->emplace_back("--help");
    return meant;
  }
  if (first == "-v") {
    given.front() = "--version";
  } else if (is_url(first)) {
    given.insert(given.begin(), {"run", "--endpoint-url"});
  } else if (begins_option(first, "--endpoint-url") || begins_option(first, "--spawn")) {
    given.insert(given.begin(), "run");
  } else if (!first.starts_with("-") &&
             std::find(commands.begin(), commands.end(), first) == commands.end()) {
    return harness::fail(fmt::format("there is no subcommand {}; the nearest is {}", first,
                                     harness::run::nearest(first, commands)));
  }
  return given;
}

std::string nearest_option(const CLI::App& command, const std::string& unknown) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return harness::run::nearest(unknown.substr(0, unknown.find('=')), names);
}

std::string wrapped(const std::string& text, std::size_t columns) {
  std::string out, line;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > columns) {
      out += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return out + line;
}

std::shared_ptr<CLI::FormatterBase> narrow_help() {
  return std::make_shared<NarrowHelp>();
}

}  // namespace conformance
