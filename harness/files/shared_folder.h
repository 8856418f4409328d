#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "harness/files/output_file.h"
#include "harness/result.h"

/// A folder that several processes write to at the same time.
namespace harness::files {

/// Holds a folder for one process (and one thread of it) for as long as it lives. Whoever dies lets go.
class FolderLock {
 public:
  /// Waits for others, but no longer than `patience`. Errors: one line that names the folder. The lock is the
  /// file `.lock` in the folder, which stays there.
  static Result<FolderLock> take(const std::string& folder,
                                 std::chrono::milliseconds patience = std::chrono::seconds(10));

 private:
  explicit FolderLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

/// Holds one file for one process (and one thread of it) for as long as it lives, so that the file can be
/// read, changed and written without losing what others write at the same time. The OS releases it if the
/// process dies.
class FileLock {
 public:
  /// Waits for others, but no longer than `patience`. The file need not exist; next to it there is
  /// `<path>.lock` while it is held. Devices and pipes are never held: nobody reads them again. Errors: one
  /// line that names the file.
  static Result<FileLock> take(const std::string& path,
                               std::chrono::milliseconds patience = std::chrono::seconds(10));
  ~FileLock();
  FileLock(FileLock&& other) noexcept
      : file_(std::move(other.file_)), lock_path_(std::exchange(other.lock_path_, {})) {}
  FileLock& operator=(FileLock&&) = delete;

 private:
  FileLock(Descriptor file, std::string lock_path)
      : file_(std::move(file)), lock_path_(std::move(lock_path)) {}
  Descriptor file_;
  std::string lock_path_;  ///< removed at the end; "" for nothing
};

/// Writes a new file whole or not at all. False if there is one of this name, which is left as it is: of
/// several that try at once, exactly one gets true.
Result<bool> create_file(const std::string& path, std::string_view content);

}  // namespace harness::files
