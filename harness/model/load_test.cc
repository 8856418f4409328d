#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/model.h"

// The two loaders: what they refuse and what they say then, and that both forms of one model are one model.
namespace harness::model::load_test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kSmithy = R"json({"smithy": "2.0", "shapes": {
  "a.b#Widgets": {"type": "service", "version": "1"},
  "a.b#Put": {"type": "operation", "input": {"target": "a.b#PutIn"}, "output": {"target": "a.b#PutOut"},
              "errors": [{"target": "a.b#Gone"}]},
  "a.b#Ping": {"type": "operation"},
  "a.b#PutIn": {"type": "structure", "members": {
    "Name": {"target": "a.b#Name", "traits": {"smithy.api#required": {}}},
    "Count": {"target": "a.b#Count"},
    "Big": {"target": "a.b#Big"},
    "Colour": {"target": "a.b#Colour"},
    "Tags": {"target": "a.b#Tags"},
    "Extra": {"target": "a.b#Extra"},
    "Secret": {"target": "a.b#Secret"},
    "On": {"target": "a.b#On"},
    "When": {"target": "a.b#When"},
    "Data": {"target": "a.b#Data"},
    "Either": {"target": "a.b#Either"},
    "Again": {"target": "a.b#PutIn"}}},
  "a.b#PutOut": {"type": "structure", "members": {"Ratio": {"target": "a.b#Ratio"}}},
  "a.b#Gone": {"type": "structure", "members": {}},
  "a.b#Name": {"type": "string", "traits": {"smithy.api#length": {"min": 1, "max": 9},
                                            "smithy.api#pattern": "^[a-z]*$",
                                            "smithy.api#documentation": "What it is called."}},
  "a.b#Count": {"type": "integer", "traits": {"smithy.api#range": {"min": -1, "max": 7}}},
  "a.b#Big": {"type": "long", "traits": {"smithy.api#range": {"min": 0}}},
  "a.b#Colour": {"type": "enum", "members": {
    "RED": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "red"}},
    "BLUE": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "blue"}}}},
  "a.b#Tags": {"type": "list", "member": {"target": "a.b#Name"}, "traits": {"smithy.api#length": {"max": 3}}},
  "a.b#Extra": {"type": "map", "key": {"target": "a.b#Name"}, "value": {"target": "a.b#Count"}},
  "a.b#Secret": {"type": "string", "traits": {"smithy.api#sensitive": {}}},
  "a.b#On": {"type": "boolean"},
  "a.b#When": {"type": "timestamp"},
  "a.b#Data": {"type": "blob"},
  "a.b#Ratio": {"type": "double"},
  "a.b#Either": {"type": "union", "members": {"One": {"target": "a.b#Name"}, "Two": {"target": "a.b#Count"}}}
}})json";

constexpr std::string_view kBotocore = R"json({"metadata": {"targetPrefix": "Widgets"}, "operations": {
  "Put": {"input": {"shape": "PutIn"}, "output": {"shape": "PutOut"}, "errors": [{"shape": "Gone"}]},
  "Ping": {}},
 "shapes": {
  "PutIn": {"type": "structure", "required": ["Name"], "members": {
    "Name": {"shape": "Name"}, "Count": {"shape": "Count"}, "Big": {"shape": "Big"},
    "Colour": {"shape": "Colour"}, "Tags": {"shape": "Tags"}, "Extra": {"shape": "Extra"},
    "Secret": {"shape": "Secret"}, "On": {"shape": "On"}, "When": {"shape": "When"},
    "Data": {"shape": "Data"}, "Either": {"shape": "Either"}, "Again": {"shape": "PutIn"}}},
  "PutOut": {"type": "structure", "members": {"Ratio": {"shape": "Ratio"}}},
  "Gone": {"type": "structure", "members": {}, "exception": true},
  "Name": {"type": "string", "min": 1, "max": 9, "pattern": "^[a-z]*$",
           "documentation": "What it is called."},
  "Count": {"type": "integer", "min": -1, "max": 7},
  "Big": {"type": "long", "min": 0},
  "Colour": {"type": "string", "enum": ["red", "blue"]},
  "Tags": {"type": "list", "member": {"shape": "Name"}, "max": 3},
  "Extra": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Count"}},
  "Secret": {"type": "string", "sensitive": true},
  "On": {"type": "boolean"},
  "When": {"type": "timestamp"},
  "Data": {"type": "blob"},
  "Ratio": {"type": "double"},
  "Either": {"type": "structure", "union": true,
             "members": {"One": {"shape": "Name"}, "Two": {"shape": "Count"}}}
}})json";

