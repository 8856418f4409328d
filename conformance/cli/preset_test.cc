#include "conformance/cli/preset.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "harness/files/temporary_folder.h"

namespace conformance::preset_test {
namespace {

using ::testing::HasSubstr;

// An environment of these variables alone.
Environment environment(std::map<std::string, std::string> variables) {
  return [v = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto it = v.find(name);
    if (it == v.end()) return std::nullopt;
    return it->second;
  };
}

class PresetTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::filesystem::perms perms = std::filesystem::perms::owner_read) {
    const auto file = std::filesystem::path(folder_.path()) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "#!/bin/sh\n";
    std::filesystem::permissions(file, perms, std::filesystem::perm_options::add);
  }
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

  harness::files::TemporaryFolder folder_;
};

TEST_F(PresetTest, WhatIsOnThePathIsStarted) {
  write("bin/moto_server", std::filesystem::perms::owner_exec);
  EndpointOptions o;
  o.target = "moto";
  const auto filled = with_preset(o, environment({{"PATH", "/nowhere:" + path("bin")}}));
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->spawn, "moto_server -H 127.0.0.1 -p {port}");
  EXPECT_EQ(filled->endpoint_url, "http://127.0.0.1:{port}");
}

TEST_F(PresetTest, WhatIsNotIsLookedForAtItsUsualAddress) {
  write("bin/moto_server");  // no program
  std::filesystem::create_directories(path("bin/ministack"));
  for (const auto& [name, url] :
       {std::pair{"moto", "http://127.0.0.1:5000"}, std::pair{"ministack", "http://127.0.0.1:4566"},
        std::pair{"aws-emulator", "https://127.0.0.1:9297"}}) {
    EndpointOptions o;
    o.target = name;
    for (const auto& env : {environment({{"PATH", path("bin")}}), environment({})}) {
      const auto filled = with_preset(o, env);
      ASSERT_TRUE(filled) << name;
      EXPECT_EQ(filled->spawn, "") << name;
      EXPECT_EQ(filled->endpoint_url, url);
    }
  }
}

TEST_F(PresetTest, WhatIsGivenStays) {
  write("bin/moto_server", std::filesystem::perms::owner_exec);
  const auto env = environment({{"PATH", path("bin")}});
  EndpointOptions at;
  at.target = "moto";
  at.endpoint_url = "http://127.0.0.1:5001/x";
  const auto there = with_preset(at, env);
  ASSERT_TRUE(there);
  EXPECT_EQ(there->spawn, "") << "what is named by its URL is running";
  EXPECT_EQ(there->endpoint_url, at.endpoint_url);

  EndpointOptions other;
  other.target = "aws-emulator";
  other.spawn = "mine {port}";
  const auto mine = with_preset(other, env);
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->spawn, "mine {port}");
  EXPECT_EQ(mine->endpoint_url, "https://127.0.0.1:{port}");
}

TEST(Presets, NobodyOfThatName) {
  EndpointOptions o;
  o.target = "Mottto";
  const auto filled = with_preset(o, environment({}));
  ASSERT_FALSE(filled);
  EXPECT_THAT(filled.error().message, HasSubstr("the nearest is moto"));
}

TEST(Presets, WithoutOneNothingChanges) {
  EndpointOptions o;
  o.spawn = "a {port}";
  const auto filled = with_preset(o, environment({}));
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->spawn, o.spawn);
  EXPECT_EQ(filled->endpoint_url, "");
}

TEST(Presets, EachCommandHasItsPort) {
  for (const Preset& p : presets()) {
    EXPECT_TRUE(has_port(p.command)) << p.name;
    EXPECT_THAT(std::string(p.command), HasSubstr(std::string(p.program)));
  }
}

TEST_F(PresetTest, KeysOfItsOwnComeBeforeTheUsers) {
  const auto emulator = find_preset("aws-emulator");
  ASSERT_TRUE(emulator);
  const auto users = environment({{"HOME", folder_.path()},
                                  {"AWS_ACCESS_KEY_ID", "users"},
                                  {"AWS_CA_BUNDLE", "users.pem"},
                                  {"AWS_REGION", "eu-central-1"}});
  const auto none = with_keys_of(**emulator, "9300", users);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr(path(".aws/emulator/9300/ca.pem")));

  write(".aws/emulator/9300/ca.pem");
  const auto unsigned_too = with_keys_of(**emulator, "9300", users);
  ASSERT_TRUE(unsigned_too);
  EXPECT_EQ((*unsigned_too)("AWS_CA_BUNDLE"), path(".aws/emulator/9300/ca.pem"));
  EXPECT_EQ((*unsigned_too)("AWS_ACCESS_KEY_ID"), "users");

  write(".aws/emulator/9300/emulator_credentials");
  const auto both = with_keys_of(**emulator, "9300", users);
  ASSERT_TRUE(both);
  EXPECT_EQ((*both)("AWS_SHARED_CREDENTIALS_FILE"), path(".aws/emulator/9300/emulator_credentials"));
  EXPECT_EQ((*both)("AWS_ACCESS_KEY_ID"), std::nullopt);
  EXPECT_EQ((*both)("AWS_REGION"), "eu-central-1");
}

}  // namespace
}  // namespace conformance::preset_test
