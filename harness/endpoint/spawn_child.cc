#include "harness/endpoint/spawn_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <future>
#include <system_error>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace harness::endpoint {
namespace {

constexpr std::size_t max_output = 64 * 1024;
constexpr int look_every_ms = 50;  // where there is no pidfd
constexpr std::chrono::milliseconds kill_grace{5000};

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

bool make_pipe(int (&ends)[2]) {
  if (::pipe(ends) != 0) return false;
  for (const int fd : ends) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return true;
}

void close_from(int first) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
#endif
  for (int fd = first; fd < 4096; ++fd) ::close(fd);
}

/// In the new group: leaves a process there that ends the group once nobody holds the other end of `life`,
/// which is when our process is gone, however it went. It is nobody's child, so that no command waits for it.
void leave_guard(int life) {
  const pid_t between = ::fork();
  if (between < 0) return;
  if (between > 0) {
    while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) continue;
    return;
  }
  if (::fork() != 0) ::_exit(0);
  ::dup2(life, 0);
  close_from(1);
  char nothing = 0;
  while (::read(0, &nothing, 1) < 0 && errno == EINTR) continue;
  ::kill(0, SIGKILL);
  ::_exit(0);
}

/// Between fork and exec, in a copy of a process that has threads: nothing but plain system calls.
[[noreturn]] void become(const char* command, int output, int life, pid_t parent) {
  ::setpgid(0, 0);
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // it died before the line above
#else
  (void)parent;
#endif
  // What the parent ignores or blocks is its own business; and none of its connections may be held open here.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2})
    ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  leave_guard(life);
  const int null = ::open("/dev/null", O_RDONLY);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) ::_exit(127);
  close_from(3);
  ::execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
  ::_exit(127);
}

std::string describe(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return "exit status " + std::to_string(info.si_status);
  const char* name = ::strsignal(info.si_status);
  return "killed by signal " + std::to_string(info.si_status) + " (" + (name ? name : "unknown") + ")";
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const std::string& command) {
  auto child = std::unique_ptr<Child>(new Child);
  if (!make_pipe(child->wake_)) return fail(std::string("cannot make a pipe: ") + std::strerror(errno));
  std::promise<Status> launched;
  auto status = launched.get_future();
  try {
    child->thread_ = std::thread([self = child.get(), &command, &launched] {
      Status launch_status = self->launch(command);
      const bool good = launch_status.has_value();
      launched.set_value(std::move(launch_status));  // from here on the two references are gone
      if (good) self->watch();
    });
  } catch (const std::system_error& caught) {
    return fail(std::string("cannot start a thread: ") + caught.what());
  }
  if (auto result = status.get(); !result) return tl::unexpected(result.error());
  return child;
}

Child::~Child() {
  if (pid_ > 0) end();
  if (thread_.joinable()) {
    close_fd(wake_[1]);  // tells the thread to stop
    thread_.join();
  }
  for (int* fd : {&output_, &life_, &wake_[0], &wake_[1], &pidfd_}) close_fd(*fd);
}

Status Child::launch(const std::string& command) {
  int ends[2];
  if (!make_pipe(ends)) return fail(std::string("cannot make a pipe: ") + std::strerror(errno));
  int life[2];
  if (!make_pipe(life)) {
    const std::string why = std::strerror(errno);
    for (int& fd : ends) close_fd(fd);
    return fail("cannot make a pipe: " + why);
  }
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(command.c_str(), ends[1], life[0], parent);
  const int error = errno;
  ::close(ends[1]);
  ::close(life[0]);
  output_ = ends[0];
  life_ = life[1];
  if (pid < 0) return fail(std::string("cannot start a process: ") + std::strerror(error));
  ::setpgid(pid, pid);  // as the child does: whoever comes first, the group is there from now on
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
#ifdef SYS_pidfd_open
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
#endif
  pid_ = pid;
  return {};
}

void Child::watch() {
  bool ended = false;
  // Each round waits for something to happen; the thread lives until the destructor closes the wake pipe.
  for (;;) {
    bool output_closed = false;
    {
      const std::lock_guard lock(mutex_);
      output_closed = output_closed_;
    }
    std::array<pollfd, 3> waits{
        {{wake_[0], POLLIN, 0}, {output_closed ? -1 : output_, POLLIN, 0}, {ended ? -1 : pidfd_, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), !ended && pidfd_ < 0 ? look_every_ms : -1);
    if (waits[0].revents != 0) return;
    siginfo_t info{};
    const bool ends_now = !ended &&
                          ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                          info.si_pid == pid_;
    read_output();  // after the look at the process: what it wrote before its end is all there now
    if (ends_now) {
      ended = true;
      const std::lock_guard lock(mutex_);
      ended_ = true;
      how_ = describe(info);
      changed_.notify_all();
    }
  }
}

void Child::read_output() {
  std::array<char, 16 * 1024> buffer;
  const std::lock_guard lock(mutex_);
  for (int round = 0; round < 64 && !output_closed_;
       ++round) {  // 1 MiB; the rest comes with the next round of watch()
    const ssize_t size = ::read(output_, buffer.data(), buffer.size());
    if (size > 0) {
      tail_.append(buffer.data(), static_cast<std::size_t>(size));
      if (tail_.size() > 2 * max_output) tail_.erase(0, tail_.size() - max_output);
    } else if (size == 0) {
      output_closed_ = true;
      changed_.notify_all();
    } else if (errno != EINTR) {
      return;
    }
  }
}

bool Child::running() {
  const std::lock_guard lock(mutex_);
  return !ended_;
}

bool Child::wait_until_ended(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, [this] { return ended_; });
}

std::string Child::how_it_ended() {
  const std::lock_guard lock(mutex_);
  return how_;
}

std::string Child::last_output(std::size_t max_bytes) {
  const std::lock_guard lock(mutex_);
  return tail_.size() <= max_bytes ? tail_ : tail_.substr(tail_.size() - max_bytes);
}

void Child::signal_group(int signal) const {
  ::kill(-pid_, signal);
}

void Child::end(std::chrono::milliseconds grace) {
  if (reaped_) return;
  signal_group(SIGTERM);
  {
    // The shell may be gone before what it started: that is gone when nobody holds the output any more.
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, grace, [this] { return ended_ && output_closed_; });
  }
  signal_group(SIGKILL);
  if (!wait_until_ended(kill_grace))
    return;  // not even SIGKILL: it hangs in the kernel, and cannot be waited for
  int status = 0;
  reaped_ = ::waitpid(pid_, &status, 0) == pid_;
}

}  // namespace harness::endpoint