std::string pattern_of(const Constraints& c) {
  return c.pattern ? c.pattern->text() : "none";
}

void expect_same(const Shape& a, const Shape& b, int depth) {
  SCOPED_TRACE(std::string(a.name()));
  EXPECT_EQ(a.name(), b.name());
  EXPECT_EQ(to_string(a.type), to_string(b.type));
  EXPECT_EQ(a.documentation, b.documentation);
  ASSERT_EQ(a.members.size(), b.members.size());
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    const Member& m = a.members[i];
    const Member& n = b.members[i];
    SCOPED_TRACE(m.name);
    EXPECT_EQ(m.name, n.name);
    EXPECT_EQ(m.constraints.required, n.constraints.required);
    EXPECT_EQ(m.constraints.min_length, n.constraints.min_length);
    EXPECT_EQ(m.constraints.max_length, n.constraints.max_length);
    EXPECT_EQ(m.constraints.min_value, n.constraints.min_value);
    EXPECT_EQ(m.constraints.max_value, n.constraints.max_value);
    EXPECT_EQ(pattern_of(m.constraints), pattern_of(n.constraints));
    EXPECT_EQ(m.constraints.enum_values, n.constraints.enum_values);
    EXPECT_EQ(m.constraints.sensitive, n.constraints.sensitive);
    if (depth > 0) expect_same(*m.target, *n.target, depth - 1);
  }
}

// Written by hand, so that a mistake common to both loaders is seen as well.
TEST(Loaders, ReadWhatBothFormsSay) {
  for (const auto& loaded : {load(kSmithy), load(kBotocore)}) {
    ASSERT_TRUE(loaded) << loaded.error().message;
    const Shape& in = *loaded->find_operation("Put")->input;
    const auto& name = in.find_member("Name")->constraints;
    EXPECT_TRUE(name.required);
    EXPECT_EQ(name.min_length, 1);
    EXPECT_EQ(name.max_length, 9);
    EXPECT_EQ(pattern_of(name), "^[a-z]*$");
    EXPECT_EQ(in.find_member("Name")->target->documentation, "What it is called.");
    const auto& count = in.find_member("Count")->constraints;
    EXPECT_FALSE(count.required);
    EXPECT_EQ(count.min_value, -1);
    EXPECT_EQ(count.max_value, 7);
    EXPECT_EQ(count.min_length, std::nullopt);
    EXPECT_EQ(in.find_member("Big")->target->type, ShapeType::long_);
    EXPECT_EQ(in.find_member("Big")->constraints.min_value, 0);
    EXPECT_EQ(in.find_member("Big")->constraints.max_value, std::nullopt);
    EXPECT_EQ(in.find_member("Colour")->target->type, ShapeType::enumeration);
    EXPECT_THAT(in.find_member("Colour")->constraints.enum_values, ElementsAre("red", "blue"));
    EXPECT_EQ(in.find_member("Tags")->constraints.max_length, 3);
    EXPECT_EQ(in.find_member("Tags")->target->members.at(0).constraints.max_length, 9);
    EXPECT_EQ(in.find_member("Extra")->target->members.at(0).name, "key");
    EXPECT_EQ(in.find_member("Extra")->target->members.at(1).name, "value");
    EXPECT_TRUE(in.find_member("Secret")->constraints.sensitive);
    EXPECT_FALSE(in.find_member("Name")->constraints.sensitive);
    EXPECT_EQ(in.find_member("On")->target->type, ShapeType::boolean);
    EXPECT_EQ(in.find_member("When")->target->type, ShapeType::timestamp);
    EXPECT_EQ(in.find_member("Data")->target->type, ShapeType::blob);
    EXPECT_EQ(in.find_member("Either")->target->type, ShapeType::union_);
    EXPECT_EQ(in.find_member("Again")->target, &in);
    ASSERT_EQ(loaded->find_operation("Put")->errors.size(), 1U);
    EXPECT_EQ(loaded->find_operation("Put")->errors[0]->name(), "Gone");
    EXPECT_EQ(loaded->target_prefix(), "Widgets");
  }
}

