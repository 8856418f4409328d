#include "harness/files/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace harness::files {
namespace {

constexpr int kSilenceMs = 30'000;
constexpr std::size_t kBlock = std::size_t{64} << 10;

tl::unexpected<Error> unreadable(const std::string& path, int error) {
  return fail(fmt::format("{}: cannot be read: {}", path, std::strerror(error)));
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  // Without O_NONBLOCK a pipe is opened only once somebody opens its other end, which may be never.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return unreadable(path, errno);
  struct stat info {};
  const bool known = ::fstat(fd, &info) == 0;
  InputFile file(path, fd, known && S_ISFIFO(info.st_mode));
  if (!known) return unreadable(path, errno);
  if (S_ISDIR(info.st_mode)) return fail(path + ": is a folder, not a file");
  return file;
}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}

std::size_t InputFile::size() const {
  struct stat info {};
  return ::fstat(fd_, &info) == 0 && S_ISREG(info.st_mode) ? static_cast<std::size_t>(info.st_size) : 0;
}

Result<std::size_t> InputFile::read(char* buffer, std::size_t most) {
  for (;;) {
    const ssize_t size = ::read(fd_, buffer, most);
    if (size == 0 && is_pipe_ && !began_) return fail(path_ + ": is a pipe that nobody writes to");
    if (size >= 0) {
      began_ = true;
      return static_cast<std::size_t>(size);
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return unreadable(path_, errno);
    pollfd wait{fd_, POLLIN, 0};
    began_ = true;  // somebody has it open: an end without a byte is then an empty text
    if (::poll(&wait, 1, kSilenceMs) == 0) {
      return fail(fmt::format("{}: nothing was written to it for {} s", path_, kSilenceMs / 1000));
    }
  }
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
  auto file = InputFile::open(path);
  if (!file) return tl::unexpected(file.error());
  const auto too_large = [&] { return fail(fmt::format("{}: larger than {} MiB", path, most >> 20)); };
  if (file->size() > most) return too_large();
  std::string text;
  std::array<char, kBlock> block;
  for (;;) {
    const auto size = file->read(block.data(), block.size());
    if (!size) return tl::unexpected(size.error());
    if (*size == 0) return text;
    if (text.size() + *size > most) return too_large();
    text.append(block.data(), *size);
  }
}

Result<std::string> LineReader::next(std::size_t longest) {
  std::size_t searched = at_;
  for (;;) {
    const std::size_t end = ahead_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = ahead_.substr(at_, end + 1 - at_);
      at_ = end + 1;
      ++lines_;
      return line;
    }
    ahead_.erase(0, at_);
    at_ = 0;
    searched = ahead_.size();
    if (searched > longest)
      return fail(fmt::format("{}: line {}: longer than {} MiB", file_.path(), lines_ + 1, longest >> 20));
    ahead_.resize(searched + kBlock);
    const auto size = file_.read(ahead_.data() + searched, kBlock);
    ahead_.resize(searched + size.value_or(0));
    if (!size) return tl::unexpected(size.error());
    if (*size == 0) return std::exchange(ahead_, {});
  }
}

}  // namespace harness::files
