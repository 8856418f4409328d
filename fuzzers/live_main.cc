#include "fuzzers/live_main.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/run/resources.h"

namespace fuzzers {
namespace {

// Signal handlers can reach nothing else.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
  if (interrupted.exchange(true)) _exit(128 + signal);
}

// libFuzzer keeps handlers that stand already.
void handle_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

std::vector<std::unique_ptr<Live>>& sessions() {
  static auto* const all = new std::vector<std::unique_ptr<Live>>();
  return *all;
}

void finish() {
  for (const auto& live : sessions()) {
    const auto summary = live->finish();
    fmt::print(stderr, "live: {}: {}\n", live->fixtures().situation().url, summary.text());
  }
  sessions().clear();
}

// True for the process that only starts others: -fork=2, -jobs=8.
bool starts_others(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    for (const std::string_view flag : {"-fork=", "-jobs="}) {
      if (arg.starts_with(flag) && arg.substr(flag.size()) != "0") return true;
    }
  }
  return false;
}

constexpr const char* kStartedByAnother = "SSM_FUZZ_STARTED_BY_ANOTHER";

// The seed that libFuzzer was given, for the names of one target. Processes that another starts may share one
// seed (-jobs) and one endpoint, and must not remove each other's resources: they get none.
std::optional<std::uint64_t> seed_for_names(int argc, char** argv, std::string_view whose) {
  constexpr std::string_view kFlag = "-seed=";
  std::string_view seed;
  for (int i = 1; i < argc; ++i) {
    if (const std::string_view arg = argv[i]; arg.starts_with(kFlag)) seed = arg.substr(kFlag.size());
  }
  if (seed.empty() || seed == "0" || std::getenv(kStartedByAnother) != nullptr) return std::nullopt;
  return harness::run::number_for(fmt::format("{} {}", whose, seed));
}

}  // namespace

void give_up(const LiveProblem& problem) {
  fmt::print(stderr, "{}\n", problem.message);
  std::fflush(nullptr);
  _exit(problem.exit_status);
}

std::unique_ptr<Live> start_live(int argc, char** argv, const std::string& target, Endpoint which) {
  auto data = conformance::load_case_data({}, conformance::no_operation);
  if (!data) give_up({data.error().message, 4});
  auto config = read_live_config(conformance::process_environment(), data->model.identity(), data->catalogue,
                                 which != Endpoint::only);
  if (!config) give_up(config.error());
  if (starts_others(argc, argv)) {
    ::setenv(kStartedByAnother, "1", 1);  // no thread has been started yet
    return nullptr;
  }
  config->seed = seed_for_names(argc, argv, fmt::format("{} {}", target, static_cast<int>(which)));
  if (which == Endpoint::the_other) {
    config->network.url = config->other_url;
    config->spawn.clear();
  }
  auto live = Live::open(std::move(*config), std::move(*data));
  if (!live) give_up(live.error());
  handle_signals();
  LiveFixtures& fixtures = (*live)->fixtures();
  fixtures.lane().set_interrupted([] { return interrupted.load(); });
  fmt::print(stderr, "live: {} fuzzes {}, names begin with {}\n", target, fixtures.situation().url,
             fixtures.registry().prefix());
  for (const auto& remark : fixtures.remarks()) fmt::print(stderr, "live: {}\n", remark);
  return std::move(*live);
}

void add_live_session(std::unique_ptr<Live> live) {
  if (sessions().empty()) std::atexit(finish);
  sessions().push_back(std::move(live));
}

Live& live_session() {
  return *sessions().front();
}

void end_if_over() {
  std::string lost;
  for (const auto& live : sessions()) {
    if (lost.empty()) lost = live->lost();
  }
  if (lost.empty() && !interrupted) return;
  // Not exit(): libFuzzer would take it for a crash of the target.
  finish();
  if (!lost.empty()) give_up({lost, 3});
  std::fflush(nullptr);
  _exit(130);
}

}  // namespace fuzzers
