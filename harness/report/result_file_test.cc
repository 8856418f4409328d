#include "harness/report/result_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "harness/report/samples_for_test.h"
#include "harness/wire/json.h"

namespace harness::report::result_file_test {
namespace {

using testing::HasSubstr;
using wire::Json;

class ResultFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("ssmc-result-{}-{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path folder_;
};

std::string complete() {
  return to_line(samples::info()) + "\n" + to_line(samples::failed()) + "\n" +
         to_line(samples::summary_of(std::vector{samples::failed()})) + "\n";
}

std::string error_of(const std::string& text) {
  const auto read = parse_result_file(text, "x.jsonl");
  return read ? "" : read.error().message;
}

TEST_F(ResultFileTest, WritesEachLineAtOnce) {
  const auto writer = ResultFileWriter::open(path("r.jsonl"));
  ASSERT_TRUE(writer.has_value()) << writer.error().message;
  (*writer)->started(samples::info());
  EXPECT_EQ(text_of(path("r.jsonl")), to_line(samples::info()) + "\n");
  (*writer)->finished_case(samples::failed());
  EXPECT_EQ(text_of(path("r.jsonl")), to_line(samples::info()) + "\n" + to_line(samples::failed()) + "\n");
  (*writer)->finished(samples::summary_of(std::vector{samples::failed()}));
  EXPECT_EQ(text_of(path("r.jsonl")), complete());
  EXPECT_TRUE((*writer)->status().has_value());
}

TEST_F(ResultFileTest, ReadsWhatItWrote) {
  std::vector<run::CaseResult> results{samples::passed(), samples::failed()};
  int number = 0;
  for (const run::Verdict verdict : run::kVerdicts) {
    results.push_back(samples::with_verdict(verdict, fmt::format("case/{}", number++), "a \"reason\"\u2028"));
  }
  results[1].source = run::Source::replayed;
  results[1].steps = {"one", "two"};
  results[1].request = std::string("POST / HTTP/1.1\n\n\0\x1b\xff", 19);
  results[1].response = "é\r\n\u2028";
  run::RunSummary summary = samples::with_figures();
  summary.interrupted = true;
  summary.endpoint_lost = true;
  summary.endpoint_problem = "gone";
  summary.left_behind = {"ssmc-1-a"};
  summary.remarks = {"does not verify signatures"};
  {
    const auto writer = ResultFileWriter::open(path("r.jsonl"));
    ASSERT_TRUE(writer.has_value());
    (*writer)->started(samples::info());
    for (const auto& result : results) (*writer)->finished_case(result);
    (*writer)->finished(summary);
  }
  const auto read = read_result_file(path("r.jsonl"));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(to_line(read->info), to_line(samples::info()));
  EXPECT_EQ(read->info.seed, samples::info().seed);
  EXPECT_EQ(read->info.options, samples::info().options);
  ASSERT_EQ(read->results.size(), results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(to_line(read->results[i]), to_line(results[i]));
    EXPECT_EQ(read->results[i].steps, results[i].steps);
    EXPECT_EQ(read->results[i].request, results[i].request);
    EXPECT_EQ(read->results[i].response, results[i].response);
    EXPECT_EQ(read->results[i].verdict, results[i].verdict);
    EXPECT_EQ(read->results[i].duration, results[i].duration);
  }
  EXPECT_EQ(to_line(read->summary), to_line(summary));
  EXPECT_EQ(read->summary.total, summary.total);
  EXPECT_EQ(read->summary.by_operation, summary.by_operation);
  EXPECT_EQ(read->summary.figures, summary.figures);
  EXPECT_EQ(read->summary.families, summary.families);
  EXPECT_EQ(read->summary.by_model_alone, summary.by_model_alone);
  EXPECT_EQ(read->summary.exit_status(), 130);
}

TEST_F(ResultFileTest, NamesTheMembersOfTheContract) {
  const Json line = Json::parse(to_line(samples::failed()));
  const Json expected = Json::parse(R"json({
    "kind": "case", "id": "DescribeDocumentPermission/MaxResults/range/above-maximum",
    "operation": "DescribeDocumentPermission", "source": "derived", "title": "MaxResults one above the maximum",
    "place": "MaxResults", "sites": ["MaxResults/range"],
    "clause": "ddp.max-results", "clauses": ["ddp.max-results", "smithy.range"], "verdict": "FAIL", "reason": "",
    "findings": [{"rule": "outcome/accepted", "severity": "defect",
                  "message": "The request must be refused, and was accepted.",
                  "signature": "DescribeDocumentPermission|outcome/accepted|range:MaxResults|200 {}",
                  "requirement": "DescribeDocumentPermission|outcome/accepted|member|MaxResults"}],
    "expected": "400 ValidationException [smithy]",
    "because": ["MaxResults: Minimum value of 1. Maximum value of 200."], "steps": [],
    "request": "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\nContent-Type: application/x-amz-json-1.1\n\n{\"Name\":\"Example\",\"MaxResults\":201}\n",
    "response": "HTTP/1.1 200 OK\nContent-Type: application/x-amz-json-1.1\n\n{}",
    "curl": "curl -q two", "reproduce": ["curl -q one", "curl -q two"], "duration_us": 1234})json");
  EXPECT_EQ(line, expected);
}

TEST_F(ResultFileTest, TheSchemaKnowsEveryMember) {
  std::ifstream in(SSMC_SOURCE_DIR "/conformance/schemas/result.schema.json");
  const Json schema = Json::parse(in);
  for (const std::string& text :
       {to_line(samples::info()), to_line(samples::failed()), to_line(run::RunSummary{})}) {
    const Json line = Json::parse(text);
    const Json& described = schema["$defs"][line["kind"].get<std::string>()];
    for (const auto& [name, value] : line.items())
      EXPECT_TRUE(described["properties"].contains(name)) << name;
    for (const Json& name : described["required"])
      EXPECT_TRUE(line.contains(name.get<std::string>())) << name;
  }
  for (const run::Verdict verdict : run::kVerdicts) {
    const Json& known = schema["$defs"]["verdict"]["enum"];
    EXPECT_EQ(std::count(known.begin(), known.end(), std::string(run::to_string(verdict))), 1)
        << run::to_string(verdict);
  }
}

TEST_F(ResultFileTest, IsAsciiWhateverTheEndpointSaid) {
  const std::string line = to_line(samples::hostile());
  for (const char c : line) ASSERT_TRUE(c >= 0x20 && c < 0x7f) << static_cast<int>(c);
  const Json value = Json::parse(line);
  EXPECT_TRUE(value["response"].contains("base64"));
  const auto read =
      parse_result_file(to_line(samples::info()) + "\n" + line + "\n" + to_line(run::RunSummary{}), "x");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->results.at(0).response, samples::kHostile);
}

