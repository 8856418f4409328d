#include "harness/reference/request_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/ssm/reference.h"
#include "harness/reference/service.h"
#include "harness/reference/test_support.h"
#include "harness/wire/content_coding.h"

// What the dialects make of a request's headers.
namespace harness::reference::request_headers_test {
namespace {

using testing::built_in_model;

constexpr const char* kTarget = R"({"Target":"i-1"})";

wire::Response answered(std::string_view dialect, std::vector<wire::Header> headers,
                        const char* body = kTarget) {
  ServiceOptions options;
  const NamedDialect* found = conformance::ssm::find_dialect(dialect);
  EXPECT_NE(found, nullptr);
  if (found != nullptr) options.dialect = found->dialect;
  Service service(built_in_model(), conformance::ssm::reference_service(), options);
  auto request = testing::request_for("GetConnectionStatus", body);
  for (auto& h : headers) request.headers.add(h.name, h.value);
  return service.handle(request);
}

TEST(RefusesByHeaders, WhatHttpLetsItRefuse) {
  const auto status = [](const char* name, const char* value) {
    return answered("refuses-by-headers", {{name, value}}).status;
  };
  EXPECT_EQ(status("Expect", "x"), 417);
  EXPECT_EQ(status("Expect", "100-continue"), 200);
  EXPECT_EQ(status("Range", "bytes=0-0"), 416);
  EXPECT_EQ(status("If-Match", "*"), 412);
  EXPECT_EQ(status("If-None-Match", "*"), 412);
  EXPECT_EQ(status("Accept", "text/html"), 406);
  EXPECT_EQ(status("Accept", "application/json"), 200);
  EXPECT_EQ(status("Accept-Encoding", "gzip, identity;q=0"), 406);
  EXPECT_EQ(status("Accept-Encoding", "gzip"), 200);
  EXPECT_EQ(status("Cache-Control", "only-if-cached"), 504);
  EXPECT_EQ(status("X-Unknown", "x"), 200);
}

TEST(RefusesByHeaders, RemovesWhatConnectionNames) {
  EXPECT_EQ(answered("refuses-by-headers", {{"Connection", "X-Amz-Target"}}).status, 400);
  EXPECT_EQ(answered("refuses-by-headers", {{"Connection", "close, content-type"}}).status, 415);
  EXPECT_EQ(answered("refuses-by-headers", {{"Connection", "close"}}).status, 200);
  EXPECT_EQ(answered("chunked", {{"Connection", "X-Amz-Target"}}).status, 200);
}

TEST(HeedsHeaders, WithAPartOrNothing) {
  const auto part = answered("heeds-headers", {{"Range", "bytes=0-0"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "{");
  const auto none = answered("heeds-headers", {{"If-None-Match", "*"}});
  EXPECT_EQ(none.status, 304);
  EXPECT_EQ(none.body, "");
  EXPECT_EQ(answered("heeds-headers", {{"Range", "bytes=0-0"}}, "{}").status, 400) << "errors stay whole";
}

TEST(CompressedWhenAsked, AndOnlyThen) {
  const std::string plain = answered("chunked", {}).body;
  for (const char* coding : {"gzip", "deflate"}) {
    const auto coded = answered("compressed-when-asked", {{"Accept-Encoding", coding}});
    EXPECT_EQ(coded.headers.find("Content-Encoding"), coding);
    const auto decoded = wire::decode(coding, coded.body, 10'000);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, plain);
  }
  EXPECT_EQ(
      answered("compressed-when-asked", {{"Accept-Encoding", "gzip"}}, "{}").headers.find("Content-Encoding"),
      "gzip")
      << "errors too";
  for (const char* other : {"identity", "br", "gzip;q=0", ""}) {
    const auto same = answered("compressed-when-asked", {{"Accept-Encoding", other}});
    EXPECT_FALSE(same.headers.contains("Content-Encoding")) << other;
    EXPECT_EQ(same.body, plain);
  }
  EXPECT_FALSE(answered("compressed-when-asked", {}).headers.contains("Content-Encoding"));
}

TEST(PlainPrefix, IsThatOfTheServiceAlone) {
  EXPECT_EQ(with_plain_prefix("amazonSSM.X", "AmazonSSM", "20141106"), "AmazonSSM.X");
  EXPECT_EQ(with_plain_prefix("com.amazonaws.ssm#AmazonSSM_20141106.X", "AmazonSSM", "20141106"),
            "AmazonSSM.X");
  EXPECT_EQ(with_plain_prefix("DynamoDB_20120810.X", "AmazonSSM", "20141106"), "DynamoDB_20120810.X");
  EXPECT_EQ(with_plain_prefix("X", "AmazonSSM", "20141106"), "X");
}

}  // namespace
}  // namespace harness::reference::request_headers_test
