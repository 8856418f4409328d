#pragma once

#include <memory>
#include <string>

#include "fuzzers/live.h"

/// Between a live target and libFuzzer, which owns main(): start, interruption, end.
namespace fuzzers {

/// For LLVMFuzzerInitialize. Opens the endpoint that the environment names, or ends the process with one line
/// and the exit status 2 or 3. Whoever starts others (`-fork`, `-jobs`) gets nothing: the processes that it
/// starts open the endpoint for themselves.
///
/// At the process's end, on Ctrl-C and on SIGTERM the fixtures are removed, the index is written and a
/// summary printed; a second Ctrl-C ends at once.
enum class Endpoint {
  only,             ///< the configured endpoint, or SSM_FUZZ_SPAWN
  other_is_needed,  ///< the same, of two
  the_other,        ///< SSM_FUZZ_OTHER_URL
};
std::unique_ptr<Live> start_live(int argc, char** argv, const std::string& target,
                                 Endpoint which = Endpoint::only);

/// Ends the process, before there are sessions, with the line and the exit status of the problem.
[[noreturn]] void give_up(const LiveProblem& problem);

/// The process's sessions live until its end.
void add_live_session(std::unique_ptr<Live> live);
/// The first of them.
Live& live_session();

/// After each input: ends the process where it was interrupted (130), or the endpoint is gone for good (3).
void end_if_over();

}  // namespace fuzzers