TEST_F(ResultFileTest, EveryPrefixIsIncompleteAndNotMisread) {
  const std::string text = complete();
  for (std::size_t size = 0; size + 1 < text.size(); size += 7) {
    const std::string error = error_of(text.substr(0, size));
    const bool head_is_there = size >= text.find('\n');
    EXPECT_THAT(error, HasSubstr(head_is_there ? "x.jsonl: incomplete: " : "not a result file")) << size;
  }
  EXPECT_EQ(error_of(text), "");
  EXPECT_EQ(error_of(text + "\r\n"), "");
}

TEST_F(ResultFileTest, SaysHowFarAnIncompleteRunCame) {
  EXPECT_EQ(error_of(to_line(samples::info()) + "\n" + to_line(samples::failed()) + "\n"),
            "x.jsonl: incomplete: the run did not reach its end (1 of 1597 cases are there)");
}

TEST_F(ResultFileTest, RefusesOtherFiles) {
  EXPECT_EQ(error_of(""), "x.jsonl: not a result file of ssm-conformance (it is empty)");
  EXPECT_THAT(error_of("<xml/>\n"), HasSubstr("x.jsonl: not a result file of ssm-conformance (not JSON"));
  EXPECT_THAT(error_of("[1]\n"), HasSubstr("not a result file of ssm-conformance (not a JSON object)"));
  EXPECT_THAT(error_of("{\"a\":1}\n"), HasSubstr("not a result file"));
  EXPECT_THAT(error_of(to_line(samples::failed()) + "\n"),
              HasSubstr("the first line must be of kind \"run\""));
}

