#include "harness/run/shrink_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace harness::run {
namespace {

// Repeated patterns that are looked for, in characters.
constexpr std::size_t kLongestPattern = 12;
// As wire::expand().
constexpr std::size_t kMost = std::size_t{64} << 20;
constexpr std::size_t kPlain = 10;
constexpr std::size_t kPlaceholder = 25;
constexpr std::size_t kUnreadable = 40;
constexpr std::string_view kRepeat = "{{repeat ";

bool starts_placeholder(std::string_view text) {
  return text.size() > 2 && text.starts_with("{{") && text[2] >= 'a' && text[2] <= 'z';
}

// The size of the placeholder that the text starts with; 0 if it starts with none.
std::size_t placeholder_size(std::string_view text) {
  if (!starts_placeholder(text)) return 0;
  const std::size_t end = text.find("}}");
  return end == std::string_view::npos ? 0 : end + 2;
}

std::size_t utf8_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : byte(0) >= 0xc0 ? 2 : 1;
  if (size > text.size()) return 1;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 1;
  }
  return size;
}

std::size_t character_size(std::string_view text, Escapes escapes) {
  if (const std::size_t size = placeholder_size(text); size > 0) return size;
  if (escapes == Escapes::json && text.front() == '\\') {
    return std::min<std::size_t>(text.size(), text.starts_with("\\u") ? 6 : 2);
  }
  return utf8_size(text);
}

// A text that stands for itself inside `{{repeat}}`.
bool can_be_repeated(std::string_view unit) {
  return unit.find("{{") == std::string_view::npos && unit.find("}}") == std::string_view::npos &&
         !unit.ends_with('}') && !unit.ends_with('\r') && unit.find('\n') == std::string_view::npos;
}

// "{{repeat 3 ab}}" -> {"ab", 3}
TextRun run_of(std::string_view character) {
  if (character.starts_with(kRepeat)) {
    const auto argument = character.substr(kRepeat.size(), character.size() - kRepeat.size() - 2);
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), count);
    const auto used = static_cast<std::size_t>(end - argument.data());
    if (error == std::errc() && used + 1 < argument.size() && *end == ' ' && count > 0 && count <= kMost) {
      TextRun run{std::string(argument.substr(used + 1)), count};
      if (can_be_repeated(run.unit)) return run;
    }
  }
  return {std::string(character), 1};
}

std::string in_short(const TextRun& run) {
  return fmt::format("{}{} {}}}}}", kRepeat, run.count, run.unit);
}

bool worth_repeating(const TextRun& run) {
  return run.count > 1 && can_be_repeated(run.unit) && in_short(run).size() < run.unit.size() * run.count;
}

// Equal neighbours become one run.
std::vector<TextRun> merged(const std::vector<TextRun>& runs) {
  std::vector<TextRun> out;
  for (const TextRun& r : runs) {
    if (r.count == 0) continue;
    if (!out.empty() && out.back().unit == r.unit) {
      out.back().count += r.count;
    } else {
      out.push_back(r);
    }
  }
  return out;
}

// Rows of a few characters that come again and again become one run, where `{{repeat}}` is shorter.
std::vector<TextRun> with_patterns(const std::vector<TextRun>& runs) {
  std::vector<TextRun> out;
  for (std::size_t i = 0; i < runs.size();) {
    TextRun best;
    std::size_t best_runs = 1;
    for (std::size_t period = 2; period <= kLongestPattern && i + 2 * period <= runs.size(); ++period) {
      if (runs[i] != runs[i + period]) continue;
      TextRun pattern{to_text({runs.begin() + static_cast<std::ptrdiff_t>(i),
                               runs.begin() + static_cast<std::ptrdiff_t>(i + period)}),
                      1};
      if (!can_be_repeated(pattern.unit)) continue;
      std::size_t same = period;
      while (i + same < runs.size() && runs[i + same] == runs[i + same - period]) ++same;
      pattern.count = same / period;
      if (worth_repeating(pattern) && pattern.count * period > best_runs) {
        best_runs = pattern.count * period;
        best = std::move(pattern);
      }
    }
    out.push_back(best_runs > 1 ? std::move(best) : runs[i]);
    i += best_runs;
  }
  return out;
}

class Shrinker {
 public:
  Shrinker(std::string_view text, Escapes escapes, char filler,
           const std::function<bool(const std::string&)>& accept, const std::function<bool()>& enough)
      : runs_(text_runs(text, escapes)),
        escapes_(escapes),
        filler_(1, filler),
        accept_(accept),
        enough_(enough) {}

