#include "harness/report/findings_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "harness/files/input_file.h"
#include "harness/report/findings_baseline.h"
#include "harness/wire/http_text.h"
#include "harness/wire/json.h"

namespace harness::report::findings_folder_test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kSignature =
    "DescribeDocumentPermission|outcome/accepted|range:MaxResults|200 "
    "{AccountIds:[],AccountSharingInfoList:[]}";
constexpr const char* kId = "describe-document-permission-outcome-accepted-range-max-results-200-account-ids";
constexpr const char* kRequest =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
    "Content-Type: application/x-amz-json-1.1\n\n"
    "{\"Name\":\"{{document}}\",\"PermissionType\":\"Share\",\"MaxResults\":201}\n";

FoundDefect defect(std::string signature = kSignature) {
  FoundDefect d;
  d.signature = std::move(signature);
  d.rule = "outcome/accepted";
  d.operation = "DescribeDocumentPermission";
  d.message = "the request was accepted (200) although MaxResults is 201";
  d.http_text = kRequest;
  d.reproduce = {"curl -q create", "curl -q describe"};
  d.request = "POST / HTTP/1.1\n\n{\"Name\":\"ssmc-1-document\",\"MaxResults\":201}";
  d.response = "HTTP/1.1 200 OK\n\n{\"AccountIds\":[]}";
  d.expected = "400 ValidationException (recorded from AWS)";
  d.because = "the documented range";
  d.first_seen = d.last_seen = "2026-11-24T19:45:55Z";
  d.target = "http://127.0.0.1:4566/";
  return d;
}

class Findings : public testing::Test {
 protected:
  void SetUp() override {
    path_ = (fs::temp_directory_path() / ("ssmc-findings-" + std::to_string(::getpid()))).string();
    fs::remove_all(path_);
  }
  void TearDown() override { fs::remove_all(path_); }

  FindingsFolder open() const {
    auto folder = FindingsFolder::open(path_);
    EXPECT_TRUE(folder) << folder.error().message;
    return *std::move(folder);
  }
  std::string content(const std::string& name) const {
    const auto text = files::read_file(path_ + "/" + name);
    return text ? *text : "(" + text.error().message + ")";
  }
  wire::Json index() const {
    const auto parsed = wire::parse_json(content("index.json"));
    EXPECT_TRUE(parsed);
    return parsed ? parsed->value : wire::Json();
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }
  std::string path_;
};

TEST(FindingId, CanBeReadAndIsSafe) {
  EXPECT_THAT(finding_id(kSignature), testing::StartsWith(std::string(kId) + "-"));
  EXPECT_EQ(finding_id(kSignature), finding_id(kSignature));
  EXPECT_NE(finding_id(std::string(kSignature) + "x"), finding_id(kSignature));
  for (const std::string& odd :
       {std::string("../../etc/passwd"), std::string("a\nb\0c", 5), std::string(), std::string(5000, 'x'),
        std::string("\xff\xfe|{}|日本"), std::string("-|-|-")}) {
    const std::string id = finding_id(odd);
    EXPECT_LE(id.size(), 90U);
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos) << id;
    EXPECT_NE(id.front(), '-');
  }
}

TEST_F(Findings, AreWrittenForPeopleAndForPrograms) {
  auto folder = open();
  EXPECT_FALSE(folder.knows(kSignature));
  ASSERT_TRUE(folder.add(defect()).value_or(false));
  EXPECT_TRUE(folder.knows(kSignature));
  const std::string id = finding_id(kSignature);

  const std::string http = content(id + ".http");
  EXPECT_THAT(http,
              testing::StartsWith("# the request was accepted (200) although MaxResults is 201\n# @sig"));
  EXPECT_THAT(http, testing::EndsWith(kRequest));
  const auto read = wire::parse_http_text(http);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->directive("signature"), kSignature);
  EXPECT_EQ(read->request.body, R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})");

  const std::string md = content(id + ".md");
  for (const char* part : {"the documented range", "ssmc-1-document", "200 OK", "400 ValidationException",
                           "curl -q create\ncurl -q describe", "{{document}}"}) {
    EXPECT_THAT(md, HasSubstr(part));
  }

  const auto json = index();
  ASSERT_EQ(json["findings"].size(), 1U);
  const auto& entry = json["findings"][0];
  EXPECT_EQ(entry["id"], id);
  EXPECT_EQ(entry["signature"], kSignature);
  EXPECT_EQ(entry["state"], "open");
  EXPECT_EQ(entry["seen"], 1);
  EXPECT_EQ(entry["http"], id + ".http");
}

