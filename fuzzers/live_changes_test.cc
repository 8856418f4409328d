// Endpoints that a request spoils for those after it: what is found is that request.
#include <sstream>

#include "fuzzers/http_exchange.h"
#include "fuzzers/live_test_support.h"

namespace fuzzers::live_changes_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Cannot list permissions any more once it was sent "spoil", or "one" and then "two", in a change, nor
// documents once it was sent "elsewhere". It never can tell a connection's status.
const std::string kSpoiltServer = python_server(R"(
        if operation == "ModifyDocumentPermission":
            for word in ("spoil", "one", "elsewhere"):
                if word.encode() in body:
                    seen.add(word)
            if b"two" in body and "one" in seen:
                seen.add("spoil")
        if operation == "ListDocuments":
            status, answer = 200, {"DocumentIdentifiers": []}
            if "elsewhere" in seen:
                status, answer = 500, {"__type": "InternalServerError"}
        if operation == "GetConnectionStatus":
            status, answer = 500, {"__type": "InternalServerError"}
        if operation == "DescribeDocumentPermission":
            if "spoil" in seen:
                status, answer = 500, {"__type": "InternalServerError"}
            elif b"MaxResults" in body:
                status, answer = 400, {"__type": "ValidationException"}
)");

std::string change_with(const std::string& word) {
  return R"(POST / HTTP/1.1
X-Amz-Target: AmazonSSM.ModifyDocumentPermission
Content-Type: application/x-amz-json-1.1

{"Name":"{{document}}","PermissionType":"Share","AccountIdsToAdd":["111122223333"],"Noise":1,"Other":")" +
         word + "\"}\n";
}

std::string list_with(const std::string& body) {
  return "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.ListDocuments\n"
         "Content-Type: application/x-amz-json-1.1\n\n" +
         body + "\n";
}

class ChangesTest : public LiveTest {
 protected:
  ChangesTest() {
    config_.spawn = kSpoiltServer;
    open();
  }
  void list() { request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})")); }

  // The commands to paste, but for those that make fixtures.
  std::vector<std::string> lines_of(const harness::report::FoundDefect& finding) const {
    std::vector<std::string> out;
    std::istringstream report(markdown_of(finding));
    for (std::string line; std::getline(report, line);) {
      if (line.starts_with("curl ") && line.find("CreateDocument") == std::string::npos) out.push_back(line);
    }
    return out;
  }

  std::vector<harness::report::FoundDefect> spoiling() const {
    auto all = found();
    std::erase_if(all, [](const auto& f) { return f.rule != "availability/afterwards"; });
    return all;
  }
};

TEST_F(ChangesTest, WhatSpoilsLaterRequestsIsFoundAndNotThese) {
  list();
  request(change_with("nothing"));
  request(change_with("spoil"));
  request(change_with("nothing"));
  list();
  ASSERT_THAT(found(), SizeIs(1));
  const auto finding = found()[0];
  EXPECT_EQ(finding.rule, "availability/afterwards");
  EXPECT_EQ(finding.operation, "ModifyDocumentPermission");
  EXPECT_THAT(finding.http_text, HasSubstr("spoil"));
  EXPECT_THAT(finding.http_text, Not(HasSubstr("Noise")));
  const auto lines = lines_of(finding);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], HasSubstr("spoil"));
  EXPECT_THAT(lines[1], HasSubstr("AmazonSSM.DescribeDocumentPermission"));
  EXPECT_THAT(markdown_of(finding), HasSubstr("(the valid request after it:)\nHTTP/1.1 500"));
  // It goes on with an endpoint that is as it was started, and what is known is not looked for again.
  list();
  request(change_with("spoil"));
  list();
  EXPECT_THAT(found(), SizeIs(1));
}

TEST_F(ChangesTest, WhatItTakesBesidesIsInTheReport) {
  for (const char* word : {"a", "b", "one", "c", "two", "d"}) request(change_with(word));
  list();
  ASSERT_THAT(found(), SizeIs(1));
  const auto lines = lines_of(found()[0]);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[0], HasSubstr(R"("one")"));
  EXPECT_THAT(lines[1], HasSubstr("two"));
  EXPECT_THAT(lines[2], HasSubstr("AmazonSSM.DescribeDocumentPermission"));
}

TEST_F(ChangesTest, AnInvalidRequestToWhatIsSpoiltIsNoFindingOfItsOwn) {
  list();
  request(change_with("spoil"));
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":999})"));
  EXPECT_THAT(spoiling(), SizeIs(1));
  EXPECT_THAT(found(), SizeIs(1));
}

// Bytes as http_live sends them: what they change is known, and what fails after it is no finding.
TEST_F(ChangesTest, WhatBytesSpoilIsFoundToo) {
  HttpExchange http(*live_);
  http.one(change_with("nothing"));
  http.one(change_with("elsewhere"));
  EXPECT_THAT(found(), IsEmpty());
  http.one(list_with("{}"));
  ASSERT_THAT(found(), SizeIs(1));
  const auto finding = found()[0];
  EXPECT_EQ(finding.rule, "availability/afterwards");
  EXPECT_EQ(finding.operation, "ModifyDocumentPermission");
  EXPECT_THAT(finding.http_text, HasSubstr("elsewhere"));
  http.one(change_with("elsewhere"));
  http.one(list_with(R"({"MaxResults":999})"));
  EXPECT_THAT(found(), SizeIs(1));
}

// What fails at once after it is its finding; nothing goes on with an endpoint that is spoilt.
TEST_F(ChangesTest, WhatBytesSpoilAtOnceIsFoundOnce) {
  HttpExchange http(*live_);
  http.one(change_with("spoil"));
  ASSERT_THAT(found(), SizeIs(1));
  EXPECT_EQ(found()[0].rule, "availability/afterwards");
  http.one(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
  EXPECT_THAT(found(), SizeIs(1));
}

TEST_F(ChangesTest, WhatAlwaysFailsIsAFindingByItself) {
  request(change_with("nothing"));
  request(
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n"
      "Content-Type: application/x-amz-json-1.1\n\n{\"Target\":\"i-0123456789abcdef0\"}\n");
  EXPECT_THAT(spoiling(), IsEmpty());
  ASSERT_THAT(found(), SizeIs(1));
  EXPECT_EQ(found()[0].operation, "GetConnectionStatus");
  EXPECT_EQ(found()[0].rule, "availability/server-error");
}

}  // namespace
}  // namespace fuzzers::live_changes_test
