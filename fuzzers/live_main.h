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
/// At the process's end, on Ctrl-C and on SIGTERM the fixtures are removed, the index is written and a summary
/// printed; a second Ctrl-C ends at once.
std::unique_ptr<Live> start_live(int argc, char** argv, const std::string& target, bool needs_other_url = false);

/// The process's one session, as it was started; never ends.
Live& live_session();
void set_live_session(std::unique_ptr<Live> live);

/// After each input: ends the process where it was interrupted (130), or the endpoint is gone for good (3).
void end_if_over();

}  // namespace fuzzers