TEST_F(Findings, OneSignatureIsWrittenOnceAndCounted) {
  auto folder = open();
  ASSERT_TRUE(folder.add(defect()).value_or(false));
  auto other = defect();
  other.http_text = "POST /other HTTP/1.1\n";
  other.seen = 4;
  other.last_seen = "2026-11-24T20:00:00Z";
  const auto added = folder.add(other);
  ASSERT_TRUE(added);
  EXPECT_FALSE(*added);
  ASSERT_TRUE(folder.write_index());
  const auto all = folder.all();
  ASSERT_EQ(all.findings.size(), 1U);
  EXPECT_EQ(all.findings[0].seen, 5U);
  EXPECT_EQ(all.findings[0].first_seen, "2026-11-24T19:45:55Z");
  EXPECT_EQ(all.findings[0].last_seen, "2026-11-24T20:00:00Z");
  EXPECT_EQ(all.findings[0].http_text, kRequest);
  EXPECT_THAT(all.problems, IsEmpty());
  // Written once, not at each index.
  ASSERT_TRUE(folder.write_index());
  EXPECT_EQ(folder.all().findings[0].seen, 5U);
}

TEST_F(Findings, AreMarkedFixedAndOpenWhenTheyComeBack) {
  auto folder = open();
  ASSERT_TRUE(folder.add(defect()));
  ASSERT_TRUE(folder.mark(kSignature, kFixed));
  EXPECT_EQ(folder.all().findings[0].state, "fixed");
  ASSERT_TRUE(folder.write_index());
  EXPECT_EQ(index()["findings"][0]["state"], "fixed");
  ASSERT_TRUE(folder.add(defect()));
  ASSERT_TRUE(folder.write_index());
  EXPECT_EQ(index()["findings"][0]["state"], "open");
  EXPECT_FALSE(folder.mark("nothing|of|the|kind", kFixed));
}

