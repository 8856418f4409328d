#include "harness/generate/guards.h"

#include <algorithm>

#include "harness/base/ascii.h"

namespace harness::generate {
namespace {

constexpr std::string_view kRepeat = "{{repeat ";

bool is_name(char c) {
  return base::is_digit(c) || base::is_lower(c) || c == '-' || c == '_';
}

// Every number of the text; some readers pass over the underscores in it. Placeholders could become digits.
bool cap_numbers(std::string& text, std::size_t most) {
  bool changed = false;
  if (text.find("{{") != std::string::npos) {
    text = std::to_string(most);
    return true;
  }
  for (std::size_t i = 0; i < text.size();) {
    if (!base::is_digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t n = 0;
    std::size_t end = i;
    for (; end < text.size() && (base::is_digit(text[end]) || text[end] == '_'); ++end) {
      if (text[end] != '_' && n <= most) n = n * 10 + static_cast<std::size_t>(text[end] - '0');
    }
    if (n > most) {
      text.replace(i, end - i, std::to_string(most));
      changed = true;
      end = i + std::to_string(most).size();
    }
    i = end;
  }
  return changed;
}

// Lines that begin as a chunk's do.
bool cap_chunks(std::string& text) {
  bool changed = false;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t start = i;
    while (start < text.size() && std::string_view(" \t+-").find(text[start]) != std::string_view::npos)
      ++start;
    if (start + 1 < text.size() && text[start] == '0' && (text[start + 1] | 32) == 'x') start += 2;
    while (start < text.size() && text[start] == '0') ++start;
    std::size_t end = start;
    while (end < text.size() && (base::is_hex_digit(text[end]) || text[end] == '_')) ++end;
    if (end - start > 5) {  // up to fffff, just below 1 MiB
      text.erase(start + 5, end - start - 5);
      changed = true;
      end = start + 5;
    }
    if (std::string_view(text).substr(end).starts_with(kRepeat)) {
      text.insert(i, "x");
      changed = true;
    }
    const std::size_t next = text.find('\n', i);
    if (next == std::string::npos) break;
    i = next + 1;
  }
  return changed;
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return base::lower(a) == b; }) != text.end();
}

bool cap_raw(std::string& bytes) {
  bool changed = false;
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', i), bytes.size());
    std::string line = bytes.substr(i, end - i);
    if (contains_ignoring_case(line, "length") && cap_numbers(line, kMaxBeyond)) {
      bytes.replace(i, end - i, line);
      changed = true;
    }
    i += line.size() + 1;
  }
  return cap_chunks(bytes) || changed;
}

struct Repeat {
  std::size_t begin, end;  // of the count's digits
  std::size_t count, unit;
};

template <typename Visit>
void each_repeat(std::string_view text, Visit visit) {
  constexpr std::size_t kMost = std::size_t{1} << 40;
  for (auto at = text.find(kRepeat); at != std::string_view::npos; at = text.find(kRepeat, at + 1)) {
    Repeat r{at + kRepeat.size(), at + kRepeat.size(), 0, 0};
    for (; r.end < text.size() && base::is_digit(text[r.end]); ++r.end) {
      if (r.count < kMost) r.count = r.count * 10 + static_cast<std::size_t>(text[r.end] - '0');
    }
    const std::size_t close = text.find("}}", r.end);
    if (close == std::string_view::npos) return;
    r.unit = close - r.end;
    if (r.end > r.begin) visit(r);
  }
}

std::size_t product(std::size_t count, std::size_t unit) {
  return unit != 0 && count > (std::size_t{1} << 50) / unit ? std::size_t{1} << 50 : count * unit;
}

}  // namespace

bool cap_lengths(wire::HttpText& text) {
  if (text.raw) return cap_raw(text.raw_bytes);
  wire::Request& request = text.request;
  bool chunks = false;
  const auto odd = [](const wire::Header& line) {
    return contains_ignoring_case(line.name, "length") || contains_ignoring_case(line.value, "length");
  };
  for (const auto& line : request.headers.lines())
    chunks = chunks || contains_ignoring_case(line.name, "encoding") ||
             contains_ignoring_case(line.value, "chunked");
  bool changed = chunks && cap_chunks(request.body);
  if (std::any_of(request.headers.lines().begin(), request.headers.lines().end(), odd)) {
    auto lines = request.headers.lines();
    bool capped = false;
    for (auto& line : lines) {
      if (odd(line)) capped = cap_numbers(line.value, kMaxBeyond) || capped;
    }
    if (capped) {
      changed = true;
      request.headers.clear();
      for (auto& line : lines) request.headers.add(std::move(line.name), std::move(line.value));
    }
  }
  return changed;
}

std::size_t repeated_bytes(std::string_view text) {
  std::size_t total = 0;
  each_repeat(text, [&](const Repeat& r) {
    total = std::min(total + product(r.count, r.unit), std::size_t{1} << 50);
  });
  return total;
}

bool cap_repeats(std::string& text, std::size_t most) {
  std::vector<Repeat> all;
  bool changed = false;
  each_repeat(text, [&](const Repeat& r) { all.push_back(r); });
  // From the first on, as long as there is something left; from the end on, so that the places stay right.
  std::size_t left = most;
  for (Repeat& r : all) {
    const std::size_t wanted = product(r.count, r.unit);
    if (wanted > left) r.count = left / std::max<std::size_t>(r.unit, 1);
    left -= std::min(left, wanted);
  }
  for (auto r = all.rbegin(); r != all.rend(); ++r) {
    const std::string count = std::to_string(r->count);
    // Never longer than it was.
    if (count.size() > r->end - r->begin || text.compare(r->begin, r->end - r->begin, count) == 0) continue;
    text.replace(r->begin, r->end - r->begin, count);
    changed = true;
  }
  return changed;
}

bool break_unknown_placeholders(std::string& text, std::string_view input, const Vocabulary& vocabulary) {
  bool changed = false;
  for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at)) {
    std::size_t name = at + 2;
    if (name >= text.size() || text[name] < 'a' || text[name] > 'z') {
      ++at;
      continue;
    }
    while (name < text.size() && is_name(text[name])) ++name;
    const std::size_t end = text.find("}}", name);
    const std::string_view whole =
        end == std::string::npos ? std::string_view() : std::string_view(text).substr(at, end + 2 - at);
    bool known = false;
    if (whole.starts_with(kRepeat)) {
      const auto digits = whole.substr(kRepeat.size());
      const auto space = digits.find(' ');
      known =
          space != std::string_view::npos && space > 0 && space < 12 &&
          std::all_of(digits.begin(), digits.begin() + static_cast<std::ptrdiff_t>(space), base::is_digit);
    } else if (!whole.empty()) {
      known = whole == "{{prefix}}" || input.find(whole) != std::string_view::npos;
      for (auto it = vocabulary.by_member.begin(); !known && it != vocabulary.by_member.end(); ++it) {
        known = std::any_of(it->second.begin(), it->second.end(),
                            [&](const std::string& v) { return v.find(whole) != std::string::npos; });
      }
    }
    if (known) {
      at = end + 2;
    } else {
      text.erase(at, 1);
      changed = true;
      if (at > 0) --at;  // a brace before it may open one now
    }
  }
  return changed;
}

}  // namespace harness::generate
