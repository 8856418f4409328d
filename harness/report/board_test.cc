#include "harness/report/board.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "harness/report/samples_for_test.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report::board_test {
namespace {

using run::OperationState;
using run::Verdict;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using wire::Json;

const std::vector<oracle::FindingRule> kNoRules;

// A case of GetThing about its member Limit.
run::CaseResult of_limit(Verdict verdict, const std::string& id = "GetThing/Limit/range/above") {
  run::CaseResult out = samples::failed(id);
  out.operation = "GetThing";
  out.place = "Limit";
  out.sites = {"Limit/range"};
  out.verdict = verdict;
  out.findings[0].signature = "GetThing|outcome/accepted|range:Limit|200";
  if (verdict != Verdict::fail && verdict != Verdict::xfail) out.findings.clear();
  return out;
}

// A run of the sample's operations that has these cases too.
ResultFile run_with(const std::vector<run::CaseResult>& cases) {
  return {samples::info(), cases, samples::with_figures()};
}

Board board_of(std::vector<std::vector<run::CaseResult>> runs) {
  BoardBuilder builder;
  for (std::size_t i = 0; i < runs.size(); ++i)
    builder.add(std::string(1, static_cast<char>('a' + i)), run_with(runs[i]));
  return builder.build();
}

// What became of the only requirement in each run.
std::vector<std::string> states_of(const Board& board) {
  std::vector<std::string> out;
  EXPECT_EQ(board.requirements.size(), 1U);
  for (const RequirementCell& cell : board.requirements.at(0).cells) {
    out.emplace_back(to_string(cell.state));
    if (cell.state == RequirementState::broken) out.back() += " " + std::string(run::to_string(cell.verdict));
  }
  return out;
}

TEST(Board, ARequirementIsKeptWhereACasePassesThatBreaksItElsewhere) {
  const Board board = board_of({{of_limit(Verdict::fail)},
                                {of_limit(Verdict::pass)},
                                {of_limit(Verdict::xpass)},
                                {of_limit(Verdict::xfail)},
                                {of_limit(Verdict::pass, "GetThing/Limit/range/below")}});
  EXPECT_THAT(states_of(board), ElementsAre("broken FAIL", "kept", "kept", "broken XFAIL", "not judged"));
  EXPECT_THAT(board.requirements[0].constraints, ElementsAre("range"));
  EXPECT_EQ(board.requirements[0].family, "things");
}

TEST(Board, WhatCameToNoVerdictIsNeitherKeptNorBroken) {
  for (const Verdict verdict : {Verdict::flaky, Verdict::error, Verdict::blocked, Verdict::unchecked}) {
    const Board board = board_of({{of_limit(Verdict::fail)}, {of_limit(verdict)}});
    EXPECT_THAT(states_of(board), ElementsAre("broken FAIL", "not judged")) << run::to_string(verdict);
  }
  const Board twice =
      board_of({{of_limit(Verdict::fail), of_limit(Verdict::fail, "GetThing/Limit/range/below")},
                {of_limit(Verdict::pass), of_limit(Verdict::flaky, "GetThing/Limit/range/below")}});
  EXPECT_THAT(states_of(twice), ElementsAre("broken FAIL", "not judged")) << "one that passes, one FLAKY";
}

TEST(Board, AnotherRequirementThatACaseBreaksSaysNothingOfThisOne) {
  run::CaseResult otherwise = of_limit(Verdict::fail);
  otherwise.findings[0].rule = "outcome/wrong-code";
  otherwise.findings[0].signature = "GetThing|outcome/wrong-code|range:Limit|400";
  const Board board = board_of({{of_limit(Verdict::fail)}, {otherwise}});
  ASSERT_EQ(board.requirements.size(), 2U);
  EXPECT_EQ(board.requirements[0].cells[1].state, RequirementState::not_judged);
  EXPECT_EQ(board.requirements[1].cells[1].state, RequirementState::broken);
}

TEST(Board, WhatAnEndpointLacksIsNotThere) {
  BoardBuilder builder;
  builder.add("a", run_with({of_limit(Verdict::fail)}));
  ResultFile lacking = run_with({of_limit(Verdict::not_implemented)});
  lacking.summary.by_operation["GetThing"] = {{Verdict::not_implemented, 12}};
  lacking.summary.figures["GetThing"].state = OperationState::not_implemented;
  builder.add("b", std::move(lacking));
  const Board board = builder.build();
  EXPECT_THAT(states_of(board), ElementsAre("broken FAIL", "not there"));
  const std::string text = board_markdown(board, kNoRules);
  EXPECT_THAT(text, HasSubstr("| GetThing | judged, 0.3 %, 33.3 %, 1 | not implemented |"));
  EXPECT_THAT(text, HasSubstr("| Things | 1/1, 0.3 %, 33.3 %, 1 | 0/0 |")) << "neither 0 % nor 100 %";
}

TEST(Board, CountsWhatABaselineExpects) {
  const Board board = board_of({{of_limit(Verdict::xfail)}});
  EXPECT_EQ(board.columns[0].requirements, 1U);
  EXPECT_THAT(board.columns[0].outcome, HasSubstr("0 requirements")) << "the run expected it";
  EXPECT_EQ(board.all.cells[0]->requirements, 1U);
}

TEST(Board, FamiliesHaveCoverageDivergenceAndBrokenRequirements) {
  run::CaseResult of_protocol = of_limit(Verdict::fail, "Protocol/x");
  of_protocol.operation = run::kProtocol;
  const Board board = board_of({{of_limit(Verdict::fail), of_protocol}});
  std::vector<std::string> rows;
  for (const BoardFamily& family : board.families) {
    const FamilyCell& cell = *family.cells[0];
    rows.push_back(family.name.title + " " + cell.figure.coverage() + " " + cell.figure.divergence() + " " +
                   std::to_string(cell.requirements));
  }
  EXPECT_THAT(
      rows, ElementsAre("Queues 50.0 % 100.0 % 0", "Things 0.3 % 33.3 % 1", "Boxes - - 0", "Protocol - - 1"));
  EXPECT_EQ(board.all.cells[0]->requirements, 2U) << "the sum of the families";
  EXPECT_EQ(board.all.cells[0]->figure.divergence(), "80.0 %");
}

TEST(Board, SaysWhatMakesRunsDifferBesidesTheirEndpoints) {
  BoardBuilder builder;
  builder.add("a", run_with({}));
  ResultFile other = run_with({});
  other.info.level = "rejects";
  other.summary.figures.clear();
  other.summary.endpoint_lost = true;
  other.summary.total[Verdict::flaky] = 2;
  other.info.options["filter"] = "Get*";
  builder.add("b", std::move(other));
  const std::vector<std::string> notes = builder.build().notes;
  ASSERT_EQ(notes.size(), 3U);
  EXPECT_EQ(
      notes[0],
      "b: the endpoint was lost before the run's end; only a part of the cases was run (--filter Get*), so "
      "that there are no figures; 2 cases are FLAKY or an ERROR, neither kept nor broken");
  EXPECT_THAT(notes[1], testing::StartsWith("a and b: the levels differ"));
  EXPECT_THAT(notes[2], testing::StartsWith("a and b: the selections differ"));
  EXPECT_THAT(board_of({{}, {}}).notes, IsEmpty());
}

TEST(Board, NamesTheVersionOfTheEndpointIfItIsKnown) {
  BoardBuilder builder;
  ResultFile file = run_with({});
  file.info.options["endpoint-version"] = "5.2.5";
  file.info.options["endpoint-commit"] = "abc123";
  builder.add("queue-emulator", std::move(file));
  const Board board = builder.build();
  for (const auto& format : board_formats()) {
    const std::string text = format.render(board, kNoRules);
    for (const char* part : {"queue-emulator", "5.2.5", "abc123", "0.1.0", "2026-11-22T04:29:00"})
      EXPECT_THAT(text, HasSubstr(part)) << format.option;
  }
  EXPECT_THAT(board_text(board, kNoRules, 80, false), HasSubstr("queue-emulator 5.2.5 (abc123): "));
  EXPECT_THAT(board_markdown(board_of({{}}), kNoRules), Not(HasSubstr("commit")));
}

// ---- The forms ----

// Every member of the value must be described by the schema, and every one that must be there is.
void expect_described(const Json& value, Json described, const Json& schema, const std::string& at) {
  const auto resolve = [&](const Json& of) {
    return of.contains("$ref") ? schema.at(Json::json_pointer(of["$ref"].get<std::string>().substr(1))) : of;
  };
  described = resolve(described);
  if (described.contains("oneOf")) {
    if (value.is_null()) return;
    described = resolve(described["oneOf"][0]);
  }
  if (described.contains("enum")) {
    EXPECT_THAT(described["enum"], ::testing::Contains(value)) << at;
  }
  if (described.contains("const")) {
    EXPECT_EQ(value, described["const"]) << at;
  }
  for (const Json& name : described.value("required", Json::array()))
    EXPECT_TRUE(value.contains(name.get<std::string>())) << at << " has no " << name;
  if (value.is_array()) {
    for (const Json& item : value) expect_described(item, described["items"], schema, at + "[]");
  }
  if (!value.is_object()) return;
  for (const auto& [name, member] : value.items()) {
    ASSERT_TRUE(described["properties"].contains(name)) << at << "." << name;
    expect_described(member, described["properties"][name], schema, at + "." + name);
  }
}

TEST(BoardJson, IsAsItsSchemaSays) {
  std::ifstream in(SSMC_SOURCE_DIR "/conformance/schemas/board.schema.json");
  const Json schema = Json::parse(in);
  BoardBuilder builder;
  builder.add("a", run_with({of_limit(Verdict::fail)}));
  ResultFile small = run_with({of_limit(Verdict::pass)});
  small.summary = samples::summary_of(small.results);
  builder.add("b", std::move(small));
  const Json board = Json::parse(board_json(builder.build(), kNoRules));
  expect_described(board, schema, schema, "board");
  EXPECT_EQ(board["requirements"][0]["requirement"], "GetThing|outcome/accepted|member|Limit");
  EXPECT_EQ(board["requirements"][0]["cells"],
            Json::parse(R"([{"state": "broken", "verdict": "FAIL", "cases": 1},
                                                              {"state": "kept"}])"));
  EXPECT_EQ(board["families"][0]["cells"][0]["divergence"], 1.0);
  EXPECT_EQ(board["families"][0]["cells"][1], nullptr) << "nothing of it was run";
  EXPECT_EQ(board["all"][1]["coverage"], nullptr) << "unknown is not 0";
  EXPECT_EQ(board["operations"].size(), 6U);
}

TEST(BoardForms, LetNoAnswerFormMarkup) {
  run::CaseResult hostile = samples::hostile();
  hostile.id = hostile.operation = "\"><img src=x onerror='a'>&amp;" + samples::kHostile;
  ResultFile file{samples::info(), {hostile}, samples::with_figures()};
  file.info.endpoint = file.info.level = file.info.started = samples::kHostile;
  file.info.options["endpoint-version"] = file.info.options["filter"] = samples::kHostile;
  file.summary.families = {{"queues", samples::kHostile}};
  file.summary.endpoint_lost = true;
  file.summary.endpoint_problem = samples::kHostile;
  BoardBuilder builder;
  builder.add(samples::kHostile, std::move(file));
  const Board board = builder.build();
  const std::string page = board_html(board, kNoRules);
  for (const char* bad : {"<script", "<img", "onerror='"}) EXPECT_THAT(page, Not(HasSubstr(bad)));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  const std::string markdown = board_markdown(board, kNoRules);
  for (const char* bad : {" <script", "><img", "|`"}) EXPECT_THAT(markdown, Not(HasSubstr(bad)));
  EXPECT_THAT(markdown, HasSubstr("\\<script\\>"));
  for (const std::string& text : {page, markdown, board_text(board, kNoRules, 80, true)})
    EXPECT_EQ(many_lines(text), text) << "no control characters";
  const std::string json = board_json(board, kNoRules);
  EXPECT_TRUE(
      std::all_of(json.begin(), json.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

TEST(BoardHtml, LoadsAndRunsNothing) {
  const std::string page =
      board_html(board_of({{of_limit(Verdict::fail)}, {of_limit(Verdict::pass)}}), kNoRules);
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
  for (const char* bad : {"<script", "<link", "src=", "url(", "http://www", "https://"})
    EXPECT_THAT(page, Not(HasSubstr(bad)));
  EXPECT_THAT(page,
              HasSubstr("<td class=\"broken first\">broken (FAIL 1)</td><td class=\"kept first\">kept</td>"));
  EXPECT_TRUE(
      std::all_of(page.begin(), page.end(), [](char c) { return static_cast<unsigned char>(c) < 128; }));
}

TEST(BoardText, PutsAsManyEndpointsSideBySideAsFit) {
  const Board board = board_of({{}, {}, {}});
  const auto tables = [&](std::size_t width) {
    const std::string text = board_text(board, kNoRules, width, false);
    std::size_t out = 0;
    for (std::size_t at = 0; (at = text.find("\nfamily ", at)) != std::string::npos; ++at) ++out;
    return out;
  };
  EXPECT_EQ(tables(200), 1U);
  EXPECT_EQ(tables(100), 2U);
  EXPECT_EQ(tables(1), 3U) << "at least one";
}

TEST(BoardText, ShowsOperationsAndRequirementsIfEverythingIsAskedFor) {
  const Board board = board_of({{of_limit(Verdict::fail)}});
  const std::string line = "GetThing: Limit (range) [outcome/accepted]   broken (FAIL 1)\n";
  EXPECT_THAT(board_text(board, kNoRules, 120, false), Not(HasSubstr("GetThing")));
  const std::string all = board_text(board, kNoRules, 120, true);
  EXPECT_THAT(all, HasSubstr("Things: 2 operations\n"));
  EXPECT_THAT(all, HasSubstr(line));
}

}  // namespace
}  // namespace harness::report::board_test
