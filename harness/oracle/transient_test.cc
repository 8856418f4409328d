#include "harness/oracle/transient.h"

#include <gmock/gmock.h>

#include "harness/oracle/judge.h"
#include "harness/oracle/test_support.h"

namespace harness::oracle::transient_test {
namespace {

using wire::Exchange;
using wire::Transport;

Exchange answer_of(int status, std::string body, wire::Headers headers = {}) {
  Exchange e;
  e.transport = Transport::answered;
  e.response.status = status;
  e.response.body = std::move(body);
  e.response.headers = std::move(headers);
  return e;
}

std::string error_body(std::string_view code) {
  return "{\"__type\":\"" + std::string(code) + "\"}";
}

TEST(Throttling, IsRecognisedByEveryNameThatServicesUse) {
  for (const char* code :
       {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown",
        "ProvisionedThroughputExceeded", "com.amazonaws.ssm#ThrottlingException:http://x/"}) {
    EXPECT_TRUE(throttling(answer_of(400, error_body(code)))) << code;
    EXPECT_TRUE(throttling(answer_of(503, error_body(code)))) << code;
  }
  EXPECT_TRUE(throttling(answer_of(429, "<html>")));
  EXPECT_TRUE(throttling(answer_of(503, "", {{"Retry-After", "1"}})));
  EXPECT_TRUE(throttling(answer_of(503, error_body("ServiceUnavailable"))));
}

TEST(Throttling, IsNoneOfTheOtherAnswers) {
  EXPECT_FALSE(throttling(answer_of(503, "busy")));
  EXPECT_FALSE(throttling(answer_of(500, error_body("ServiceUnavailable"))));
  EXPECT_FALSE(throttling(answer_of(400, error_body("ValidationException"), {{"Retry-After", "1"}})));
  EXPECT_FALSE(throttling(answer_of(400, R"({"message":"ThrottlingException"})")));
  EXPECT_FALSE(throttling(answer_of(200, error_body("ThrottlingException"))));
  Exchange hang = answer_of(429, "");
  hang.transport = Transport::timed_out;
  EXPECT_FALSE(throttling(hang));
}

TEST(Throttling, ReadsHowLongToWait) {
  using std::chrono::seconds;
  EXPECT_EQ(throttling(answer_of(429, "", {{"Retry-After", " 7 "}}))->retry_after, seconds(7));
  for (const char* odd : {"Wed, 21 Oct 2026 07:28:00 GMT", "-1", "", "1s", "99999999999999999999"}) {
    EXPECT_EQ(throttling(answer_of(429, "", {{"Retry-After", odd}}))->retry_after, std::nullopt) << odd;
  }
}

TEST(Expiry, IsToldByItsNameAlone) {
  EXPECT_TRUE(says_expired(answer_of(400, error_body("ExpiredTokenException"))));
  EXPECT_TRUE(says_expired(answer_of(403, error_body("ExpiredToken"))));
  EXPECT_FALSE(says_expired(answer_of(400, error_body("RequestExpired"))));
  EXPECT_FALSE(says_expired(answer_of(400, R"({"__type":"X","message":"ExpiredTokenException"})")));
}

TEST(Transient, SaysBothAtOnce) {
  EXPECT_TRUE(transient(answer_of(429, error_body("ExpiredToken"))).throttling);
  EXPECT_TRUE(transient(answer_of(429, error_body("ExpiredToken"))).expired);
  EXPECT_FALSE(transient(answer_of(400, error_body("X"))).throttling);
  EXPECT_FALSE(transient(answer_of(200, error_body("ExpiredToken"))).expired);
}

}  // namespace
}  // namespace harness::oracle::transient_test
