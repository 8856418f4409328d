#include "conformance/ssm/documents/reference_content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance::ssm::documents {
namespace {

using harness::wire::Json;

Json yaml(const std::string& text) {
  const auto read = read_content(text, "YAML", "Command");
  return read ? *read : Json(read.error().code);
}

TEST(Content, YamlHasTheTypesOfItsCoreSchema) {
  EXPECT_EQ(
      yaml("a: 1\nb: 1.5\nc: true\nd: null\ne: text\nf: \"1\"\ng: '2.2'\nh: [1, x]\ni: {j: ~}\n"),
      Json::parse(
          R"({"a":1,"b":1.5,"c":true,"d":null,"e":"text","f":"1","g":"2.2","h":[1,"x"],"i":{"j":null}})"));
  EXPECT_EQ(yaml("a: nan\nb: inf\nc: 1e3\nd: 2016-01-01\n"),
            Json::parse(R"({"a":"nan","b":"inf","c":1000.0,"d":"2016-01-01"})"));
}

TEST(Content, WhatIsNoObjectIsRefused) {
  for (const char* text : {"", "[1]", "text", "a: [", "{a: b", "? [x]\n: y"})
    EXPECT_EQ(yaml(text), "InvalidDocumentContent") << text;
  for (const char* text : {"", "[1]", "\"text\"", "{", "{}x"}) {
    const auto read = read_content(text, "JSON", "Command");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "InvalidDocumentContent") << text;
  }
}

// A small text that stands for a large value.
TEST(Content, AliasesMakeNoValueWithoutEnd) {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 40; ++i)
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + ", *a" +
            std::to_string(i - 1) + "]\n";
  EXPECT_EQ(yaml(text), "InvalidDocumentContent");
  EXPECT_EQ(yaml(std::string(5000, '[')), "InvalidDocumentContent");
}

TEST(Content, SchemaVersionsLookLikeOnes) {
  EXPECT_EQ(yaml("schemaVersion: '2.2'"), Json::parse(R"({"schemaVersion":"2.2"})"));
  EXPECT_EQ(yaml("schemaVersion: two"), "InvalidDocumentSchemaVersion");
}

TEST(Content, ARunbookDeclaresWhatItUses) {
  const auto code = [](const std::string& text, const char* type) {
    const auto read = read_content(text, "YAML", type);
    return read ? std::string() : read.error().code;
  };
  const std::string uses = "schemaVersion: '0.3'\nmainSteps: [{name: x, inputs: {Duration: '{{ Wait }}'}}]\n";
  EXPECT_EQ(code(uses, "Automation"), "InvalidDocumentContent");
  EXPECT_EQ(code(uses + "parameters: {Wait: {type: String}}\n", "Automation"), "");
  EXPECT_EQ(code(uses, "Command"), "");
  EXPECT_EQ(code("a: '{{ global:REGION }} {{ step.Output }} {{ open'", "Automation"), "");
}

TEST(Content, WhatIsWrittenAsYamlIsReadAgain) {
  const Json value =
      Json::parse(R"({"a":[1,true,null,"x: y"],"b":{"c":"1","d":"line\nline"},"e":[],"f":{}})");
  EXPECT_EQ(yaml(write_content(value, "YAML")), value);
  EXPECT_EQ(Json::parse(write_content(value, "JSON")), value);
}

}  // namespace
}  // namespace conformance::ssm::documents
