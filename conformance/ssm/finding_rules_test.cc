#include "conformance/ssm/finding_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace conformance::ssm::finding_rules_test {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;

TEST(FindingRules, HaveOneNameAndOneMeaningEach) {
  std::set<std::string_view> names;
  std::set<std::string_view> meanings;
  for (const auto& rule : finding_rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_TRUE(meanings.insert(rule.means).second) << rule.means;
    EXPECT_TRUE(rule.means.ends_with('.')) << rule.name;
  }
  EXPECT_EQ(find_finding_rule("outcome/accepted")->name, "outcome/accepted");
  EXPECT_EQ(find_finding_rule("outcome/accept"), nullptr);
}

// The names of rules that code which finds something writes.
std::set<std::string> written_names() {
  std::set<std::string> names;
  static const std::regex kName(
      R"re("((?:outcome|lifecycle|shape|relation|availability|envelope|header|connection)/[a-z-]+)")re");
  for (const char* folder : {"harness/oracle", "harness/run", "conformance", "fuzzers"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(SSMC_SOURCE_DIR) / folder)) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".cc") || name.ends_with("_test.cc") || name.starts_with("finding_rule")) continue;
      std::ifstream in(entry.path());
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      for (std::sregex_iterator it(text.begin(), text.end(), kName), end; it != end; ++it)
        names.insert((*it)[1].str());
    }
  }
  return names;
}

TEST(FindingRules, AreExactlyThoseThatAreFound) {
  std::set<std::string> written = written_names();
  std::set<std::string> never_found;
  for (const auto& rule : finding_rules()) {
    if (written.erase(std::string(rule.name)) == 0) never_found.emplace(rule.name);
  }
  EXPECT_THAT(written, IsEmpty()) << "no table says what these mean";
  EXPECT_THAT(never_found, IsEmpty());
}

}  // namespace
}  // namespace conformance::ssm::finding_rules_test
