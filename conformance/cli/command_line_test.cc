#include "conformance/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "conformance/cli/options.h"

namespace conformance {
namespace {

using Arguments = std::vector<std::string>;

const Arguments kCommands = {"run", "list", "report", "serve"};

TEST(ArgumentsAsMeant, ReadWhatANewUserTypes) {
  const struct {
    Arguments given, meant;
  } rows[] = {
      {{}, {}},
      {{"help"}, {"--help"}},
      {{"help", "run"}, {"run", "--help"}},
      {{"help", "--verbose"}, {"--help"}},
      {{"-v"}, {"--version"}},
      {{"http://127.0.0.1:1/aws", "--verbose"},
       {"run", "--endpoint-url", "http://127.0.0.1:1/aws", "--verbose"}},
      {{"localhost:4566"}, {"run", "--endpoint-url", "localhost:4566"}},
      {{"--endpoint-url", "x"}, {"run", "--endpoint-url", "x"}},
      {{"--endpoint-url=x"}, {"run", "--endpoint-url=x"}},
      {{"--spawn", "x {port}"}, {"run", "--spawn", "x {port}"}},
      // What is meant already stays as it is.
      {{"run", "-v"}, {"run", "-v"}},
      {{"--help"}, {"--help"}},
      {{"--unknown"}, {"--unknown"}},
      {{"report", "http://x"}, {"report", "http://x"}},
  };
  for (const auto& row : rows) {
    const auto meant = arguments_as_meant(row.given, kCommands);
    ASSERT_TRUE(meant);
    EXPECT_EQ(*meant, row.meant);
  }
}

TEST(ArgumentsAsMeant, NameTheNearestCommand) {
  for (const Arguments& given : {Arguments{"reprot", "x"}, Arguments{"help", "reprot"}}) {
    const auto meant = arguments_as_meant(given, kCommands);
    ASSERT_FALSE(meant);
    EXPECT_EQ(meant.error().message, "there is no subcommand reprot; the nearest is report");
  }
  for (const char* word : {"foo", "", "a:", ":1", "a:b"}) {
    EXPECT_FALSE(arguments_as_meant({word}, kCommands)) << word;
  }
}

TEST(NearestOption, IsOneThatTheCommandHas) {
  CLI::App app;
  RunCommandOptions options;
  add_run_options(app, options);
  EXPECT_EQ(nearest_option(app, "--conections"), "--connections");
  EXPECT_EQ(nearest_option(app, "--endpoint=http://x"), "--endpoint-url");
}

TEST(Wrapped, BreaksBetweenWordsOnly) {
  EXPECT_EQ(wrapped("one two three", 7), "one two\nthree");
  EXPECT_EQ(wrapped("a-word-that-is-longer b", 5), "a-word-that-is-longer\nb");
  EXPECT_EQ(wrapped("", 5), "");
}

TEST(NarrowHelp, HasAHundredColumns) {
  CLI::App app("program");
  app.formatter(narrow_help());
  RunCommandOptions options;
  add_run_options(*app.add_subcommand("run", std::string(30, 'a') + " " + std::string(60, 'b')), options);
  for (const std::string& help : {app.help(), app.get_subcommand("run")->help()}) {
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

}  // namespace
}  // namespace conformance
