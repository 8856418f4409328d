#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "harness/result.h"

/// Inside harness/endpoint only: one life of a process that we started.
namespace harness::endpoint {

/// A command under /bin/sh in a process group of its own, from its start to its end, with a thread that reads
/// what it writes and notices its end at once. The thread also is the process's parent in the sense of
/// PR_SET_PDEATHSIG: if we are killed, so is the shell; and a guard in the group then ends what it started.
///
/// The ended process is left as a zombie until end(), so that its id, which names the group, cannot be given
/// to another process while we may still signal the group.
class Child {
 public:
  static Result<std::unique_ptr<Child>> start(const std::string& command);
  ~Child();  ///< end()
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool running();
  /// Returns early, with true, if the process has ended.
  bool wait_until_ended(std::chrono::milliseconds at_most);
  std::string how_it_ended();
  std::string last_output(std::size_t max_bytes);
  /// SIGTERM to the group; SIGKILL after `grace`, or as soon as everybody seems to be gone. Reaps the
  /// process.
  void end(std::chrono::milliseconds grace = std::chrono::seconds(2));

 private:
  Child() = default;
  Status launch(const std::string& command);  // on the thread
  void watch();                               // on the thread, until stop_
  void read_output();
  void signal_group(int signal) const;

  int output_ = -1;  // read end of the pipe that is its stdout and stderr
  int life_ = -1;    // write end of the pipe that tells the guard that we are alive
  int wake_[2] = {-1, -1};
  int pidfd_ = -1;  // -1 also where the system has none; then the end is noticed by looking
  pid_t pid_ = -1;
  bool reaped_ = false;
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  bool output_closed_ = false;  // nobody holds the other end any more
  std::string how_ = "running";
  std::string tail_;  // the end of the output, bounded
};

}  // namespace harness::endpoint
