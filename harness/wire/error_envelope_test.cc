#include "harness/wire/error_envelope.h"

#include <gtest/gtest.h>

namespace harness::wire::error_envelope_test {
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

TEST(ErrorEnvelope, ReadsTheSameFromTheResponseAlone) {
  const std::string deep = std::string(70, '[') + std::string(70, ']');
  const std::string bodies[] = {
      R"({"__type":"a#X:u","code":"c#Y","message":"m","Message":"M"})",
      R"({"Message":"M"})",
      R"({"__type":"X","__type":"Y"})",
      R"({"__type":"X","__type":1})",
      R"({"message":null,"Message":"M","message":"m"})",
      R"({"__type":1,"code":[],"message":{}})",
      R"({"__type":"\u0058","message":"\ud800"})",
      R"({"__ty\u0070e":"X"})",
      R"({"__type":"tab\tquote\"slash\/"})",
      R"({"__type":"X","n":1e999,"m":123456789012345678901234567890})",
      R"({"__type":"X","a":)" + deep + "}",
      R"( {"__type" : "X"} )",
      "{\"__type\":\"\xff\"}",
      "\xEF\xBB\xBF{\"__type\":\"X\"}",
      std::string("{\"__type\":\"X\"}\0", 15),
      R"({"__type":"X"}})",
      R"({"__type":"X")",
      R"({'__type':'X'})",
      R"({"__type":"X",})",
      R"({"__type":01})",
      R"({"n":1.,"__type":"X"})",
      R"({"n":-,"__type":"X"})",
      R"(["__type"])",
      R"("X")",
      "null",
      "{}",
      "",
      " ",
      R"({"message":")" + std::string(100 * 1024, 'x') + R"("})",
  };
  int objects = 0;
  for (const std::string& body : bodies) {
    Response response;
    response.status = 400;
    response.headers = {{"X-Amzn-ErrorType", "Z:u"}};
    response.body = body;
    const auto parsed = parse_json(body);
    const auto read = read_error_envelope(response);
    ASSERT_EQ(read.has_value(), parsed && parsed->value.is_object()) << body.substr(0, 100);
    if (!read) continue;
    ++objects;
    EXPECT_EQ(*read, read_error_envelope(response, parsed->value)) << body.substr(0, 100);
  }
  EXPECT_GT(objects, 10);
}

}  // namespace
}  // namespace harness::wire::error_envelope_test
