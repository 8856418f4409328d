#include "conformance/cli/aws_config.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/files/temporary_folder.h"

namespace conformance::aws_config_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Variables = std::map<std::string, std::string>;

class AwsConfigTest : public ::testing::Test {
 protected:
  std::string service_id_ = "SSM";

  void SetUp() override {
    ASSERT_NE(temporary_.path(), "");
    std::filesystem::create_directory(home_ / ".aws");
  }

  void write(const char* name, const std::string& text) { std::ofstream(home_ / ".aws" / name) << text; }

  harness::Result<AwsConfig> read(Variables variables, const std::string& profile = "",
                                  const std::string& region = "") {
    variables.emplace("HOME", home_.string());
    const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
      const auto it = variables.find(name);
      return it == variables.end() || it->second.empty() ? std::nullopt : std::optional(it->second);
    };
    harness::model::ServiceIdentity service;
    service.id = service_id_;
    return read_aws_config(environment, service, profile, region);
  }
  std::string error_of(Variables variables, const std::string& profile = "") {
    const auto config = read(std::move(variables), profile);
    return config ? "(no error)" : config.error().message;
  }
  // "id/secret/token" of the credentials found.
  std::string keys_of(Variables variables, const std::string& profile = "") {
    const auto config = read(std::move(variables), profile);
    if (!config) return config.error().message;
    if (!config->credentials) return "(none)";
    const auto& c = *config->credentials;
    return c.access_key_id + "/" + c.secret_access_key + "/" + c.session_token;
  }
  // The URL, "(none)", or what is wrong with it.
  std::string endpoint_of(Variables variables, const std::string& profile = "") {
    const auto config = read(std::move(variables), profile);
    if (!config) return config.error().message;
    if (!config->endpoint_url_problem.empty()) return config->endpoint_url_problem;
    return config->endpoint_url.value_or("(none)");
  }
  std::string region_of(Variables variables, const std::string& profile = "",
                        const std::string& option = "") {
    const auto config = read(std::move(variables), profile, option);
    return config ? config->region : config.error().message;
  }

  const harness::files::TemporaryFolder temporary_;
  const std::filesystem::path home_ = temporary_.path();
};

TEST_F(AwsConfigTest, WithNothingThereAreDefaults) {
  const auto config = read({});
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->region, "us-east-1");
  EXPECT_FALSE(config->credentials.has_value());
  EXPECT_FALSE(config->endpoint_url.has_value());
  EXPECT_FALSE(config->ca_bundle.has_value());
}

TEST_F(AwsConfigTest, WithoutAHomeToo) {
  EXPECT_TRUE(read({{"HOME", ""}}).has_value());
}

TEST_F(AwsConfigTest, TheEndpointOfTheServiceWins) {
  const auto both = read({{"AWS_ENDPOINT_URL", "http://a"}, {"AWS_ENDPOINT_URL_SSM", "http://b"}});
  EXPECT_EQ(both->endpoint_url, "http://b");
  EXPECT_EQ(both->endpoint_url_from, "AWS_ENDPOINT_URL_SSM");
  const auto one = read({{"AWS_ENDPOINT_URL", "http://a"}, {"AWS_ENDPOINT_URL_SSM", ""}});
  EXPECT_EQ(one->endpoint_url, "http://a");
  EXPECT_EQ(one->endpoint_url_from, "AWS_ENDPOINT_URL");
  EXPECT_EQ(read({{"AWS_CA_BUNDLE", "/ca.pem"}})->ca_bundle, "/ca.pem");
}