TEST(Loaders, MakeOneModelOfBothForms) {
  const auto smithy = load_smithy(kSmithy);
  const auto botocore = load_botocore(kBotocore);
  ASSERT_TRUE(smithy) << smithy.error().message;
  ASSERT_TRUE(botocore) << botocore.error().message;
  ASSERT_EQ(smithy->operations().size(), botocore->operations().size());
  for (std::size_t i = 0; i < smithy->operations().size(); ++i) {
    EXPECT_EQ(smithy->operations()[i].name, botocore->operations()[i].name);
    expect_same(*smithy->operations()[i].input, *botocore->operations()[i].input, 3);
    expect_same(*smithy->operations()[i].output, *botocore->operations()[i].output, 3);
  }
}

std::string one_operation(const std::string& service) {
  return R"({"smithy":"2.0","shapes":{"a.b#Ping":{"type":"operation"},"a.b#Desk_2020":)" + service + "}}";
}
std::string one_operation_of_botocore(const std::string& metadata) {
  return R"({"shapes":{},"operations":{"Ping":{}},"metadata":)" + metadata + "}";
}

TEST(Identity, IsReadFromBothForms) {
  const auto smithy = load(one_operation(R"({"type":"service","version":"2020-01-02","traits":{
      "aws.api#service":{"sdkId":"Front Desk","arnNamespace":"frontdesk"},
      "aws.auth#sigv4":{"name":"desk"},"aws.protocols#awsJson1_0":{}}})"));
  const auto botocore = load(one_operation_of_botocore(
      R"({"apiVersion":"2020-01-02","serviceId":"Front Desk","signingName":"desk","endpointPrefix":"fd",
          "targetPrefix":"Desk_2020","jsonVersion":"1.0"})"));
  ASSERT_TRUE(smithy) << smithy.error().message;
  ASSERT_TRUE(botocore) << botocore.error().message;
  ServiceIdentity wanted;
  wanted.id = "Front Desk";
  wanted.version = "2020-01-02";
  wanted.signing_name = "desk";
  wanted.target_prefix = "Desk_2020";
  wanted.shape_namespace = "a.b";
  wanted.content_type = "application/x-amz-json-1.0";
  EXPECT_EQ(smithy->identity(), wanted);
  wanted.shape_namespace = "com.amazonaws.frontdesk";
  EXPECT_EQ(botocore->identity(), wanted);
  EXPECT_EQ(wanted.endpoint_variable(), "AWS_ENDPOINT_URL_FRONT_DESK");
  EXPECT_EQ(wanted.services_key(), "front_desk");
  EXPECT_EQ(wanted.compact_version(), "20200102");
}

