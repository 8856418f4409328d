#include "harness/files/shared_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace harness::files {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kTryEveryMs = 2;

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder, std::chrono::milliseconds patience) {
  const std::string path = folder + "/.lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) return fail(fmt::format("{}: cannot be written to: {}", folder, std::strerror(errno)));
  const auto deadline = SteadyClock::now() + patience;
  // flock() that waits could wait for ever.
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return fail(fmt::format("{}: cannot be locked: {}", path, std::strerror(errno)));
    }
    if (SteadyClock::now() >= deadline) {
      return fail(fmt::format("{}: another process has held it for {} ms", path, patience.count()));
    }
    ::poll(nullptr, 0, kTryEveryMs);
  }
  return FolderLock(std::move(file));
}

Result<bool> create_file(const std::string& path, std::string_view content) {
  // No other process and no other thread has this name.
  static std::atomic<unsigned> number{0};
  const std::string own = fmt::format("{}.{}-{}.new", path, ::getpid(), ++number);
  if (auto written = write_file(own, content); !written) return tl::unexpected(written.error());
  const int failed = ::link(own.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(own.c_str());
  if (failed == 0) return true;
  if (failed == EEXIST) return false;
  return fail(fmt::format("{}: cannot be written: {}", path, std::strerror(failed)));
}

}  // namespace harness::files
