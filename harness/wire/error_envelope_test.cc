#include "harness/wire/error_envelope.h"

#include <gtest/gtest.h>

namespace harness::wire {
namespace {

ErrorEnvelope read(const char* body, Headers headers = {}) {
  Response response;
  response.status = 400;
  response.headers = std::move(headers);
  response.body = body;
  return read_error_envelope(response, parse_json(body)->value);
}

TEST(ResolveErrorName, CutsAtTheColonThenKeepsWhatFollowsTheHash) {
  EXPECT_EQ(resolve_error_name("ValidationException"), "ValidationException");
  EXPECT_EQ(resolve_error_name("ValidationException:http://internal/coral/"), "ValidationException");
  EXPECT_EQ(resolve_error_name("com.amazonaws.ssm#ValidationException"), "ValidationException");
  EXPECT_EQ(resolve_error_name("com.amazonaws.ssm#ValidationException:http://x/#Other"),
            "ValidationException");
  EXPECT_EQ(resolve_error_name("http://x/#ValidationException"), "http");
  EXPECT_EQ(resolve_error_name("a#b#c"), "b#c");
  EXPECT_EQ(resolve_error_name(""), "");
  EXPECT_EQ(resolve_error_name("ns#"), "");
}

TEST(ErrorEnvelope, ReadsEachCarrierResolved) {
  const auto envelope =
      read(R"({"__type":"a#X:u","code":"c#Y","message":"m","Message":"M"})", {{"x-amzn-errortype", "Z:u"}});
  EXPECT_EQ(envelope.body_type, "X");
  EXPECT_EQ(envelope.body_code, "Y");
  EXPECT_EQ(envelope.header_type, "Z");
  EXPECT_EQ(envelope.message, "m");
}

TEST(ErrorEnvelope, PrefersTheTypeThenTheHeaderThenTheCode) {
  EXPECT_EQ(read(R"({"__type":"X","code":"Y"})", {{"X-Amzn-ErrorType", "Z"}}).name(), "X");
  EXPECT_EQ(read(R"({"code":"Y"})", {{"X-Amzn-ErrorType", "Z"}}).name(), "Z");
  EXPECT_EQ(read(R"({"code":"Y"})").name(), "Y");
  EXPECT_EQ(read("{}").name(), "");
}

TEST(ErrorEnvelope, CarriersAgreeOnlyIfAllThatArePresentDo) {
  EXPECT_TRUE(read("{}").carriers_agree());
  EXPECT_TRUE(read(R"({"__type":"n#X","code":"X:u"})", {{"X-Amzn-Errortype", "X:v"}}).carriers_agree());
  EXPECT_TRUE(read(R"({"code":"X"})", {{"X-Amzn-Errortype", "X"}}).carriers_agree());
  EXPECT_FALSE(read(R"({"__type":"X","code":"Y"})").carriers_agree());
  EXPECT_FALSE(read(R"({"__type":"X"})", {{"X-Amzn-Errortype", "Y"}}).carriers_agree());
  EXPECT_FALSE(read(R"({"code":"X"})", {{"X-Amzn-Errortype", "Y"}}).carriers_agree());
  EXPECT_FALSE(read(R"({"__type":"","code":"Y"})").carriers_agree());
}

TEST(ErrorEnvelope, TakesACarrierThatIsNoStringForAbsent) {
  const auto envelope = read(R"({"__type":1,"code":null,"message":["m"],"Message":"M"})");
  EXPECT_EQ(envelope.body_type, std::nullopt);
  EXPECT_EQ(envelope.body_code, std::nullopt);
  EXPECT_EQ(envelope.header_type, std::nullopt);
  EXPECT_EQ(envelope.message, "M");
}

TEST(ErrorEnvelope, AcceptsAnyJsonValueAsBody) {
  for (const char* body : {"null", "[]", "\"__type\"", "7", R"([{"__type":"X"}])"}) {
    const auto envelope = read(body, {{"X-Amzn-Errortype", "Z"}});
    EXPECT_EQ(envelope.body_type, std::nullopt) << body;
    EXPECT_EQ(envelope.message, std::nullopt) << body;
    EXPECT_EQ(envelope.name(), "Z") << body;
  }
}

}  // namespace
}  // namespace harness::wire