TEST(Identity, HasDefaultsForWhatAModelLeavesOut) {
  const auto bare = load(one_operation(R"({"type":"service"})"));
  const auto arn = load(one_operation(
      R"({"type":"service","traits":{"aws.api#service":{"sdkId":"Desk","arnNamespace":"arn"}}})"));
  const auto prefix =
      load(one_operation_of_botocore(R"({"targetPrefix":"Desk_2020","endpointPrefix":"desk"})"));
  const auto nothing = load(one_operation_of_botocore(R"({"targetPrefix":"Desk_2020"})"));
  for (const auto* model : {&bare, &arn, &prefix, &nothing}) {
    ASSERT_TRUE(*model) << model->error().message;
    EXPECT_EQ((*model)->identity().content_type, "application/x-amz-json-1.1");
    EXPECT_EQ((*model)->target_prefix(), "Desk_2020");
  }
  EXPECT_EQ(bare->identity().id, "Desk_2020");
  EXPECT_EQ(bare->identity().signing_name, "desk_2020");
  EXPECT_EQ(arn->identity().signing_name, "arn");
  EXPECT_EQ(prefix->identity().signing_name, "desk");
  EXPECT_EQ(nothing->identity().signing_name, "desk_2020");
  EXPECT_EQ(nothing->identity().id, "Desk_2020");
}

TEST(Identity, HasNoMediaTypeWhereTheServiceSpeaksNoAwsJson) {
  const auto media_type = [](const Result<Model>& loaded) {
    return loaded ? loaded->identity().content_type : loaded.error().message;
  };
  const auto smithy = [&](const std::string& traits) {
    return media_type(load(one_operation(R"({"type":"service","traits":{)" + traits + "}}")));
  };
  EXPECT_EQ(smithy(R"("aws.protocols#restJson1":{})"), "");
  EXPECT_EQ(smithy(R"("smithy.protocols#rpcv2Cbor":{})"), "");
  EXPECT_EQ(smithy(R"("smithy.protocols#rpcv2Cbor":{},"aws.protocols#awsJson1_1":{})"),
            "application/x-amz-json-1.1");
  EXPECT_EQ(smithy(R"("aws.protocols#awsQueryCompatible":{})"), "application/x-amz-json-1.1");
  const auto botocore = [&](const std::string& more) {
    return media_type(load(one_operation_of_botocore(R"({"targetPrefix":"Desk")" + more + "}")));
  };
  EXPECT_EQ(botocore(R"(,"protocol":"rest-json")"), "");
  EXPECT_EQ(botocore(R"(,"protocol":"smithy-rpc-v2-cbor","protocols":["smithy-rpc-v2-cbor"])"), "");
  EXPECT_EQ(botocore(R"(,"protocol":"smithy-rpc-v2-cbor","protocols":["smithy-rpc-v2-cbor","json"])"),
            "application/x-amz-json-1.1");
}

TEST(Identity, NeedsAServiceWithAName) {
  const auto loaded = [](const std::string& id) {
    return load(
        R"({"smithy":"2.0","shapes":{")" + id +
        R"(":{"type":"service","version":"1","operations":[{"target":"a#O"}]},"a#O":{"type":"operation"}}})");
  };
  ASSERT_TRUE(loaded("Bare")) << loaded("Bare").error().message;
  EXPECT_EQ(loaded("Bare")->identity().target_prefix, "Bare");
  EXPECT_EQ(loaded("Bare")->identity().shape_namespace, "");
  ASSERT_FALSE(loaded("a#"));
  EXPECT_EQ(loaded("a#").error().message, "shapes/a#: the service's shape has no name");
}

TEST(Loaders, GiveAnOperationWithoutInputAnEmptyOne) {
  for (const auto& loaded : {load(kSmithy), load(kBotocore)}) {
    const Operation* ping = loaded->find_operation("Ping");
    ASSERT_NE(ping, nullptr);
    EXPECT_EQ(ping->input->type, ShapeType::structure);
    EXPECT_TRUE(ping->input->members.empty());
    EXPECT_TRUE(ping->output->members.empty());
    EXPECT_TRUE(ping->errors.empty());
    EXPECT_TRUE(ping->answers_nothing());
    EXPECT_FALSE(loaded->find_operation("Put")->answers_nothing());
  }
}

TEST(Loaders, KnowTheStatusOfAnError) {
  const auto smithy = load(R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},
    "a#Get":{"type":"operation","errors":[{"target":"a#Gone"},{"target":"a#Bad"}]},
    "a#Gone":{"type":"structure","members":{},"traits":{"smithy.api#error":"client","smithy.api#httpError":404}},
    "a#Bad":{"type":"structure","members":{},"traits":{"smithy.api#error":"client"}}}})");
  const auto botocore = load(R"({"metadata":{"targetPrefix":"S"},
    "operations":{"Get":{"errors":[{"shape":"Gone"},{"shape":"Bad"}]}},
    "shapes":{"Gone":{"type":"structure","members":{},"exception":true,"error":{"httpStatusCode":404}},
    "Bad":{"type":"structure","members":{},"exception":true}}})");
  for (const auto* model : {&smithy, &botocore}) {
    ASSERT_TRUE(*model) << model->error().message;
    const auto& errors = (*model)->find_operation("Get")->errors;
    ASSERT_EQ(errors.size(), 2U);
    EXPECT_EQ(errors[0]->http_status, 404);
    EXPECT_EQ(errors[1]->http_status, 400);
  }
}

TEST(Loaders, TellWhatAnswersInEvents) {
  const auto smithy = load(R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},
    "a#Listen":{"type":"operation","output":{"target":"a#O"}},"a#Ping":{"type":"operation"},
    "a#O":{"type":"structure","members":{"Events":{"target":"a#E"}}},
    "a#E":{"type":"union","members":{"One":{"target":"a#P"}},"traits":{"smithy.api#streaming":{}}},
    "a#P":{"type":"structure"}}})");
  const auto botocore = load(R"({"metadata":{"targetPrefix":"S"},
    "operations":{"Listen":{"output":{"shape":"O"}},"Ping":{}},
    "shapes":{"O":{"type":"structure","members":{"Events":{"shape":"E"}}},
    "E":{"type":"structure","members":{"One":{"shape":"P"}},"eventstream":true},
    "P":{"type":"structure","members":{}}}})");
  for (const auto* model : {&smithy, &botocore}) {
    ASSERT_TRUE(*model) << model->error().message;
    EXPECT_TRUE((*model)->find_operation("Listen")->answers_in_events());
    EXPECT_FALSE((*model)->find_operation("Ping")->answers_in_events());
  }
}

