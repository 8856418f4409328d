#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace harness::wire::testing_shell {

/// What a bash script wrote, and how it ended.
struct Ran {
  std::string output;
  int status = -1;
};

/// Runs the text as bash would run it if it were pasted; standard error goes to ours.
inline Ran run_bash(const std::string& script) {
  std::string path = (std::filesystem::temp_directory_path() / "ssmc-shell-XXXXXX").string();
  const int file = ::mkstemp(path.data());
  if (file < 0) return {};
  ::close(file);
  std::ofstream(path, std::ios::binary) << script << '\n';
  Ran out;
  if (std::FILE* pipe = ::popen(("bash " + path).c_str(), "r")) {
    char buffer[1 << 16];
    for (std::size_t n = 1; n > 0;) {
      n = std::fread(buffer, 1, sizeof buffer, pipe);
      out.output.append(buffer, n);
    }
    const int status = ::pclose(pipe);
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::filesystem::remove(path);
  return out;
}

inline bool has_command(const std::string& name) {
  return run_bash("command -v " + name + " >/dev/null").status == 0;
}

}  // namespace harness::wire::testing_shell