// Each place, from the last to the first, with everything behind it there too.
TEST_F(AwsConfigTest, EndpointUrlByPrecedence) {
  EXPECT_EQ(endpoint_of({}), "(none)");
  const std::string services =
      "[services local]\nsqs =\n  endpoint_url = http://sqs\nssm =\n  endpoint_url = http://ssm\n";
  write("config",
        "[default]\nendpoint_url = http://plain\n[profile p]\nendpoint_url = http://p\n" + services);
  EXPECT_EQ(endpoint_of({}), "http://plain");
  EXPECT_EQ(endpoint_of({}, "p"), "http://p");
  EXPECT_EQ(endpoint_of({{"AWS_PROFILE", "p"}}), "http://p");
  write(
      "config",
      "[default]\nendpoint_url = http://plain\nservices = local\n[profile p]\nservices = local\n" + services);
  EXPECT_EQ(endpoint_of({}), "http://ssm");
  EXPECT_EQ(endpoint_of({}, "p"), "http://ssm");
  EXPECT_EQ(endpoint_of({{"AWS_ENDPOINT_URL", "http://all"}}), "http://all");
  const Variables both = {{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_SSM", "http://service"}};
  EXPECT_EQ(endpoint_of(both), "http://service");
}

TEST_F(AwsConfigTest, AServiceOfSeveralWordsHasThemJoinedByUnderscores) {
  service_id_ = "CloudWatch Logs";
  write("config", "[default]\nservices = s\n[services s]\ncloudwatch_logs =\n  endpoint_url = http://logs\n");
  EXPECT_EQ(endpoint_of({{"AWS_ENDPOINT_URL_SSM", "http://ssm"}}), "http://logs");
  EXPECT_EQ(endpoint_of({{"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://variable"}}), "http://variable");
}

TEST_F(AwsConfigTest, EndpointUrlsMayBeIgnored) {
  const std::string urls = "endpoint_url = http://plain\nservices = s\n";
  const std::string services = "[services s]\nssm =\n  endpoint_url = http://ssm\n";
  write("config",
        "[default]\n" + urls + "[profile p]\nignore_configured_endpoint_urls = True\n" + urls + services);
  Variables all = {{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_SSM", "http://service"}};
  EXPECT_EQ(endpoint_of(all, "p"), "(none)");
  EXPECT_EQ(endpoint_of({}, "p"), "(none)");
  all["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false";
  EXPECT_EQ(endpoint_of(all, "p"), "http://service") << "the environment wins over the profile";
  all["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
  EXPECT_EQ(endpoint_of(all), "(none)");
  for (const char* value : {"yes", "1", "0", "truee"}) {
    all["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = value;
    EXPECT_THAT(endpoint_of(all),
                AllOf(HasSubstr("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), HasSubstr("true or false")));
  }
}

TEST_F(AwsConfigTest, ServicesWithoutSsmLeaveTheProfileItsUrl) {
  write("config",
        "[default]\nendpoint_url = http://plain\nservices = s\n[services s]\ns3 =\n  endpoint_url = "
        "http://s3\n");
  EXPECT_EQ(endpoint_of({}), "http://plain");
  write("config",
        "[default]\nendpoint_url = http://plain\nservices = s\n[services s]\nssm =\n  addressing = x\n");
  EXPECT_EQ(endpoint_of({}), "http://plain");
  write("config", "[default]\nssm =\n  endpoint_url = http://in-the-profile\n");
  EXPECT_EQ(endpoint_of({}), "(none)") << "SDKs look for it below services only";
  // Both files make one profile, of which the credentials file has the first say.
  write("credentials", "[default]\nendpoint_url = http://credentials\n");
  write("config", "[default]\nendpoint_url = http://plain\n");
  EXPECT_EQ(endpoint_of({}), "http://credentials");
}

TEST_F(AwsConfigTest, SaysWhereTheEndpointUrlStands) {
  write("config",
        "[profile p]\nendpoint_url = http://plain\n[default]\nservices = s\n[services "
        "s]\nssm=\n\tendpoint_url=http://ssm\n");
  EXPECT_THAT(read({}, "p")->endpoint_url_from,
              ::testing::EndsWith("/.aws/config: profile \"p\": endpoint_url"));
  EXPECT_THAT(read({})->endpoint_url_from,
              ::testing::EndsWith("/.aws/config: services \"s\": ssm: endpoint_url"));
}

TEST_F(AwsConfigTest, ServicesThatCannotBeMeant) {
  write("config",
        "[default]\nservices = nobody\nendpoint_url = http://plain\n[services s]\nssm =\nendpoint_url = "
        "http://ssm\n[profile p]\nservices = s\n");
  EXPECT_THAT(endpoint_of({}),
              AllOf(HasSubstr("services \"nobody\""), HasSubstr("no section [services nobody]")));
  EXPECT_EQ(endpoint_of({{"AWS_ENDPOINT_URL", "http://all"}}), "http://all") << "then nobody asks for it";
  EXPECT_THAT(endpoint_of({}, "p"), HasSubstr("must stand further in, below `ssm =`"));
  write("config", "[default]\nservices = s\n[services s]\nssm = http://ssm\n");
  EXPECT_THAT(endpoint_of({}), HasSubstr("endpoint_url must stand further in, below `ssm =`"));
}

TEST_F(AwsConfigTest, RegionByPrecedence) {
  write("config", "[default]\nregion = from-default\n[profile work]\nregion = from-work\n");
  const Variables all = {{"AWS_REGION", "from-region"}, {"AWS_DEFAULT_REGION", "from-older"}};
  EXPECT_EQ(region_of(all, "", "from-option"), "from-option");
  EXPECT_EQ(region_of(all), "from-region");
  EXPECT_EQ(region_of({{"AWS_DEFAULT_REGION", "from-older"}}), "from-older");
  EXPECT_EQ(region_of({}), "from-default");
  EXPECT_EQ(region_of({}, "work"), "from-work");
  EXPECT_EQ(region_of({{"AWS_PROFILE", "work"}}), "from-work");
}

TEST_F(AwsConfigTest, KeysByPrecedence) {
  write("credentials",
        "[default]\naws_access_key_id = D\naws_secret_access_key = d\n"
        "[work]\naws_access_key_id=W\naws_secret_access_key=w\naws_session_token=t\n");
  write("config",
        "[profile configured]\naws_access_key_id = C\naws_secret_access_key = c\n"
        "[profile work]\naws_access_key_id = X\naws_secret_access_key = x\n");
  const Variables environment = {{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}};
  EXPECT_EQ(keys_of({}), "D/d/");
  EXPECT_EQ(keys_of({{"AWS_PROFILE", "work"}}), "W/w/t") << "the credentials file wins over the config file";
  EXPECT_EQ(keys_of({}, "configured"), "C/c/");
  EXPECT_EQ(keys_of(environment), "E/e/");
  EXPECT_EQ(keys_of({{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}, {"AWS_SESSION_TOKEN", "s"}}),
            "E/e/s");
  EXPECT_EQ(keys_of({{"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e"}, {"AWS_PROFILE", "work"}}),
            "E/e/")
      << "as with the SDKs, keys in the environment win over AWS_PROFILE";
  EXPECT_EQ(keys_of(environment, "work"), "W/w/t")
      << "as with the AWS CLI, --profile wins over the environment";
}

TEST_F(AwsConfigTest, FilesMayBeElsewhere) {
  write("elsewhere", "[default]\naws_access_key_id = F\naws_secret_access_key = f\n");
  EXPECT_EQ(keys_of({{"AWS_SHARED_CREDENTIALS_FILE", (home_ / ".aws/elsewhere").string()}}), "F/f/");
  write("configured", "[profile p]\nregion = r\n");
  EXPECT_EQ(region_of({{"AWS_CONFIG_FILE", (home_ / ".aws/configured").string()}}, "p"), "r");
}

TEST_F(AwsConfigTest, AProfileThatIsNotThere) {
  EXPECT_THAT(error_of({}, "nobody"), AllOf(HasSubstr("\"nobody\""), HasSubstr(".aws/credentials")));
  EXPECT_THAT(error_of({{"AWS_PROFILE", "nobody"}}), HasSubstr("\"nobody\""));
  write("config", "[nobody]\nregion = x\n");
  EXPECT_THAT(error_of({}, "nobody"), HasSubstr("\"nobody\"")) << "in the config file it is [profile nobody]";
}

TEST_F(AwsConfigTest, HalfOfAKeyPair) {
  EXPECT_THAT(error_of({{"AWS_ACCESS_KEY_ID", "E"}}), HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
  EXPECT_THAT(error_of({{"AWS_SECRET_ACCESS_KEY", "very secret"}}),
              AllOf(HasSubstr("AWS_ACCESS_KEY_ID is not"), Not(HasSubstr("very secret"))));
  write("credentials", "[default]\naws_access_key_id = D\n");
  EXPECT_THAT(error_of({}), HasSubstr("aws_secret_access_key"));
  write("credentials", "[default]\naws_secret_access_key = very secret\n");
  EXPECT_THAT(error_of({}), AllOf(HasSubstr("no aws_access_key_id"), Not(HasSubstr("very secret"))));
}

TEST_F(AwsConfigTest, WhatNoHeaderCanCarry) {
  for (const std::string region : {"a b", "a/b", "x\ny", "\xc3\xa9"}) {
    EXPECT_THAT(error_of({{"AWS_REGION", region}}), HasSubstr("AWS_REGION")) << region;
  }
  write("config", "[default]\nregion = a b\n");
  EXPECT_THAT(error_of({}), AllOf(HasSubstr(".aws/config"), HasSubstr("region \"a b\"")));
  Variables keys = {{"AWS_REGION", "r"}, {"AWS_ACCESS_KEY_ID", "E"}, {"AWS_SECRET_ACCESS_KEY", "e+/="}};
  EXPECT_EQ(error_of(keys), "(no error)");
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    Variables wrong = keys;
    wrong[name] = "hidden\nX: y";
    EXPECT_THAT(error_of(wrong), AllOf(HasSubstr(name), HasSubstr("character 7"), Not(HasSubstr("hidden"))));
  }
}

TEST_F(AwsConfigTest, KeysThatOnlyAnSdkCanFetchAreNotReplacedUnseen) {
  write("config",
        "[default]\nsso_session = x\n[profile a]\nsource_profile = b\nrole_arn = r\n"
        "[profile b]\nsource_profile = a\nrole_arn = r\n");
  EXPECT_THAT(read({}, "a")->keys_problem, HasSubstr("role_arn"));
  EXPECT_EQ(read({})->keys_problem, "") << "nobody asked for this profile";
}

TEST_F(AwsConfigTest, AFileThatCannotBeParsedIsNamedWithItsLine) {
  write("credentials", "[default]\naws_access_key_id = D\nnonsense\n");
  EXPECT_THAT(error_of({}), AllOf(HasSubstr(".aws/credentials: line 3"), Not(HasSubstr("nonsense"))));
  for (const auto& [text, problem] : {std::pair{std::string("x = y\n"), "before the first"},
                                      {"[default\n", "without its"},
                                      {"[]\n", "without a name"},
                                      {"[a]\n = b\n", "no name"},
                                      {std::string("[a]\nb\0c = d\n", 11), "control characters"}}) {
    write("credentials", text);
    EXPECT_THAT(error_of({}), HasSubstr(problem));
  }
  std::filesystem::remove(home_ / ".aws/credentials");
  std::filesystem::create_directory(home_ / ".aws/credentials");
  EXPECT_THAT(error_of({}), HasSubstr("is a folder"));
  EXPECT_THAT(error_of({{"AWS_SHARED_CREDENTIALS_FILE", "/dev/zero"}}),
              HasSubstr("AWS_SHARED_CREDENTIALS_FILE /dev/zero: larger than"));
}

// What real files hold: the format's comments, blanks, nested sections and windows line ends.
TEST_F(AwsConfigTest, RealFilesAreRead) {
  write(
      "config",
      "# a comment\n; another\n\n[default]\nregion=eu-west-1\noutput = json\ns3 =\n    max_queue_size = 10\n"
      "\n[sso-session x]\nsso_region = us-east-1\n");
  EXPECT_EQ(region_of({}), "eu-west-1");
  write("config",
        "\xEF\xBB\xBF[default]\ns3 =\n  endpoint_url = a\nec2 =\n  endpoint_url = b\n[profile   "
        "two]\nRegion=two\n"
        "[default]\nregion = later # kept\nregion = last\n[profile \"with blank\"]\n  region = three\n  "
        "output = x\n");
  EXPECT_EQ(region_of({}), "last");
  EXPECT_EQ(region_of({}, "two"), "two");
  EXPECT_EQ(region_of({}, "with blank"), "three");
  write("config", "[default]\r\nregion = eu-west-3\r\n");
  EXPECT_EQ(region_of({}), "eu-west-3");
}

}  // namespace
}  // namespace conformance::aws_config_test