TEST_F(ResultFileTest, NamesTheBadLine) {
  const std::string head = to_line(samples::info()) + "\n";
  const std::string end = "\n" + to_line(run::RunSummary{}) + "\n";
  const auto with = [&](const std::string& line) { return error_of(head + line + end); };
  EXPECT_THAT(with("{"), HasSubstr("x.jsonl: line 2: not JSON"));
  EXPECT_EQ(with(R"({"kind":"case"})"), "x.jsonl: line 2: \"id\" is missing");
  EXPECT_EQ(with(R"({"kind":"case","id":1})"), "x.jsonl: line 2: \"id\" must be a string");
  EXPECT_EQ(with(R"({"kind":"case","id":"a","operation":"b","verdict":"GOOD"})"),
            "x.jsonl: line 2: unknown verdict \"GOOD\"");
  EXPECT_EQ(with(R"({"kind":"case","id":"a","operation":"b","verdict":"PASS","source":"x"})"),
            "x.jsonl: line 2: unknown source \"x\"");
  EXPECT_EQ(with(R"({"kind":"case","id":"a","operation":"b","verdict":"PASS","duration_us":-1})"),
            "x.jsonl: line 2: \"duration_us\" must be a non-negative integer");
  EXPECT_EQ(with(R"({"kind":"case","id":"a","operation":"b","verdict":"PASS","request":{"base64":"?"}})"),
            "x.jsonl: line 2: \"request\" must be a string or {\"base64\": \"...\"}");
  EXPECT_EQ(
      with(R"({"kind":"case","id":"a","operation":"b","verdict":"FAIL","findings":[{"severity":"defect"}]})"),
      "x.jsonl: line 2: findings: \"rule\" is missing");
  EXPECT_EQ(with(R"({"kind":"case","id":"a","operation":"b","verdict":"FAIL","findings":{"a":1}})"),
            "x.jsonl: line 2: \"findings\" must be a list of objects");
  EXPECT_EQ(with(R"({"kind":"\u001b[2J"})"), "x.jsonl: line 2: unknown kind \"\\x1b[2J\"");
  EXPECT_THAT(with(to_line(samples::info())), HasSubstr("x.jsonl: line 2: a second line of kind \"run\""));
  EXPECT_EQ(error_of(complete() + to_line(samples::failed()) + "\n"),
            "x.jsonl: line 4: something follows the summary");
  EXPECT_EQ(error_of(head + R"({"kind":"summary","counts":{"GOOD":1}})"),
            "x.jsonl: line 2: \"counts\" must be an object of counts by verdict");
  EXPECT_EQ(error_of(head + R"({"kind":"summary","counts":{},"operations":[1]})"),
            "x.jsonl: line 2: \"operations\" must be an object");
  EXPECT_EQ(error_of(head + R"({"kind":"summary","counts":{},"sites":[1]})"),
            "x.jsonl: line 2: \"sites\" must be an object");
  EXPECT_EQ(error_of(head + R"({"kind":"summary","counts":{},"sites":{"A":{"state":"odd"}}})"),
            "x.jsonl: line 2: \"sites\" must hold figures by operation");
  EXPECT_EQ(error_of(head + R"({"kind":"summary","counts":{},"figure":{"families":1}})"),
            "x.jsonl: line 2: \"figure\" must hold families");
  EXPECT_THAT(error_of("{\"kind\":\"run\",\"format\":2}\n"), HasSubstr("the format is not 1"));
  EXPECT_THAT(error_of("{\"kind\":\"run\",\"format\":1,\"tool\":\"x\"}\n"),
              HasSubstr("written by another tool, x"));
  EXPECT_EQ(with("{\"kind\":\"case\",\"id\":\"\xff\"}"), "x.jsonl: line 2: not UTF-8");
}

TEST_F(ResultFileTest, IgnoresMembersThatItDoesNotKnow) {
  EXPECT_EQ(error_of(R"({"kind":"run","format":1,"new":{"a":[1]}})"
                     "\n"
                     R"({"kind":"case","id":"a","operation":"b","verdict":"PASS","new":1})"
                     "\n"
                     R"({"kind":"summary","counts":{"PASS":1},"new":[]})"),
            "");
}

TEST_F(ResultFileTest, SaysTheFigureInAllAndOfEachFamily) {
  const Json line = Json::parse(to_line(samples::with_figures()));
  EXPECT_EQ(line["figure"], Json::parse(R"json({
    "operations": 6, "implemented": 4, "judged": 2, "all": 1014, "kept": 2, "broken": 8,
    "families": [
      {"key": "queues", "title": "Queues", "operations": 3, "implemented": 3, "judged": 1, "all": 14, "kept": 0, "broken": 7},
      {"key": "things", "title": "Things", "operations": 2, "implemented": 1, "judged": 1, "all": 1000, "kept": 2, "broken": 1},
      {"key": "boxes", "title": "Boxes", "operations": 1, "implemented": 0, "judged": 0, "all": 0, "kept": 0, "broken": 0}]})json"));
  EXPECT_EQ(line["sites"]["PutQueue"],
            Json::parse(R"json({"family": "queues", "state": "blocked", "why": "no queue",
    "all": 4, "kept": 0, "broken": 0, "implemented": true})json"));
  std::ifstream in(SSMC_SOURCE_DIR "/conformance/schemas/result.schema.json");
  const Json schema = Json::parse(in);
  std::vector<std::string> states;
  for (const run::OperationState state : run::kOperationStates) states.emplace_back(run::to_string(state));
  EXPECT_EQ(schema["$defs"]["summary"]["properties"]["sites"]["additionalProperties"]["properties"]["state"]
                  ["enum"],
            Json(states));
}

TEST_F(ResultFileTest, ReadsFiguresWithoutStatesAndFamilies) {
  const auto read = parse_result_file(
      to_line(samples::info()) +
          "\n"
          R"({"kind":"summary","counts":{"PASS":1},"operations":{"A":{"PASS":1},"B":{"BLOCKED":1}},)"
          R"("sites":{"A":{"all":5,"kept":3,"broken":1,"implemented":true},)"
          R"("B":{"all":1,"kept":0,"broken":0,"implemented":true},)"
          R"("C":{"all":1,"kept":0,"broken":0,"implemented":false}}})",
      "x");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  using run::OperationState;
  const std::map<std::string, run::OperationFigure> expected = {
      {"A", {"", OperationState::judged, "", 5, 3, 1}},
      {"B", {"", OperationState::blocked, "", 1, 0, 0}},
      {"C", {"", OperationState::not_implemented, "", 1, 0, 0}}};
  EXPECT_EQ(read->summary.figures, expected);
  EXPECT_EQ(read->summary.by_operation.size(), 2U);
}

TEST_F(ResultFileTest, SaysAtOnceThatItCannotWrite) {
  const auto nowhere = ResultFileWriter::open(path("none/r.jsonl"));
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().message, path("none/r.jsonl") + ": cannot be written: No such file or directory");
  const auto folder = ResultFileWriter::open(folder_.string());
  ASSERT_FALSE(folder.has_value());
  EXPECT_THAT(folder.error().message, HasSubstr("Is a directory"));
}

