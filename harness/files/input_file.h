#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "harness/result.h"

/// Files that people name, read so that no name can hang the program or fill its memory: a pipe that nobody
/// writes to, a device that never ends, a file of a terabyte.
namespace harness::files {

/// A file or a pipe, open for reading. Errors name the path and what is wrong: "x.json: cannot be read: No
/// such file or directory", "x.json: is a folder, not a file".
class InputFile {
 public:
  static Result<InputFile> open(const std::string& path);
  ~InputFile();
  InputFile(InputFile&& other) noexcept
      : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), is_pipe_(other.is_pipe_) {}
  InputFile& operator=(InputFile&&) = delete;

  const std::string& path() const { return path_; }
  /// What the system says that there is; 0 where it cannot know (a pipe, a device).
  std::size_t size() const;

  /// At most `most` bytes; 0 at the end. Waits for a pipe's writer, but not for one that stays silent for 30
  /// seconds. A pipe that nobody has open for writing is an error, and not an empty file.
  Result<std::size_t> read(char* buffer, std::size_t most);

 private:
  InputFile(std::string path, int fd, bool is_pipe) : path_(std::move(path)), fd_(fd), is_pipe_(is_pipe) {}

  std::string path_;
  int fd_;
  bool is_pipe_;
  bool began_ = false;
};

/// What read_file() reads unless told otherwise: more than any model or baseline has.
inline constexpr std::size_t kMaxBytes = std::size_t{32} << 20;

/// Reads a whole file of at most `most` bytes. A larger one is refused without being read to its end.
Result<std::string> read_file(const std::string& path, std::size_t most = kMaxBytes);

/// Gives a file line by line, so that one that is not made of lines is refused early.
class LineReader {
 public:
  explicit LineReader(InputFile file) : file_(std::move(file)) {}

  /// The next line with its '\n' (the last may lack it); "" at the end. Errors: one line that names the file;
  /// "x.jsonl: line 3: longer than 64 MiB".
  Result<std::string> next(std::size_t longest);

 private:
  InputFile file_;
  std::string ahead_;
  std::size_t lines_ = 0;
  std::size_t at_ = 0;  ///< how much of `ahead_` was given out
};

}  // namespace harness::files
