#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What every target shares: how its promise is checked, and how its input is read.
namespace fuzzers {

/// Ends the process if a promise is broken: what was promised, then what was found, then abort(), which both
/// libFuzzer and GoogleTest report. Not an assertion: it is checked in every kind of build.
inline void check(bool kept, std::string_view promise, std::string_view found = {}) {
  if (kept) return;
  for (const std::string_view part : {std::string_view{"BROKEN PROMISE: "}, promise, std::string_view{"\n"},
                                      found, std::string_view{"\n"}}) {
    if (!part.empty()) std::fwrite(part.data(), 1, part.size(), stderr);
  }
  std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// How many bytes the placeholders `{{repeat COUNT TEXT}}` of a text ask for, at most about that many.
/// Targets pass over texts that ask for much: filling 64 MiB shows nothing and takes the time of ten thousand
/// other inputs.
inline std::size_t asks_to_repeat(std::string_view text) {
  constexpr std::string_view kStart = "{{repeat ";
  constexpr std::size_t kMost = std::size_t{1} << 30;
  std::size_t total = 0;
  for (auto at = text.find(kStart); at != std::string_view::npos; at = text.find(kStart, at + 1)) {
    std::size_t i = at + kStart.size();
    std::size_t count = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      if (count < kMost) count = count * 10 + static_cast<std::size_t>(text[i] - '0');
    }
    const std::size_t end = text.find("}}", i);
    const std::size_t unit = (end == std::string_view::npos ? text.size() : end) - i;
    if (count >= kMost / (unit + 1)) return kMost;
    total += count * unit;
    if (total >= kMost) return kMost;
  }
  return total;
}

}  // namespace fuzzers

/// Every target: `extern "C" int LLVMFuzzerTestOneInput(const uint8_t*, size_t)`. corpus_test renames it, to
/// hold them all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
