#include "fuzzers/live_main.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

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

std::unique_ptr<Live>& session() {
  static auto* const live = new std::unique_ptr<Live>();
  return *live;
}

void finish() {
  if (!session()) return;
  const auto summary = session()->finish();
  fmt::print(stderr, "live: {}\n", summary.text());
  session().reset();
}

[[noreturn]] void give_up(const LiveProblem& problem) {
  fmt::print(stderr, "{}\n", problem.message);
  std::fflush(nullptr);
  _exit(problem.exit_status);
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

}  // namespace

std::unique_ptr<Live> start_live(int argc, char** argv, const std::string& target, bool needs_other_url) {
  auto config = read_live_config(conformance::process_environment(), needs_other_url);
  if (!config) give_up(config.error());
  if (starts_others(argc, argv)) return nullptr;
  auto live = Live::open(std::move(*config), target);
  if (!live) give_up(live.error());
  handle_signals();
  (*live)->world().lane().set_interrupted([] { return interrupted.load(); });
  const auto& situation = (*live)->world().situation();
  fmt::print(stderr, "live: {} fuzzes {}, documents begin with {}\n", target, situation.url,
             (*live)->world().registry().prefix());
  for (const auto& remark : (*live)->world().remarks()) fmt::print(stderr, "live: {}\n", remark);
  return std::move(*live);
}

Live& live_session() {
  return *session();
}

void set_live_session(std::unique_ptr<Live> live) {
  session() = std::move(live);
  std::atexit(finish);
}

void end_if_over() {
  if (!session()) return;
  const std::string lost = session()->lost();
  if (lost.empty() && !interrupted) return;
  // Not exit(): libFuzzer would take it for a crash of the target.
  finish();
  if (!lost.empty()) give_up({lost, 3});
  std::fflush(nullptr);
  _exit(130);
}

}  // namespace fuzzers
