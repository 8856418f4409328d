#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "harness/result.h"

namespace harness::endpoint {

/// A server that we start, watch, restart and end. The command runs under /bin/sh in a process group of its
/// own, with `{port}` replaced by a free loopback port. Only that group is ever signalled: SIGTERM, then
/// SIGKILL after a grace of two seconds. The destructor does so, and returns when the process is gone. Where
/// the system can do it (Linux), the process is also killed when we are.
///
/// Its stdin is empty, it inherits no descriptor of ours, and what it writes is read all the time, so that it
/// never waits for us. "The process" below is the shell, or what that has exec'ed: a command that goes to the
/// background and returns has ended.
///
/// All functions may be called from any thread; restart() by one at a time.
class SpawnedProcess {
 public:
  /// Starts the command and waits until `127.0.0.1:port` accepts a connection, at most `start_timeout`.
  /// Errors name the command, how it ended and the last lines of what it wrote.
  static Result<std::unique_ptr<SpawnedProcess>> start(
      const std::string& command, std::chrono::milliseconds start_timeout = std::chrono::seconds(60));
  virtual ~SpawnedProcess() = default;

  /// "http://127.0.0.1:PORT"
  virtual std::string url() const = 0;
  virtual unsigned short port() const = 0;
  /// False once the process has ended.
  virtual bool running() = 0;
  /// "exit status 1", "killed by signal 11 (Segmentation fault)", "running"
  virtual std::string how_it_ended() = 0;
  /// The end of its stdout and stderr since the last start.
  virtual std::string last_output(std::size_t max_bytes = 2000) = 0;
  /// Ends it if it still runs, and starts it again on the same port.
  virtual Status restart() = 0;
};

/// A TCP port on 127.0.0.1 that nobody listens on right now, and that no outgoing connection is given.
Result<unsigned short> free_port();

}  // namespace harness::endpoint
