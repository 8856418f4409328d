#include "harness/files/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace harness::files {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReaderMustCome{3};
constexpr int kLookEveryMs = 5;
constexpr mode_t kMode = 0666;  // and the umask
constexpr int kMaxLinks = 40;   // as Linux follows

tl::unexpected<Error> unwritable(const std::string& path, std::string_view why) {
  return fail(fmt::format("{}: cannot be written: {}", path, why));
}

tl::unexpected<Error> unwritable(const std::string& path, int error) {
  return unwritable(path, std::strerror(error));
}

// A device, a pipe or a link (/dev/stdout) must not be replaced by a file: those are written to.
bool written_in_place(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
}

std::string beside(const std::string& path) {
  return path + ".partial";
}

Status write_all(int fd, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t size = ::write(fd, content.data(), content.size());
    if (size >= 0) {
      content.remove_prefix(static_cast<std::size_t>(size));
    } else if (errno != EINTR) {
      return unwritable(path, errno);
    }
  }
  return {};
}

// Opens `name` for what people know as `path`.
Result<Descriptor> open_named(const std::string& name, const std::string& path) {
  const auto deadline = SteadyClock::now() + kReaderMustCome;
  for (;;) {
    const int fd =
        ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, kMode);
    if (fd >= 0) {
      Descriptor out(fd);
      // Only the opening must not wait; writing may.
      if (::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK) < 0) return unwritable(path, errno);
      return out;
    }
    if (errno != ENXIO && errno != EINTR) return unwritable(path, errno);
    if (SteadyClock::now() >= deadline) {
      return unwritable(path, fmt::format("it is a pipe, and nobody has read it for {} s",
                                          std::chrono::seconds(kReaderMustCome).count()));
    }
    ::poll(nullptr, 0, kLookEveryMs);  // there is no way to be told of a pipe's first reader
  }
}

// Whether this name can be opened for writing. A file that was not there is removed again.
Status try_to_open(const std::string& path, const std::string& name) {
  struct stat info {};
  const bool was_there = ::stat(name.c_str(), &info) == 0;
  // Whoever reads a pipe would take an opening that writes nothing for its end.
  if (was_there && !S_ISREG(info.st_mode)) {
    if (::access(name.c_str(), W_OK) == 0) return {};
    return unwritable(path, errno);
  }
  const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, kMode);
  if (fd < 0) return unwritable(path, errno);
  const Descriptor closed_at_the_end(fd);
  if (was_there) return {};
  // Through a dangling link, it is the link's target that was created.
  std::error_code ec;
  const auto created = std::filesystem::canonical(name, ec);
  if (!ec) std::filesystem::remove(created, ec);
  return {};
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Descriptor> open_output(const std::string& path) {
  return open_named(path, path);
}

Status write_file(const std::string& path, std::string_view content) {
  const bool in_place = written_in_place(path);
  const std::string target = in_place ? path : beside(path);
  auto out = open_named(target, path);
  if (!out) return tl::unexpected(out.error());
  Status written = write_all(out->get(), path, content);
  if (::close(out->release()) != 0 && written) written = unwritable(path, errno);
  if (in_place) return written;
  if (written && ::rename(target.c_str(), path.c_str()) != 0) written = unwritable(path, errno);
  if (!written) ::unlink(target.c_str());
  return written;
}

Status check_output(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec)) return fail(path + ": is a folder, not a file");
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (!parent.empty() && !std::filesystem::is_directory(parent, ec)) {
    return fail(fmt::format("{}: there is no folder {}", path, parent));
  }
  if (auto usable = try_to_open(path, path); !usable) return usable;
  return written_in_place(path) ? Status() : try_to_open(path, beside(path));
}

std::string name_behind_links(const std::string& path) {
  std::error_code ec;
  std::filesystem::path name = path;
  for (int links = 0; links < kMaxLinks && std::filesystem::is_symlink(name, ec); ++links) {
    const auto target = std::filesystem::read_symlink(name, ec);
    if (ec) return path;
    name = name.parent_path() / target;  // the target alone, if it is absolute
  }
  name = std::filesystem::weakly_canonical(name, ec);
  return ec ? path : name.string();
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat of_a {};
  struct stat of_b {};
  const bool a_is_there = ::stat(a.c_str(), &of_a) == 0;
  const bool b_is_there = ::stat(b.c_str(), &of_b) == 0;
  if (a_is_there != b_is_there) return false;
  if (a_is_there) {
    return !S_ISCHR(of_a.st_mode) && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
  }
  // Neither exists yet: what they would be called.
  std::error_code ec;
  return a == b || name_behind_links(std::filesystem::absolute(a, ec)) ==
                       name_behind_links(std::filesystem::absolute(b, ec));
}

}  // namespace harness::files