  void shrink() {
    if (runs_.empty() || take({})) return;
    take({{filler_, 1}});
    take({{filler_, length()}});
    bool better = true;
    while (better && !enough_()) {
      better = counts();
      better = remove() || better;
      better = counts() || better;
      better = fill() || better;
      better = plainer() || better;
    }
  }

 private:
  std::size_t length() const {
    std::size_t sum = 0;
    for (const TextRun& r : runs_) sum += length(r);
    return sum;
  }

  // In characters.
  std::size_t length(const TextRun& run) const {
    std::size_t sum = 0;
    for (std::string_view rest = run.unit; !rest.empty(); ++sum) {
      rest.remove_prefix(character_size(rest, escapes_));
    }
    return sum * run.count;
  }

  bool take(std::vector<TextRun> candidate) {
    candidate = merged(candidate);
    if (candidate == runs_ || !accept_(to_text(candidate))) return false;
    runs_ = std::move(candidate);
    return true;
  }

  // The smallest count of each repetition, by halving.
  bool counts() {
    bool better = false;
    for (std::size_t i = 0; i < runs_.size() && !enough_(); ++i) {
      std::size_t gone = 0;  // a count with which it is lost
      while (i < runs_.size() && runs_[i].count > 1 && runs_[i].count - gone > 1) {
        auto candidate = runs_;
        candidate[i].count = gone + (runs_[i].count - gone) / 2;
        const std::size_t before = runs_.size();
        if (take(candidate)) {
          better = true;
          if (runs_.size() != before) break;
        } else {
          gone = candidate[i].count;
        }
      }
    }
    return better;
  }

  bool by_chunks(const std::function<bool(std::size_t at, std::size_t size)>& change) {
    bool better = false;
    for (std::size_t size = runs_.size(); size > 0; size /= 2) {
      for (std::size_t at = 0; at < runs_.size() && !enough_();) {
        const std::size_t before = runs_.size();
        const bool changed = change(at, std::min(size, before - at));
        better = better || changed;
        // What follows moved here if something is gone.
        if (!changed || runs_.size() == before) at += size;
      }
    }
    return better;
  }

  bool remove() {
    return by_chunks([this](std::size_t at, std::size_t size) {
      auto candidate = runs_;
      const auto first = candidate.begin() + static_cast<std::ptrdiff_t>(at);
      candidate.erase(first, first + static_cast<std::ptrdiff_t>(size));
      return take(std::move(candidate));
    });
  }

  bool fill() {
    return by_chunks([this](std::size_t at, std::size_t size) {
      auto candidate = runs_;
      bool different = false;
      for (std::size_t i = at; i < at + size; ++i) {
        different = different || candidate[i].unit != filler_;
        candidate[i] = {filler_, length(candidate[i])};
      }
      return different && take(std::move(candidate));
    });
  }

  // What must be no letter may at least be one that can be read.
  bool plainer() {
    bool better = false;
    for (std::size_t i = 0; i < runs_.size() && !enough_(); ++i) {
      if (effort(runs_[i].unit) <= kPlain) continue;
      for (const char* plain : {"!", " ", "/"}) {
        auto candidate = runs_;
        candidate[i].unit = plain;
        if (take(std::move(candidate))) {
          better = true;
          break;
        }
      }
    }
    return better;
  }

  std::vector<TextRun> runs_;
  Escapes escapes_;
  std::string filler_;
  const std::function<bool(const std::string&)>& accept_;
  const std::function<bool()>& enough_;
};

}  // namespace

std::vector<TextRun> text_runs(std::string_view text, Escapes escapes) {
  std::vector<TextRun> runs;
  while (!text.empty()) {
    const std::size_t size = character_size(text, escapes);
    runs.push_back(run_of(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return merged(with_patterns(merged(runs)));
}

std::string to_text(const std::vector<TextRun>& runs) {
  std::string out;
  for (const TextRun& r : runs) {
    if (worth_repeating(r)) {
      out += in_short(r);
    } else {
      for (std::size_t i = 0; i < r.count; ++i) out += r.unit;
    }
  }
  return out;
}

void shrink_text(std::string_view text, Escapes escapes, char filler,
                 const std::function<bool(const std::string&)>& accept, const std::function<bool()>& enough) {
  Shrinker(text, escapes, filler, accept, enough).shrink();
}

std::size_t effort(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const std::size_t placeholder = placeholder_size(text);
    if (placeholder > 0 && !text.starts_with(kRepeat)) {
      sum += kPlaceholder;
      text.remove_prefix(placeholder);
      continue;
    }
    const auto c = static_cast<unsigned char>(text.front());
    sum += c < 0x20 || c > 0x7e || c == '\\' ? kUnreadable : kPlain;
    text.remove_prefix(1);
  }
  return sum;
}

}  // namespace harness::run
