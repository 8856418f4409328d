// Every case as a GoogleTest test, on the same engine as the command: for those whose tools speak GoogleTest
// (filters, shards, XML). The endpoint is the one of the AWS configuration (aws_config.h), else the embedded
// reference endpoint; SSMC_CONNECTED_NODE and SSMC_DOCUMENT say what exists there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>

#include "conformance/cli/aws_config.h"
#include "conformance/cli/case_data.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/target.h"
#include "conformance/ssm/resources.h"
#include "harness/run/runner.h"

namespace {

namespace run = harness::run;

// GoogleTest's filters give '-' and ':' a meaning; a name with them could not be selected.
std::string test_name(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return out;
}

// Runs, before the first test, the cases whose tests the filter and the shard leave; the tests then look up
// what was found.
class Engine : public testing::Environment, public run::Observer {
 public:
  Engine(const conformance::CaseData& data, conformance::Target& target) : data_(data), target_(target) {}

  void register_test(const run::Case& c);

  void SetUp() override {
    testing::Test::RecordProperty("endpoint", conformance::described(target_));
    results_.clear();
    std::vector<run::Case> selected;
    const auto* unit = testing::UnitTest::GetInstance();
    for (int s = 0; s < unit->total_test_suite_count(); ++s) {
      const auto* suite = unit->GetTestSuite(s);
      for (int t = 0; t < suite->total_test_count(); ++t) {
        const auto* info = suite->GetTestInfo(t);
        if (!info->should_run()) continue;
        selected.push_back(*cases_.at(std::string(suite->name()) + "." + info->name()));
      }
    }
    run::RunOptions options;
    options.seed = run::random_seed();  // an earlier run may have left documents behind
    options.signing = target_.signing;
    options.other_operations = data_.other_operations;
    const auto env = conformance::process_environment();
    options.given = target_.given;
    for (const auto& [variable, kind] : {std::pair{"SSMC_DOCUMENT", conformance::ssm::kDocument},
                                         std::pair{"SSMC_CONNECTED_NODE", conformance::ssm::kNode}}) {
      if (const auto value = env(variable); value && !value->empty()) options.given[kind] = *value;
    }
    options.ca_bundle = target_.ca_bundle;
    const std::atomic<bool> stop{false};
    const auto summary = run::run(*target_.endpoint, data_.pack(), selected, options, *this, stop);
    if (summary.endpoint_lost) GTEST_FAIL() << summary.endpoint_problem;
  }

  void finished_case(const run::CaseResult& result) override { results_[result.id] = result; }

  const run::CaseResult* result(const std::string& id) const {
    const auto it = results_.find(id);
    return it == results_.end() ? nullptr : &it->second;
  }

 private:
  const conformance::CaseData& data_;
  conformance::Target& target_;
  std::map<std::string, const run::Case*> cases_;  // by "suite.test"
  std::map<std::string, run::CaseResult> results_;
};

class CaseTest : public testing::Test {
 public:
  CaseTest(const Engine& engine, std::string id) : engine_(engine), id_(std::move(id)) {}

  void TestBody() override {
    const run::CaseResult* r = engine_.result(id_);
    if (r == nullptr) FAIL() << id_ << ": has no result; the run ended before it";
    switch (r->verdict) {
      case run::Verdict::pass:
        return;
      case run::Verdict::not_implemented:
      case run::Verdict::blocked:
      case run::Verdict::unchecked:
        GTEST_SKIP() << run::to_string(r->verdict) << ": " << r->reason;
      default:
        break;
    }
    std::string findings;
    for (const auto& f : r->findings) findings += fmt::format("  {}: {}\n", f.rule, f.message);
    FAIL() << run::to_string(r->verdict) << " " << r->id << "\n"
           << r->title << "\n"
           << findings << "sent\n"
           << r->request << "\nanswered\n"
           << r->response << "\nadmissible\n  " << r->expected << "\nreproduce\n"
           << fmt::format("{}", fmt::join(r->reproduce, "\n"));
  }

 private:
  const Engine& engine_;
  const std::string id_;
};

void Engine::register_test(const run::Case& c) {
  const std::string suite = test_name(c.operation);
  const std::string name = test_name(c.id.substr(c.operation.size() + 1));
  if (!cases_.emplace(suite + "." + name, &c).second) {
    // GoogleTest would take the second silently; the filter could then not tell them apart.
    fmt::print(stderr, "ssm-conformance-gtest: two cases have the test name {}.{}\n", suite, name);
    std::exit(4);
  }
  testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                        [this, id = c.id]() -> CaseTest* { return new CaseTest(*this, id); });
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc > 1)
    return conformance::complain(
        fmt::format("unknown option {}; the options are GoogleTest's (--help)", argv[1]), 2);
  const auto data = conformance::load_case_data();
  if (!data) return conformance::complain(data.error().message, 4);
  auto target = conformance::open_target({}, data->model);
  if (!target) return conformance::complain(target.error().message, target.error().exit_status);
  auto* engine = new Engine(*data, *target);
  for (const auto& c : data->cases) engine->register_test(c);
  testing::AddGlobalTestEnvironment(engine);  // takes ownership
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const std::string judged = fmt::format("ssm-conformance-gtest: the endpoint is {}{}\n",
                                         target->reference ? "the " : "", conformance::described(*target));
  fmt::print("{}", judged);
  std::fflush(stdout);
  const int status = RUN_ALL_TESTS();
  // Again behind thousands of lines: what passed must be known with what it was that did.
  fmt::print("{}", judged);
  std::fflush(stdout);
  const auto* unit = testing::UnitTest::GetInstance();
  if (unit->test_to_run_count() == 0) return conformance::complain("the filter matches no test", 2);
  if (status == 0 && unit->successful_test_count() == unit->skipped_test_count()) {
    return conformance::complain("no case was judged", 1);
  }
  return status;
}