TEST(Loaders, AMembersOwnConstraintGoesBeforeItsTargets) {
  const auto model = load(R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},
    "a#O":{"type":"operation","input":{"target":"a#I"}},
    "a#I":{"type":"structure","members":{"M":{"target":"a#T","traits":{"smithy.api#length":{"max":2}}}}},
    "a#T":{"type":"string","traits":{"smithy.api#length":{"min":5,"max":9},"smithy.api#pattern":"x"}}}})");
  ASSERT_TRUE(model) << model.error().message;
  const auto& c = model->find_operation("O")->input->find_member("M")->constraints;
  EXPECT_EQ(c.max_length, 2);
  EXPECT_EQ(c.min_length, std::nullopt);
  EXPECT_EQ(pattern_of(c), "x");
}

TEST(Loaders, UnderstandTheOlderEnumTraitAndThePrelude) {
  const auto model = load(R"({"smithy":"1.0","shapes":{"a#S":{"type":"service"},
    "a#O":{"type":"operation","input":{"target":"a#I"}},
    "a#I":{"type":"structure","members":{"E":{"target":"a#E"},"N":{"target":"smithy.api#PrimitiveLong"}}},
    "a#E":{"type":"string","traits":{"smithy.api#enum":[{"value":"x","name":"X"},{"value":"y"}]}}}})");
  ASSERT_TRUE(model) << model.error().message;
  const Shape& in = *model->find_operation("O")->input;
  EXPECT_EQ(in.find_member("E")->target->type, ShapeType::enumeration);
  EXPECT_THAT(in.find_member("E")->constraints.enum_values, ElementsAre("x", "y"));
  EXPECT_EQ(in.find_member("N")->target->type, ShapeType::long_);
}

TEST(Loaders, KeepAPatternThatNoEngineRuns) {
  const auto model = load(R"x({"smithy":"2.0","shapes":{"a#S":{"type":"service"},
    "a#O":{"type":"operation","input":{"target":"a#I"}},
    "a#I":{"type":"structure","members":{"M":{"target":"a#T"}}},
    "a#T":{"type":"string","traits":{"smithy.api#pattern":"(a)\\1"}}}})x");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(pattern_of(model->find_operation("O")->input->find_member("M")->constraints), "(a)\\1");
}

struct Refused {
  const char* label;
  const char* text;
  std::vector<const char*> says;  ///< what the message must name
};

class Refusal : public ::testing::TestWithParam<Refused> {};

TEST_P(Refusal, NamesThePlace) {
  const auto model = load(GetParam().text);
  ASSERT_FALSE(model);
  for (const char* part : GetParam().says) EXPECT_THAT(model.error().message, HasSubstr(part));
  EXPECT_EQ(model.error().message.find('\n'), std::string::npos) << "one line for a person";
}

