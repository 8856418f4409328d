#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Texts as rows of characters, for making them smaller: an escape and a placeholder are never cut in two,
/// and what is repeated is one thing.
namespace harness::run {

/// A piece of text, and how often it stands there.
struct TextRun {
  std::string unit;  ///< a character, an escape (`\u0000`), a placeholder, or a few of them
  std::size_t count = 1;
  bool operator==(const TextRun&) const = default;
};

/// Whether `\n` and `\u0000` are one character, as in a JSON string.
enum class Escapes { none, json };

/// Takes a text apart. `{{repeat COUNT TEXT}}` is a run; so is what is written out often enough for
/// `{{repeat}}` to be shorter.
std::vector<TextRun> text_runs(std::string_view text, Escapes escapes);

/// Puts it together, each run in the shorter of its two forms.
std::string to_text(const std::vector<TextRun>& runs);

/// How hard a text is to read: 10 a plain ASCII character, more for anything else.
std::size_t effort(std::string_view text);

/// Makes a text shorter and plainer for as long as `accept` takes the next one: halves, single characters,
/// counts of repetitions, then `filler` in the place of other characters. `accept` says no to what is no
/// progress, so this ends; it ends at once when `enough` says so.
void shrink_text(std::string_view text, Escapes escapes, char filler,
                 const std::function<bool(const std::string&)>& accept, const std::function<bool()>& enough);

}  // namespace harness::run
