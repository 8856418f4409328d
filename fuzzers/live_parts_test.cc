// What the live targets read: configuration, bytes that are several requests, lengths.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "fuzzers/declared_size.h"
#include "fuzzers/live_config.h"
#include "fuzzers/live_test_support.h"
#include "fuzzers/split_bytes.h"

namespace fuzzers::live_parts_test {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

TEST(SplitBytes, CutsWhatIsWellFormed) {
  const std::string one = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
  const std::string chunked =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto cut = [](const std::string& bytes) {
    const auto s = split_requests(bytes);
    return std::pair(s.requests.size(), std::string(s.rest));
  };
  EXPECT_EQ(cut(one), std::pair(std::size_t{1}, std::string()));
  EXPECT_EQ(cut(one + chunked + get), std::pair(std::size_t{3}, std::string()));
  EXPECT_EQ(cut(one + "GET"), std::pair(std::size_t{1}, std::string("GET")));
  const std::string both =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  EXPECT_EQ(cut(both), std::pair(std::size_t{0}, both));
  EXPECT_EQ(cut(one.substr(0, one.size() - 1)).first, 0U);
  EXPECT_EQ(cut("").first, 0U);
}

TEST(DeclaredSize, IsCapped) {
  EXPECT_FALSE(declares_too_much("POST / HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n"));
  EXPECT_TRUE(declares_too_much("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"));
  EXPECT_TRUE(declares_too_much("POST / HTTP/1.1\ncontent-LENGTH : +18446744073709551615\n\n"));
  EXPECT_TRUE(declares_too_much("a: chunked\r\n\r\nfffffff\r\n"));
  EXPECT_FALSE(declares_too_much("a: chunked\r\n\r\nffff\r\n"));
}

conformance::Environment environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto it = values.find(name);
    return it == values.end() ? std::nullopt : std::optional(it->second);
  };
}

tl::expected<LiveConfig, LiveProblem> read(const conformance::Environment& variables,
                                           bool needs_other_url = false) {
  harness::model::ServiceIdentity service;
  service.id = "SSM";
  service.signing_name = "ssm";
  return read_live_config(variables, service, data().catalogue, needs_other_url);
}

TEST(LiveConfig, SaysWhatIsMissing) {
  const auto nothing = read(environment({}));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().exit_status, 2);
  EXPECT_THAT(nothing.error().message, HasSubstr("AWS_ENDPOINT_URL_SSM"));
  EXPECT_FALSE(read(environment({{"SSM_FUZZ_SPAWN", "server"}})));
  EXPECT_FALSE(read(environment({{"AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1"}}), true));
  EXPECT_FALSE(
      read(environment({{"AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1"}, {"SSM_FUZZ_TIMEOUT", "x"}})));
}

TEST(LiveConfig, SaysThatUrlsAreIgnored) {
  const auto config = read(environment(
      {{"AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}));
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().message, HasSubstr("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));
}

TEST(LiveConfig, RefusesAws) {
  for (const char* url :
       {"https://ssm.us-east-1.amazonaws.com", "https://SSM.eu-west-1.AmazonAWS.com.:443"}) {
    const auto config = read(environment({{"AWS_ENDPOINT_URL_SSM", url}}));
    ASSERT_FALSE(config) << url;
    EXPECT_THAT(config.error().message, HasSubstr("never fuzzed"));
  }
  EXPECT_FALSE(read(environment({{"AWS_ENDPOINT_URL", "http://127.0.0.1:1"},
                                 {"SSM_FUZZ_OTHER_URL", "https://ssm.us-east-1.amazonaws.com"}}),
                    true));
}

TEST(LiveConfig, ASpawnedEndpointMayLiveUnderAPath) {
  const auto url_of = [](const char* url) {
    const auto config =
        read(environment({{"SSM_FUZZ_SPAWN", "server {port}"}, {"AWS_ENDPOINT_URL_SSM", url}}));
    return config ? config->network.url : config.error().message;
  };
  EXPECT_EQ(url_of("http://127.0.0.1:{port}/aws"), "http://127.0.0.1:{port}/aws");
  EXPECT_EQ(url_of("http://127.0.0.1:4566/aws"), "") << "of another endpoint";
  EXPECT_THAT(url_of("http://127.0.0.1:{port}/?x"), HasSubstr("AWS_ENDPOINT_URL_SSM: endpoint URL"));
}

TEST(LiveConfig, ReadsTheEnvironment) {
  const auto config = read(environment({{"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"},
                                        {"SSM_FINDINGS_DIR", "here"},
                                        {"SSM_FUZZ_ABORT", "1"},
                                        {"SSM_FUZZ_NO_NOVELTY", "1"},
                                        {"SSM_FUZZ_NO_JSON", "0"},
                                        {"SSM_FUZZ_DOCUMENT", "Mine"},
                                        {"SSM_FUZZ_CONNECTED_NODE", "i-1"},
                                        {"SSM_FUZZ_TIMEOUT", "2.5"}}));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->network.url, "http://127.0.0.1:4566");
  EXPECT_EQ(config->findings, "here");
  EXPECT_TRUE(config->abort);
  EXPECT_FALSE(config->novelty);
  EXPECT_TRUE(config->json);
  EXPECT_EQ(config->network.timeout, 2500ms);
  EXPECT_EQ(config->given, (harness::run::Given{{"document", "Mine"}, {"node", "i-1"}}));
  EXPECT_EQ(config->signing->credentials.access_key_id, "test");
}

}  // namespace
}  // namespace fuzzers::live_parts_test
