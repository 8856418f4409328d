#pragma once

#include <chrono>
#include <string>
#include <string_view>

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

/// Writes a new file whole or not at all. False if there is one of this name, which is left as it is: of
/// several that try at once, exactly one gets true.
Result<bool> create_file(const std::string& path, std::string_view content);

}  // namespace harness::files