TEST_F(Findings, ManyProcessesShareAFolder) {
  // flock() and link() tell open files apart, not processes, so threads with a folder each show the same.
  constexpr int kThreads = 4;
  constexpr int kSignatures = 10;
  std::atomic<int> created{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      auto folder = open();
      for (int i = 0; i < kSignatures; ++i) {
        const auto added = folder.add(defect("sig|" + std::to_string(i)));
        ASSERT_TRUE(added) << added.error().message;
        if (*added) ++created;
      }
      EXPECT_TRUE(folder.write_index());
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(created, kSignatures);
  const auto all = open().all();
  EXPECT_THAT(all.problems, IsEmpty());
  ASSERT_EQ(all.findings.size(), std::size_t{kSignatures});
  for (const auto& d : all.findings) EXPECT_EQ(d.seen, std::uint64_t{kThreads}) << d.signature;
  EXPECT_EQ(index()["findings"].size(), std::size_t{kSignatures});
}

TEST_F(Findings, ADamagedFileEarnsOneLineAndIsKept) {
  auto folder = open();
  ASSERT_TRUE(folder.add(defect()));
  ASSERT_TRUE(folder.add(defect("second|one")));
  const std::string damaged = finding_id(kSignature) + ".http";
  write(damaged, "");
  write("notes.http", "GET / HTTP/1.1\n");
  write("binary.http", std::string("\0\xff\x01", 3));
  write("state.http", "# what\n# @signature x|y\n# @state odd\nGET / HTTP/1.1\n");
  write("count.http", "# what\n# @signature x|y\n# @seen many\nGET / HTTP/1.1\n");
  write("cut.http", "# what\n# @signature x|y\n");
  write("copy.http", content(finding_id("second|one") + ".http"));
  fs::create_directory(path_ + "/folder.http");
  write("index.json", "{damaged");

  auto later = open();
  const auto all = later.all();
  ASSERT_EQ(all.findings.size(), 1U);
  EXPECT_EQ(all.findings[0].signature, "second|one");
  EXPECT_EQ(all.problems.size(), 8U);
  for (const auto& line : all.problems) {
    EXPECT_THAT(line, AllOf(HasSubstr(".http: "), Not(HasSubstr("\n"))));
  }
  ASSERT_TRUE(later.write_index());
  EXPECT_EQ(index()["findings"].size(), 1U);
  // It comes again: written anew, and the damaged file is still there.
  EXPECT_FALSE(later.knows(kSignature));
  EXPECT_TRUE(later.add(defect()).value_or(false));
  EXPECT_EQ(content(damaged + ".damaged"), "");
  EXPECT_EQ(later.all().findings.size(), 2U);
  EXPECT_EQ(content("notes.http"), "GET / HTTP/1.1\n");
}

TEST_F(Findings, WhateverAnEndpointSaysTheFilesCanBeRead) {
  auto folder = open();
  auto d = defect("op|rule|kind|200 {\n# @state fixed\x1b[2J{{evil}}: \"\xff\"}");
  d.message = "@raw {{document}}\nPOST \xfe";
  d.target = "http://a\n# @seen 99";
  d.response = "HTTP/1.1 200 OK\n\n```\n# injected\n\x1b[2J";
  ASSERT_TRUE(folder.add(d).value_or(false));
  EXPECT_TRUE(folder.knows(d.signature));
  EXPECT_FALSE(folder.add(d).value_or(true));
  const auto all = folder.all();
  EXPECT_THAT(all.problems, IsEmpty());
  ASSERT_EQ(all.findings.size(), 1U);
  EXPECT_EQ(all.findings[0].state, "open");
  EXPECT_EQ(all.findings[0].seen, 1U);
  EXPECT_EQ(all.findings[0].http_text, kRequest);
  const std::string http = content(finding_id(d.signature) + ".http");
  const auto text = wire::parse_http_text(http);
  ASSERT_TRUE(text);
  EXPECT_FALSE(text->raw);
  EXPECT_THAT(wire::placeholders(http), ElementsAre(testing::Pair("document", "")));
  EXPECT_THAT(content(finding_id(d.signature) + ".md"), Not(HasSubstr("\x1b")));
}

TEST_F(Findings, ReadingWhatWasWrittenGivesTheSame) {
  auto d = defect();
  d.seen = 7;
  d.state = kFixed;
  d.http_text = "# a comment of the request\n# @raw\nGET / HTTP/1.1\n";
  const auto again = read_finding_http(finding_http(d));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(finding_http(*again), finding_http(d));
  EXPECT_EQ(again->http_text, d.http_text);
}

TEST(FindingsReport, IsATableAndWhatIsOpenInFull) {
  auto second = defect("a|b");
  second.state = kFixed;
  second.message = "the other one";
  const std::string md = findings_markdown(
      "2 findings | all", {{defect(), "still happens", true}, {second, "fixed", false}}, "../f");
  EXPECT_THAT(md, testing::StartsWith("# 2 findings \\| all\n\n| state |"));
  EXPECT_THAT(md, HasSubstr("| open, expected | still happens | [the request was accepted"));
  EXPECT_THAT(md, HasSubstr("| fixed | fixed |"));
  EXPECT_THAT(md, HasSubstr("(<../f/" + finding_id("a|b") + ".md>)"));
  EXPECT_THAT(md, HasSubstr("\n## the request was accepted"));
  EXPECT_THAT(md, Not(HasSubstr("## the other one")));
}

TEST_F(Findings, TheBaselineIsASignatureALineOrAnIndex) {
  auto folder = open();
  ASSERT_TRUE(folder.add(defect()));
  ASSERT_TRUE(folder.add(defect("b|c")));
  ASSERT_TRUE(folder.mark("b|c", kFixed));
  ASSERT_TRUE(folder.write_index());
  const auto from_index = load_findings_baseline(path_ + "/index.json");
  ASSERT_TRUE(from_index) << from_index.error().message;
  EXPECT_THAT(*from_index, ElementsAre(kSignature));

  const std::string file = path_ + "/baseline.txt";
  ASSERT_TRUE(save_findings_baseline(file, {kSignature, "x|y"}));
  const auto again = load_findings_baseline(file);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(*again, ElementsAre(kSignature, "x|y"));

  for (const auto& [text, why] : {std::pair{"{", "not JSON"},
                                  {"{}", "neither"},
                                  {R"({"findings":[1]})", "a \"signature\""},
                                  {"# fine\nno signature\n", "line 2: no signature"},
                                  {"\xff|", "not UTF-8"}}) {
    write("baseline.txt", text);
    const auto wrong = load_findings_baseline(file);
    ASSERT_FALSE(wrong) << text;
    EXPECT_THAT(wrong.error().message, AllOf(testing::StartsWith(file + ": "), HasSubstr(why)));
  }
  EXPECT_FALSE(load_findings_baseline(path_ + "/none"));
}

TEST(FindingsIndex, TheSchemaKnowsEveryMember) {
  std::ifstream in(SSMC_SOURCE_DIR "/conformance/schemas/findings.schema.json");
  const auto schema = wire::Json::parse(in);
  const auto index = wire::Json::parse(findings_index({defect()}));
  const auto agree = [](const wire::Json& value, const wire::Json& described) {
    for (const auto& [name, member] : value.items())
      EXPECT_TRUE(described["properties"].contains(name)) << name;
    for (const auto& name : described["required"])
      EXPECT_TRUE(value.contains(name.get<std::string>())) << name;
  };
  agree(index, schema);
  agree(index["findings"][0], schema["$defs"]["finding"]);
  for (const auto state : {kOpen, kFixed}) {
    EXPECT_THAT(schema["$defs"]["finding"]["properties"]["state"]["enum"],
                testing::Contains(std::string(state)));
  }
}

TEST(FindingsFolder, SaysWhyItCannotBeOpened) {
  const auto folder = FindingsFolder::open("/dev/null/findings");
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, testing::StartsWith("/dev/null/findings: "));
}

}  // namespace
}  // namespace harness::report::findings_folder_test
