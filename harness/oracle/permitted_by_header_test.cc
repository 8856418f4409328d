#include "harness/oracle/permitted_by_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/test_support.h"

// What the headers of a request admit by HTTP, one by one, and what they do not excuse.
namespace harness::oracle::permitted_by_header_test {
namespace {

using namespace testing_support;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

constexpr const char* kConnected = R"({"Target":"i-up","Status":"connected"})";

std::string with_header(std::string_view body, std::string name, std::string value) {
  auto request = request_for("GetConnectionStatus", std::string(body));
  request.headers.add(std::move(name), std::move(value));
  return wire::to_bytes(request);
}
std::string valid_with(std::string name, std::string value) {
  return with_header(R"({"Target":"i-up"})", std::move(name), std::move(value));
}

std::vector<std::string> findings(const std::string& bytes, const wire::Exchange& exchange,
                                  Level level = Level::documented) {
  return rules(judged(bytes, exchange, world(), level));
}

struct Permitted {
  const char* name;
  const char* value;
  std::vector<int> statuses;
};

const std::vector<Permitted>& permitted() {
  static const std::vector<Permitted> all = {
      {"Expect", "x", {417}},
      {"expect", "100-continue", {417}},
      {"Range", "bytes=0-0", {206, 416}},
      {"If-Match", "*", {304, 412}},
      {"If-None-Match", "*", {304, 412}},
      {"If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT", {304, 412}},
      {"If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT", {304, 412}},
      {"If-Range", "\"x\"", {206, 412, 416}},
      {"Accept", "text/html", {406}},
      {"Accept-Charset", "utf-16", {406}},
      {"Accept-Encoding", "gzip", {406}},
      {"Accept-Language", "de", {406}},
      {"Max-Forwards", "0", {400, 404}},
      {"Referer", "http://example.com/", {403}},
      {"Origin", "http://example.com", {403}},
      {"Proxy-Authorization", "Basic eDp4", {407}},
      {"Content-Range", "bytes 0-0/1", {400}},
      {"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==", {400}},
      {"Content-Digest", "sha-256=:AAAA:", {400}},
      {"Repr-Digest", "sha-256=:AAAA:", {400}},
      {"Digest", "SHA-256=AAAA", {400}},
      {"Cache-Control", "no-store, Only-If-Cached", {504}},
      {"Early-Data", "1", {425}},
  };
  return all;
}

TEST(HeaderPermissions, WhatTheHeaderAdmitsIsNoDefectWhateverItsBody) {
  for (const auto& [name, value, statuses] : permitted()) {
    for (int status : statuses) {
      for (const Level level : {Level::rejects, Level::documented, Level::aws}) {
        EXPECT_THAT(findings(valid_with(name, value), answer(status, ""), level), IsEmpty())
            << name << " " << status;
        EXPECT_THAT(findings(valid_with(name, value), answer(status, "<html>"), level), IsEmpty())
            << name << " " << status;
      }
    }
  }
}

TEST(HeaderPermissions, TheSameStatusWithoutTheHeaderIsADefect) {
  const std::string plain = post("GetConnectionStatus", R"({"Target":"i-up"})");
  for (const auto& [name, value, statuses] : permitted()) {
    for (int status : statuses)
      EXPECT_TRUE(has_defect(judged(plain, answer(status, ""), world()))) << name << " " << status;
  }
}

TEST(HeaderPermissions, NothingElseIsExcused) {
  for (const auto& [name, value, statuses] : permitted()) {
    const std::string bytes = valid_with(name, value);
    EXPECT_THAT(findings(bytes, answer(200, kConnected)), IsEmpty()) << name;
    EXPECT_TRUE(has_defect(judged(bytes, error(409, "ValidationException"), world()))) << name;
    EXPECT_TRUE(has_defect(judged(bytes, answer(500, "{}"), world()))) << name;
    EXPECT_TRUE(has_defect(judged(bytes, unanswered(wire::Transport::closed), world()))) << name;
    EXPECT_TRUE(has_defect(judged(bytes, answer(200, "{}"), world()))) << name;
  }
}

TEST(HeaderPermissions, APartOfAnOutputIsNoRefusal) {
  const std::string invalid = with_header("{}", "Range", "bytes=0-0");
  EXPECT_THAT(findings(invalid, answer(206, "{")), ElementsAre("defect outcome/accepted"));
  EXPECT_THAT(findings(invalid, answer(416, "")), IsEmpty());
  EXPECT_THAT(findings(invalid, error(400, "ValidationException")), IsEmpty());
}

TEST(HeaderPermissions, SomeValuesAskForNothing) {
  EXPECT_TRUE(has_defect(judged(valid_with("Accept", "*/*"), answer(406, ""), world())));
  EXPECT_TRUE(has_defect(judged(valid_with("Accept-Encoding", "identity"), answer(406, ""), world())));
  EXPECT_TRUE(has_defect(judged(valid_with("Cache-Control", "no-cache"), answer(504, ""), world())));
}

TEST(HeaderPermissions, HaveASectionAndStandOnce) {
  std::set<std::string_view> names;
  for (const auto& row : header_permissions()) {
    EXPECT_TRUE(names.insert(row.header).second) << row.header;
    EXPECT_THAT(std::string(row.because), HasSubstr("RFC ")) << row.header;
    EXPECT_FALSE(row.statuses.empty()) << row.header;
  }
  std::set<std::string_view> tested;
  for (const auto& p : permitted()) {
    for (const auto* row : permissions_of({{p.name, p.value}})) tested.insert(row->header);
  }
  EXPECT_EQ(tested, names) << "every row is tested here";
}

TEST(HeaderPermissions, AreSaidAmongTheAdmissibleAnswers) {
  const auto request = classified(valid_with("Expect", "x"), world());
  EXPECT_THAT(admissible(request, Level::documented).text(), HasSubstr("417 (RFC 9110 §10.1.1"));
}

TEST(Connection, NamesWhatAnIntermediaryRemoves) {
  for (const char* name : {"X-Amz-Target", "content-type", "close, Host", "keep-alive,X-AMZ-TARGET"}) {
    const std::string bytes = valid_with("Connection", name);
    EXPECT_TRUE(classified(bytes, world()).breaks(Rule::removable_header)) << name;
    EXPECT_THAT(findings(bytes, answer(200, kConnected)), IsEmpty());
    EXPECT_THAT(findings(bytes, error(400, "UnknownOperationException")), IsEmpty());
    EXPECT_THAT(findings(bytes, answer(415, "")), IsEmpty());
    EXPECT_THAT(findings(bytes, answer(500, "")), ElementsAre("defect availability/server-error"));
    EXPECT_THAT(findings(bytes, unanswered(wire::Transport::timed_out)),
                ElementsAre("defect availability/hang"));
  }
  for (const char* name : {"close", "keep-alive", "X-Absent", "Connection", "", ","}) {
    EXPECT_FALSE(classified(valid_with("Connection", name), world()).breaks(Rule::removable_header)) << name;
  }
  EXPECT_EQ(removable_header({{"Connection", "TE"}, {"TE", "trailers"}}), "");
  EXPECT_EQ(removable_header({{"Connection", "te, x-a"}, {"TE", "trailers"}, {"X-A", "1"}}), "x-a");
}

TEST(TransferCodingsAskedForByTe, AreNotReadSoNothingIsJudged) {
  EXPECT_TRUE(classified(valid_with("TE", "gzip;q=0.5"), world()).breaks(Rule::framing));
  EXPECT_TRUE(classified(valid_with("TE", "trailers, deflate"), world()).breaks(Rule::framing));
  EXPECT_FALSE(classified(valid_with("TE", "trailers"), world()).breaks(Rule::framing));
  EXPECT_FALSE(classified(valid_with("TE", ""), world()).breaks(Rule::framing));
  EXPECT_THAT(findings(valid_with("TE", "gzip"), unanswered(wire::Transport::not_http)), IsEmpty());
}

}  // namespace
}  // namespace harness::oracle::permitted_by_header_test
