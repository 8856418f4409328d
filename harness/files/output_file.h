#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "harness/result.h"

namespace harness::files {

/// An open descriptor, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/// Creates a file or empties it, and opens it for writing. For a pipe it waits until somebody reads it, but
/// no longer than three seconds.
Result<Descriptor> open_output(const std::string& path);

/// Writes a file whole or not at all: a temporary beside it, then a rename (but to a device, a pipe or a link
/// it writes as to any stream). Error: one line that names the file.
Status write_file(const std::string& path, std::string_view content);

/// Says whether write_file() and open_output() could write there, and leaves everything as it was: what is
/// there keeps its content, and what is not there is not created.
Status check_output(const std::string& path);

/// The name of the file that writing to `path` creates or replaces: links and dots on the way are resolved,
/// those of what is not there yet too. `path` itself where that cannot be told.
std::string name_behind_links(const std::string& path);

/// True if writing to both would mix them or lose one: the same file under whatever names, through links too.
/// Not so for devices (two outputs may go to /dev/null).
bool same_file(const std::string& a, const std::string& b);

}  // namespace harness::files
