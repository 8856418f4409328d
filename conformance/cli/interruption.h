#pragma once

#include <atomic>
#include <csignal>

namespace conformance {

/// Handles Ctrl-C, SIGTERM and a closed standard output for as long as it lives, one at a time: the first
/// signal asks a run to end and to clean up; the second ends the process.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// Becomes true when the run should end.
  const std::atomic<bool>& asked() const;

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
  struct sigaction old_pipe_ {};
};

}  // namespace conformance
