#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/generate/values.h"

namespace harness::generate {
namespace {

// Walks the tokens of a flat or nested JSON text that is known to be valid.
class Walker {
 public:
  explicit Walker(const std::string& text) : text_(text) {}

  std::vector<Truncation> run() {
    while (at_ < text_.size()) token();
    return std::move(out_);
  }

 private:
  void cut(const std::string& label, std::size_t end) {
    if (end == 0 || end >= text_.size()) return;
    // A second member of the same name in another object would give the same label; the first is enough.
    for (const auto& t : out_) {
      if (t.label == label) return;
    }
    out_.push_back({label, text_.substr(0, end)});
  }

  void token() {
    const char c = text_[at_];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
      return;
    }
    if (c == '"') return string();
    if (c == '{' || c == '[') {
      cut(fmt::format("after-open-{}", name_.empty() ? "body" : name_), ++at_);
      in_name_ = c == '{';
      return;
    }
    if (c == '}' || c == ']') {
      cut(fmt::format("after-close-{}", name_), ++at_);
      return;
    }
    if (c == ':') {
      cut(fmt::format("after-colon-of-{}", name_), ++at_);
      in_name_ = false;
      return;
    }
    if (c == ',') {
      cut(fmt::format("after-comma-of-{}", name_), ++at_);
      in_name_ = true;
      return;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos)
      ++at_;
    if (at_ - start > 1) cut(fmt::format("inside-value-of-{}", name_), start + 1);
    cut(fmt::format("after-value-of-{}", name_), at_);
  }

  void string() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    if (in_name_) {
      name_.clear();
      for (char c : text_.substr(start + 1, at_ - start - 2)) {
        if (base::is_letter(c) || base::is_digit(c)) name_ += base::lower(c);
      }
    }
    const char* what = in_name_ ? "name" : "value";
    cut(fmt::format("after-quote-of-{}-{}", what, name_), start + 1);
    // A placeholder is not cut in two: what stands for it would not be found any more.
    const bool placeholder = text_.substr(start, at_ - start).find("{{") != std::string::npos;
    const std::size_t middle = std::max(start + 2, start + (at_ - start) / 2);
    if (at_ - start > 2) cut(fmt::format("inside-{}-of-{}", what, name_), placeholder ? at_ - 1 : middle);
    cut(fmt::format("after-{}-of-{}", what, name_), at_);
  }

  const std::string& text_;
  std::size_t at_ = 0;
  bool in_name_ = false;
  std::string name_;
  std::vector<Truncation> out_;
};

}  // namespace

std::vector<Truncation> truncations(const std::string& json_object) {
  return Walker(json_object).run();
}

}  // namespace harness::generate
