// The whole suite against the reference in every dialect: a legitimate way to differ earns no defect.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "conformance/cli/case_data.h"
#include "conformance/cli/subject.h"
#include "conformance/ssm/reference.h"
#include "harness/run/resources.h"

namespace conformance::dialect_runs_test {
namespace {

namespace reference = harness::reference;
namespace run = harness::run;
using run::Verdict;

const CaseData& data() {
  static const CaseData loaded = [] {
    auto d = load_case_data();
    if (!d) {
      fmt::print(stderr, "{}\n", d.error().message);
      std::abort();
    }
    return std::move(*d);
  }();
  return loaded;
}

std::size_t count(const SubjectRun& ran, Verdict verdict) {
  const auto it = ran.summary.total.find(verdict);
  return it == ran.summary.total.end() ? 0 : it->second;
}

// The cases with this verdict, for messages.
std::string text(const SubjectRun& ran, Verdict verdict) {
  std::string out;
  for (const auto& r : ran.results) {
    if (r.verdict != verdict) continue;
    out += fmt::format("{} {}: {}\n", run::to_string(verdict), r.id, r.reason);
    for (const auto& f : r.findings) out += fmt::format("    {}: {}\n", f.rule, f.message);
    out += r.response.substr(0, 300) + "\n";
    if (out.size() > 10000) break;
  }
  return out;
}

struct Setting {
  Subject subject;
  std::size_t connections = 16;
};

// What is not judged must be what the subject explains.
void expect_explained(const SubjectRun& ran, const Subject& subject) {
  for (const auto& r : ran.results) {
    if (r.verdict == Verdict::pass) continue;
    EXPECT_TRUE(explains(data(), subject, r)) << run::to_string(r.verdict) << " " << r.id << ": " << r.reason;
  }
}

// Runs the suite; checks what must hold in every dialect. Only the plain one gets all cases. Of the others,
// `selftest` judges every one; here, where sanitizers look at the code, a third of them does, without those
// that make the same point with more bytes, and few of those that follow from the model alone.
SubjectRun judge(const Setting& setting) {
  const bool plain = setting.subject.name.starts_with("plain");
  SubjectOptions options;
  options.connections = setting.connections;
  options.seed = std::random_device{}();
  std::vector<run::Case> cases;
  for (const auto& c : data().cases) {
    const std::uint64_t one_of = c.by_model ? 60 : 3;
    const bool chosen =
        run::number_for(fmt::format("{} {}", options.seed, c.id)) % one_of == 0 && !is_large(c);
    if (plain || chosen) cases.push_back(c);
  }
  const auto ran = run_subject(data(), cases, setting.subject, options);
  if (!ran) {
    ADD_FAILURE() << ran.error().message;
    return {};
  }
  const auto label = fmt::format("{}, seed {}", setting.subject.name, options.seed);
  EXPECT_FALSE(ran->summary.endpoint_lost) << label << ": " << ran->summary.endpoint_problem;
  EXPECT_EQ(ran->results.size(), cases.size()) << label;
  for (const Verdict alarm : {Verdict::fail, Verdict::flaky, Verdict::error}) {
    EXPECT_EQ(count(*ran, alarm), 0U) << label << "\n" << text(*ran, alarm);
  }
  EXPECT_GT(count(*ran, Verdict::pass), 30U) << label;
  EXPECT_EQ(ran->summary.exit_status(), 0) << label;
  EXPECT_THAT(ran->documents_left, ::testing::IsEmpty()) << label;
  return *ran;
}

Setting dialect(std::string_view name) {
  const auto* found = ssm::find_dialect(name);
  if (found == nullptr) return {{"no such dialect", {}, {}, false, true}, 16};
  return {{std::string(name), found->dialect, {}, false, true}, 16};
}

std::vector<Setting> settings() {
  std::vector<Setting> out;
  for (const std::size_t connections : {1U, 16U, 32U})
    out.push_back({{fmt::format("plain-{}", connections), {}, {}, false, true}, connections});
  out.push_back({{"tls-own-ca", {}, {}, true, true}, 16});
  out.push_back({{"signatures-ignored", {}, {}, false, false}, 16});
  out.push_back({{"under-a-path", {}, {}, false, true, false, "/tenant-1/aws"}, 16});
  for (const auto& d : ssm::dialects()) out.push_back(dialect(d.name));
  return out;
}

class DialectRun : public ::testing::TestWithParam<Setting> {};

TEST_P(DialectRun, EarnsNoDefect) {
  expect_explained(judge(GetParam()), GetParam().subject);
}

std::string test_name(const ::testing::TestParamInfo<Setting>& info) {
  std::string name = info.param.subject.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Reference, DialectRun, ::testing::ValuesIn(settings()), test_name);

TEST(Dialects, ThoseOfTheContractAreThere) {
  for (const char* name : {"close-after-response", "chunked", "slow-30ms", "pages-by-10",
                           "only-get-connection-status", "no-document-creation"}) {
    EXPECT_NE(ssm::find_dialect(name), nullptr) << name;
  }
  EXPECT_GE(ssm::dialects().size(), 16U);
}

// An endpoint that takes what it should refuse: there is no refusal of which a trace could be left, and
// nothing is said of what it made of the change.
TEST(Scenarios, AChangeThatIsNotRefusedIsUnchecked) {
  std::vector<run::Case> cases;
  for (const auto& c : data().cases) {
    if (c.id.starts_with("DescribeDocumentPermission/scenario/refused/")) cases.push_back(c);
  }
  ASSERT_GE(cases.size(), 14U);
  Subject lenient{"lenient", {}, {}, false, true, true};
  lenient.fault.outcome = [](std::string_view operation, const harness::wire::Json&, reference::Outcome& o) {
    if (!operation.empty() && operation != "DescribeDocumentPermission" && !o)
      o = harness::wire::Json::object();
  };
  const auto ran = run_subject(data(), cases, lenient, {});
  ASSERT_TRUE(ran.has_value()) << ran.error().message;
  for (const auto& r : ran->results) {
    // JSON that is cut off names no operation: it is refused.
    const Verdict expected = r.id.ends_with("/cut-body") ? Verdict::pass : Verdict::unchecked;
    EXPECT_EQ(r.verdict, expected) << r.id << " " << r.reason;
  }
}

TEST(Dialects, ThePlainReferenceIsRightAtEveryLevel) {
  for (const auto level : {harness::oracle::Level::rejects, harness::oracle::Level::aws}) {
    std::vector<run::Case> cases;
    for (const auto& c : data().cases) {
      if (!is_large(c) && !c.is_valid_by_model()) cases.push_back(c);
    }
    SubjectOptions options;
    options.level = level;
    const Subject plain{"plain", {}, {}, false, true, true};
    const auto ran = run_subject(data(), cases, plain, options);
    ASSERT_TRUE(ran.has_value()) << ran.error().message;
    ASSERT_EQ(ran->results.size(), cases.size());
    EXPECT_GT(count(*ran, Verdict::pass), 8'000U);
    expect_explained(*ran, plain);
  }
}

TEST(Dialects, OneThatOnlyHasGetConnectionStatusIsJudgedByIt) {
  const SubjectRun ran = judge(dialect("only-get-connection-status"));
  const auto& of = ran.summary.by_operation;
  EXPECT_EQ(of.at("DescribeDocumentPermission").size(), 1U);
  EXPECT_TRUE(of.at("DescribeDocumentPermission").contains(Verdict::not_implemented));
  EXPECT_TRUE(of.at("GetConnectionStatus").contains(Verdict::pass));
  EXPECT_FALSE(of.at("GetConnectionStatus").contains(Verdict::blocked));
}

TEST(Dialects, OneThatHasADocumentButCannotCreateAnyIsJudgedByIt) {
  const SubjectRun ran = judge(dialect("no-document-creation"));
  EXPECT_GT(ran.summary.by_operation.at("DescribeDocumentPermission").at(Verdict::pass), 100U);
}

// Nothing is answered outside of the path, so that what is right here is right about the path.
TEST(Dialects, AnEndpointUnderAPathIsJudgedWhole) {
  const Setting setting{{"under-a-path", {}, {}, false, true, false, "/tenant-1/aws"}, 16};
  const SubjectRun ran = judge(setting);
  EXPECT_GT(count(ran, Verdict::pass), 500U);
  expect_explained(ran, setting.subject);
}

// A fault that every case of one kind shows, so that the tests above cannot pass because nothing was judged.
TEST(Dialects, AFaultIsSeenWhereADialectIsNot) {
  const auto* fault = ssm::find_fault("max-results-201-accepted");
  ASSERT_NE(fault, nullptr);
  std::vector<run::Case> cases;
  for (const auto& c : data().cases) {
    if (c.id.find("/MaxResults/range/") != std::string::npos) cases.push_back(c);
  }
  const auto ran = run_subject(data(), cases, {fault->name, {}, fault->make(), false, true}, {});
  ASSERT_TRUE(ran.has_value()) << ran.error().message;
  EXPECT_EQ(count(*ran, Verdict::fail), 1U) << text(*ran, Verdict::fail);
  EXPECT_EQ(ran->summary.exit_status(), 1);
}

}  // namespace
}  // namespace conformance::dialect_runs_test
