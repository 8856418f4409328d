#include "conformance/cli/interruption.h"

#include <unistd.h>

#include <csignal>

namespace conformance {
namespace {

// Signal handlers can reach nothing else.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
  if (interrupted.exchange(true)) _exit(128 + signal);
}

// Nobody reads what is printed any more: the run ends, but not before it has removed what it created.
void on_closed_pipe(int) {
  interrupted = true;
}

}  // namespace

Interruption::Interruption() {
  interrupted = false;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
  action.sa_handler = on_closed_pipe;
  sigaction(SIGPIPE, &action, &old_pipe_);
}

Interruption::~Interruption() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
  sigaction(SIGPIPE, &old_pipe_, nullptr);
}

const std::atomic<bool>& Interruption::asked() const {
  return interrupted;
}

}  // namespace conformance