const Refused kRefused[] = {
    {"Empty", "", {"not JSON", "byte 0"}},
    {"NotJson", "{\"smithy\": ", {"not JSON", "byte"}},
    {"NotAnObject", "[]", {"not a JSON object"}},
    {"NeitherForm", "{\"shapes\": {}}", {"\"smithy\"", "\"metadata\""}},
    {"SmithyWithoutShapes", R"({"smithy":"2.0"})", {"shapes"}},
    {"SmithyShapesAreAList", R"({"smithy":"2.0","shapes":[]})", {"shapes"}},
    {"SmithyNoService", R"({"smithy":"2.0","shapes":{"a#O":{"type":"operation"}}})", {"no service"}},
    {"SmithyTwoServices",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#T":{"type":"service"}}})",
     {"a#S", "a#T", "two services"}},
    {"SmithyNoOperation", R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"}}})", {"no operation"}},
    {"SmithyUnknownType",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#X":{"type":"strinng"}}})",
     {"shapes/a#X", "strinng"}},
    {"SmithyNoType", R"({"smithy":"2.0","shapes":{"a#X":{}}})", {"shapes/a#X", "type"}},
    {"SmithyShapeIsNoObject", R"({"smithy":"2.0","shapes":{"a#X":7}})", {"shapes/a#X"}},
    {"SmithyDanglingMember",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#I":{"type":"structure","members":{"M":{"target":"a#Gone"}}}}})",
     {"shapes/a#I/members/M", "a#Gone"}},
    {"SmithyMemberWithoutTarget",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#I":{"type":"structure","members":{"M":{}}}}})",
     {"shapes/a#I/members/M"}},
    {"SmithyDanglingInput",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#O":{"type":"operation","input":{"target":"a#Gone"}}}})",
     {"shapes/a#O/input", "a#Gone"}},
    {"SmithyDanglingError",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#O":{"type":"operation","errors":[{"target":"a#Gone"}]}}})",
     {"shapes/a#O/errors", "a#Gone"}},
    {"SmithyListWithoutMember",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#L":{"type":"list"}}})",
     {"shapes/a#L", "\"member\""}},
    {"SmithyMapWithoutValue",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#M":{"type":"map","key":{"target":"smithy.api#String"}}}})",
     {"shapes/a#M", "\"value\""}},
    {"SmithyTraitsOfAnotherType",
     R"({"smithy":"2.0","shapes":{"a#T":{"type":"string","traits":{"smithy.api#length":{"min":"1"}}}}})",
     {"shapes/a#T/traits/smithy.api#length/min must be a number"}},
    {"SmithyMemberOfAnotherType",
     R"({"smithy":"2.0","shapes":{"a#I":{"type":"structure","members":{"M":[]}}}})",
     {"shapes/a#I/members/M must be an object"}},
    {"SmithyTargetOfAnotherType",
     R"({"smithy":"2.0","shapes":{"a#O":{"type":"operation","input":{"target":7}}}})",
     {"shapes/a#O/input/target must be a string"}},
    {"SmithyPaginatedOfAnotherType",
     R"({"smithy":"2.0","shapes":{"a#O":{"type":"operation","traits":{"smithy.api#paginated":{"items":["L"]}}}}})",
     {"shapes/a#O/traits/smithy.api#paginated/items must be a string"}},
    {"NotUtf8", "{\"smithy\":\"\xff\"}", {"not UTF-8"}},
    {"BotocoreRequiredOfAnotherType",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{"I":{"type":"structure","required":"M"}}})",
     {"shapes/I/required must be a list of strings"}},
    {"BotocoreErrorOfAnotherType",
     R"({"metadata":{"targetPrefix":"P"},"operations":{"O":{"errors":[{"shape":7}]}}})",
     {"operations/O/errors/0/shape must be a string"}},
    {"SmithyIdentityOfAnotherType",
     R"({"smithy":"2.0","shapes":{"a#S":{"type":"service","traits":{"aws.auth#sigv4":{"name":7}}}}})",
     {"shapes/a#S/traits/aws.auth#sigv4/name must be a string"}},
    {"BotocoreIdentityOfAnotherType",
     R"({"metadata":{"targetPrefix":"P","signingName":7},"shapes":{},"operations":{}})",
     {"metadata/signingName must be a string"}},
    {"BotocoreNoPrefix", R"({"metadata":{},"shapes":{},"operations":{}})", {"metadata", "targetPrefix"}},
    {"BotocoreNoShapes", R"({"metadata":{"targetPrefix":"P"}})", {"shapes"}},
    {"BotocoreNoOperation",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{},"operations":{}})",
     {"no operation"}},
    {"BotocoreUnknownType",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{"X":{"type":"strinng"}},"operations":{"O":{}}})",
     {"shapes/X", "strinng"}},
    {"BotocoreDanglingMember",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{"I":{"type":"structure","members":{"M":{"shape":"Gone"}}}},"operations":{"O":{}}})",
     {"shapes/I/members/M", "Gone"}},
    {"BotocoreListWithoutMember",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{"L":{"type":"list"}},"operations":{"O":{}}})",
     {"shapes/L", "\"member\""}},
    {"BotocoreMapWithoutKey",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{"M":{"type":"map"}},"operations":{"O":{}}})",
     {"shapes/M", "\"key\""}},
    {"BotocoreDanglingOutput",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{},"operations":{"O":{"output":{"shape":"Gone"}}}})",
     {"operations/O/output", "Gone"}},
    {"BotocoreDanglingError",
     R"({"metadata":{"targetPrefix":"P"},"shapes":{},"operations":{"O":{"errors":[{"shape":"Gone"}]}}})",
     {"operations/O/errors", "Gone"}},
};

INSTANTIATE_TEST_SUITE_P(Models, Refusal, ::testing::ValuesIn(kRefused),
                         [](const auto& test) { return std::string(test.param.label); });

TEST(Loaders, TellTheOtherFormFromTheirOwn) {
  EXPECT_FALSE(load_smithy(kBotocore));
  EXPECT_FALSE(load_botocore(kSmithy));
  EXPECT_THAT(load_botocore(kSmithy).error().message,
              AllOf(HasSubstr("metadata"), HasSubstr("targetPrefix")));
}

}  // namespace
}  // namespace harness::model::load_test