TEST_F(ResultFileTest, SaysThatTheDiskIsFull) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const auto writer = ResultFileWriter::open("/dev/full");
  ASSERT_TRUE(writer.has_value());
  (*writer)->started(samples::info());
  (*writer)->finished_case(samples::failed());
  ASSERT_FALSE((*writer)->status().has_value());
  EXPECT_THAT((*writer)->status().error().message,
              HasSubstr("cannot write the result file /dev/full: No space"));
}

TEST_F(ResultFileTest, OverwritesWhatIsThere) {
  std::ofstream(path("r.jsonl")) << std::string(10'000, 'x');
  {
    const auto writer = ResultFileWriter::open(path("r.jsonl"));
    ASSERT_TRUE(writer.has_value());
    (*writer)->started(samples::info());
    (*writer)->finished(run::RunSummary{});
  }
  EXPECT_TRUE(read_result_file(path("r.jsonl")).has_value());
}

TEST_F(ResultFileTest, SaysThatItCannotRead) {
  EXPECT_EQ(read_result_file(path("none")).error().message,
            path("none") + ": cannot be read: No such file or directory");
  EXPECT_THAT(read_result_file(folder_.string()).error().message, HasSubstr("is a folder"));
}

TEST_F(ResultFileTest, AnEndlessFileIsRefusedByItsFirstLine) {
  EXPECT_EQ(read_result_file("/dev/zero").error().message, "/dev/zero: line 1: longer than 16 MiB");
  EXPECT_THAT(error_of("\n"), HasSubstr("x.jsonl: not a result file of ssm-conformance (a blank line)"));
}

}  // namespace
}  // namespace harness::report::result_file_test
