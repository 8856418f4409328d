#include "harness/files/shared_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace harness::files {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kTryEveryMs = 2;

Status lock_within(int file, const std::string& path, std::chrono::milliseconds patience) {
  const auto deadline = SteadyClock::now() + patience;
  // flock() that waits could wait for ever.
  while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return fail(fmt::format("{}: cannot be locked: {}", path, std::strerror(errno)));
    }
    if (SteadyClock::now() >= deadline) {
      return fail(fmt::format("{}: another process has held it for {} ms", path, patience.count()));
    }
    ::poll(nullptr, 0, kTryEveryMs);
  }
  return {};
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder, std::chrono::milliseconds patience) {
  const std::string path = folder + "/.lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) return fail(fmt::format("{}: cannot be written to: {}", folder, std::strerror(errno)));
  if (auto locked = lock_within(file.get(), path, patience); !locked) return tl::unexpected(locked.error());
  return FolderLock(std::move(file));
}

// The lock is a file of its own, for the file itself is replaced by every write. Whoever holds the lock
// removes it; whoever then gets hold of the removed one tries again:
//
//   first    open, flock ............ unlink, close
//   second         open, flock waits ............... flock: not the file of this name any more; again
Result<FileLock> FileLock::take(const std::string& path, std::chrono::milliseconds patience) {
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) return FileLock(Descriptor(-1), {});
  const std::string lock_path = name_behind_links(path) + ".lock";  // two links to one file are one file
  const auto deadline = SteadyClock::now() + patience;
  for (;;) {
    Descriptor file(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (file.get() < 0)
      return fail(fmt::format("{}: cannot be written: {}", lock_path, std::strerror(errno)));
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
    if (auto locked = lock_within(file.get(), lock_path, left); !locked)
      return tl::unexpected(locked.error());
    struct stat held {};
    if (::fstat(file.get(), &held) == 0 && ::stat(lock_path.c_str(), &there) == 0 &&
        held.st_dev == there.st_dev && held.st_ino == there.st_ino) {
      return FileLock(std::move(file), lock_path);
    }
  }
}

FileLock::~FileLock() {
  if (!lock_path_.empty()) ::unlink(lock_path_.c_str());
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
