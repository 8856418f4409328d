#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/endpoint/network.h"

namespace harness::endpoint::network_url_test {
namespace {

using ::testing::HasSubstr;

struct Good {
  std::string url;
  bool tls;
  std::string host, port, authority;
};

TEST(NetworkUrl, ReadsWhatPeopleWrite) {
  const Good goods[] = {
      {"http://127.0.0.1:4566", false, "127.0.0.1", "4566", "127.0.0.1:4566"},
      {"http://127.0.0.1:4566/", false, "127.0.0.1", "4566", "127.0.0.1:4566"},
      {"https://[::1]:9297/", true, "::1", "9297", "[::1]:9297"},
      {"http://[::1]", false, "::1", "80", "[::1]"},
      {"http://localhost", false, "localhost", "80", "localhost"},
      {"http://localhost:", false, "localhost", "80", "localhost"},
      {"http://localhost:80", false, "localhost", "80", "localhost"},
      {"https://localhost:80", true, "localhost", "80", "localhost:80"},
      {"HTTPS://ssm.eu-west-1.example.test", true, "ssm.eu-west-1.example.test", "443",
       "ssm.eu-west-1.example.test"},
      {"http://a_container:00080", false, "a_container", "80", "a_container"},
      {"http://host:65535", false, "host", "65535", "host:65535"},
  };
  for (const auto& good : goods) {
    SCOPED_TRACE(good.url);
    const auto parts = parse_endpoint_url(good.url);
    ASSERT_TRUE(parts) << parts.error().message;
    EXPECT_EQ(parts->tls, good.tls);
    EXPECT_EQ(parts->host, good.host);
    EXPECT_EQ(parts->port, good.port);
    EXPECT_EQ(parts->authority, good.authority);
  }
}

TEST(NetworkUrl, KeepsThePathWithoutTheSlashAtItsEnd) {
  const std::pair<std::string, std::string> paths[] = {
      {"", ""},
      {"/", ""},
      {"//", ""},
      {"/aws", "/aws"},
      {"/aws/", "/aws"},
      {"/a//", "/a"},
      {"/a/b", "/a/b"},
      {"/%2e%2F", "/%2e%2F"},
      {"/a:b@c;d=(e)", "/a:b@c;d=(e)"},
      {"//a", "//a"},
  };
  for (const auto& [path, base_path] : paths) {
    SCOPED_TRACE(path);
    const auto parts = parse_endpoint_url("https://[::1]:4566" + path);
    ASSERT_TRUE(parts) << parts.error().message;
    EXPECT_EQ(parts->base_path, base_path);
    EXPECT_EQ(parts->authority, "[::1]:4566");
    EXPECT_EQ(parts->text(), "https://[::1]:4566" + base_path);
  }
  EXPECT_TRUE(parse_endpoint_url("http://h/" + std::string(999, 'a')));
  const auto longer = parse_endpoint_url("http://h/" + std::string(1000, 'a'));
  ASSERT_FALSE(longer);
  EXPECT_THAT(longer.error().message, HasSubstr("longer than 1,000"));
}

TEST(NetworkUrl, RefusesTheRestAndSaysWhy) {
  const std::pair<std::string, std::string> bads[] = {
      {"", "not a URL"},
      {"127.0.0.1:4566", "not a URL"},
      {"localhost:4566", "scheme must be http or https"},
      {"ftp://localhost", "scheme must be http or https"},
      {"http:", "no host"},
      {"http://", "neither a name nor an IP address"},
      {"http://:4566", "neither a name nor an IP address"},
      {"http://a%0d%0ab", "neither a name nor an IP address"},
      {"http://localhost/a b", "not a URL"},
      {"http://localhost/aws?x", "query"},
      {"http://localhost/aws#x", "fragment"},
      {"http://localhost:4566aws/", "port"},
      {"http://localhost?x=1", "query"},
      {"http://localhost/#x", "fragment"},
      {"http://localhost:0", "port"},
      {"http://localhost:65536", "port"},
      {"http://localhost:99999999999999999999", "port"},
      {"http://localhost:http", "port"},
      {"http://localhost:-1", "port"},
      {"http://local host", "not a URL"},
      {"http://[::1", "not a URL"},
  };
  for (const auto& [url, why] : bads) {
    SCOPED_TRACE(url);
    const auto parts = parse_endpoint_url(url);
    ASSERT_FALSE(parts);
    EXPECT_THAT(parts.error().message, HasSubstr("\"" + url + "\""));
    EXPECT_THAT(parts.error().message, HasSubstr(why));
  }
}

TEST(NetworkUrl, AnErrorIsOneHarmlessLine) {
  const auto parts = parse_endpoint_url("http://a\n\x1b[2J\xff");
  ASSERT_FALSE(parts);
  EXPECT_THAT(parts.error().message, HasSubstr("\"http://a\\n\\x1b[2J\\xff\": not a URL"));
  EXPECT_LT(parse_endpoint_url(std::string(100'000, 'x')).error().message.size(), 400U);
}

TEST(NetworkUrl, AnErrorKeepsAPasswordToItself) {
  for (const char* url : {"https://me@localhost:4566", "https://me:secret@localhost:4566"}) {
    const auto parts = parse_endpoint_url(url);
    ASSERT_FALSE(parts);
    EXPECT_EQ(parts.error().message,
              "endpoint URL \"https://...@localhost:4566\": a user or password is not supported");
  }
}

}  // namespace
}  // namespace harness::endpoint::network_url_test
