#include "harness/generate/site_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "harness/base/ascii.h"
#include "harness/base/hash.h"
#include "harness/generate/pattern_strings.h"
#include "harness/generate/valid_input.h"

namespace harness::generate {
namespace {

using model::Constraints;
using model::Place;
using model::ShapeType;
using wire::Json;

constexpr std::int64_t kLongestText = 70'000;    // longer ones are not made: services limit the body
constexpr std::int64_t kMostEntriesInside = 60;  // a list at its maximum only where that is short
constexpr int kTries = 40;

bool is_list_or_map(ShapeType type) {
  return type == ShapeType::list || type == ShapeType::map;
}

// So that a byte is a character.
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class ValueMaker {
 public:
  ValueMaker(const Place& place, const Json& example, std::string_view prefix)
      : place_(place),
        type_(place.member().target->type),
        c_(place.member().constraints),
        example_(example),
        prefix_(prefix),
        strings_(c_.pattern ? PatternStrings::of(c_.pattern->text()) : std::nullopt) {}

  std::vector<SiteValue> make() {
    if (!place_.is_key()) {
      types();
      presence();
    }
    if (is_list_or_map(type_)) sizes();
    if (is_integer(type_)) numbers();
    if (type_ == ShapeType::string || type_ == ShapeType::enumeration) {
      if (!c_.enum_values.empty()) {
        names();
      } else {
        lengths();
        patterns();
      }
    }
    return std::move(out_);
  }

 private:
  void add(std::string label, std::string title, std::optional<Json> json) {
    out_.push_back({std::move(label), std::move(title), std::move(json)});
  }

  void types() {
    const auto other = [&](const char* name, const char* words, Json json) {
      add(std::string("type/") + name, words, std::move(json));
    };
    const bool deep = place_.steps.size() > 1;
    if (is_text(type_)) {
      other("integer", "an integer in place of a string", 7);
      if (!deep) other("true", "true in place of a string", true);
      other("object", "an object in place of a string", Json::object());
    } else if (type_ == ShapeType::boolean) {
      other("word", "a word in place of true or false", "maybe");
      if (!deep) other("integer", "an integer in place of true or false", 7);
      other("array", "an array in place of true or false", Json::array({true}));
    } else if (type_ == ShapeType::list) {
      other("word", "a word in place of an array", "word");
      other("object", "an object in place of an array", Json::object());
    } else if (type_ == ShapeType::document) {
      return;
    } else if (is_integer(type_) || type_ == ShapeType::timestamp || type_ == ShapeType::float_ ||
               type_ == ShapeType::double_ || type_ == ShapeType::big_decimal) {
      if (is_integer(type_)) other("word", "a word in place of a number", "ten");
      if (!deep) other("true", "true in place of a number", true);
      other("object", "an object in place of a number", Json::object());
    } else {
      other("word", "a word in place of an object", "word");
      other("array", "an array in place of an object", Json::array({example_}));
    }
  }

  // Elements and entries are there or not: their list says.
  void presence() {
    if (place_.steps.size() > 1 && is_list_or_map(place_.steps[place_.steps.size() - 2]->target->type))
      return;
    const std::string group = c_.required ? "required/" : "optional/";
    if (c_.required) add(group + "missing", "left out", std::nullopt);
    add(group + "null", "null", Json());
  }

  // A count is of characters, or of entries.
  template <class Make>
  void counted(const Make& make, std::int64_t most_inside, const char* unit) {
    const auto one = [&](const char* name, std::int64_t n, const char* words) {
      if (n < 0 || n > kLongestText) return;
      if (auto json = make(static_cast<std::size_t>(n)))
        add(std::string("length/") + name, fmt::format("{} {}, {}", n, unit, words), *std::move(json));
    };
    if (c_.min_length && *c_.min_length > 0) {
      one("below-minimum", *c_.min_length - 1, "one fewer than the minimum");
      one("minimum", *c_.min_length, "the minimum");
    }
    if (c_.max_length) {
      if (*c_.max_length <= most_inside && *c_.max_length != c_.min_length.value_or(-1))
        one("maximum", *c_.max_length, "the maximum");
      one("above-maximum", *c_.max_length + 1, "one more than the maximum");
    }
  }

  void sizes() {
    const auto entries = [&](std::size_t n) -> std::optional<Json> {
      auto json = valid_entries(place_.member(), n, place_.path, prefix_);
      return json ? std::optional(*std::move(json)) : std::nullopt;
    };
    counted(entries, kMostEntriesInside, type_ == ShapeType::list ? "elements" : "entries");
  }

  void numbers() {
    const auto one = [&](const char* name, std::int64_t n, const char* words) {
      // As a reader of JSON has it: a signed zero is minus zero.
      add(std::string("range/") + name, fmt::format("{}, {}", n, words),
          n < 0 ? Json(n) : Json(static_cast<std::uint64_t>(n)));
    };
    using Limits = std::numeric_limits<std::int64_t>;
    if (c_.min_value) {
      if (*c_.min_value > Limits::min()) one("below-minimum", *c_.min_value - 1, "one below the minimum");
      one("minimum", *c_.min_value, "the minimum");
    }
    if (c_.max_value) {
      if (c_.max_value != c_.min_value) one("maximum", *c_.max_value, "the maximum");
      if (*c_.max_value < Limits::max()) one("above-maximum", *c_.max_value + 1, "one above the maximum");
    }
  }

  void names() {
    const auto one = [&](const char* name, const char* words, const std::string& text) {
      if (std::find(c_.enum_values.begin(), c_.enum_values.end(), text) == c_.enum_values.end())
        add(std::string("enum/") + name, words, text);
    };
    if (c_.enum_values.size() > 1) add("enum/last", "the last documented value", c_.enum_values.back());
    const std::string& first = c_.enum_values.front();
    one("unknown", "an unknown value", "Unknown");
    one("upper-case", "a documented value in upper case", base::upper(first));
    one("lower-case", "a documented value in lower case", base::lower(first));
    one("final-newline", "a documented value and a newline", first + "\n");
    one("empty", "an empty string", "");
  }

  // Of this length, and of the pattern if that can be.
  std::optional<Json> text_of(std::size_t n) const {
    const auto is_member = [&](const std::string& text) {
      return !c_.pattern || c_.pattern->match(text) == model::Pattern::Match::matches;
    };
    if (n > prefix_.size() && !prefix_.empty()) {  // a name of our own, if it can be one
      std::string own = std::string(prefix_) + std::string(n - prefix_.size(), 'a');
      if (is_member(own)) return own;
    }
    for (const char c : std::string_view("a1A-/.")) {
      if (std::string plain(n, c); is_member(plain)) return plain;
    }
    if (strings_) {
      Random random(base::fnv1a(place_.path));
      if (strings_->is_plain() && n >= strings_->shortest() && n <= strings_->longest()) {
        if (std::string text = strings_->member_of_length(random, n); is_member(text)) return text;
      }
      for (int i = 0; i < kTries; ++i) {
        std::string text = strings_->member(random, n);
        if (wire::scalar_count(text) == n && is_member(text)) return text;
      }
    }
    if (example_.is_string()) {  // the example with its last character repeated, or cut
      std::string text = example_.get<std::string>();
      if (!text.empty() && is_ascii(text)) {
        const char last = text.back();
        text.resize(n, last);
        if (is_member(text)) return text;
      }
    }
    return std::string(n, 'a');
  }

  void lengths() {
    counted([&](std::size_t n) { return text_of(n); }, kLongestText, "characters");
  }

  void patterns() {
    if (!c_.pattern) return;
    const std::string valid = example_.is_string() ? example_.get<std::string>() : std::string();
    const std::size_t length = std::max<std::size_t>(valid.size(), 1);
    const auto one = [&](const char* name, const char* words, std::string text) {
      add(std::string("pattern/") + name, words, std::move(text));
    };
    const auto middle = [&](char c) {
      // Not in what a name begins with: that is the run's own.
      if (!is_ascii(valid)) return valid + c + "x";
      std::string text = valid.empty() ? std::string(1, 'x') : valid;
      text[text.size() > 3 ? text.size() - 2 : text.size() / 2] = c;
      return text;
    };
    one("final-newline", "a valid value and a newline", valid + "\n");
    for (const auto& [name, words, c] :
         {std::tuple{"exclamation-mark", "an exclamation mark before the last character", '!'},
          std::tuple{"space", "a space before the last character", ' '},
          std::tuple{"slash", "a slash before the last character", '/'},
          std::tuple{"newline", "a newline before the last character", '\n'}})
      one(name, words, middle(c));
    one("only-exclamation-marks", "exclamation marks alone", std::string(length, '!'));
    one("only-spaces", "spaces alone", std::string(length, ' '));
    one("only-newlines", "newlines alone", std::string(length, '\n'));
    one("word", "a word", std::string(length, 'a'));
    one("digits", "digits", std::string(length, '9'));
    if (!valid.empty() && is_ascii(valid)) {
      one("shortened", "a valid value without its last character", valid.substr(0, valid.size() - 1));
      one("twice", "a valid value twice", valid + valid);
    }
    one("empty", "an empty string", "");
    if (strings_) {
      Random random(base::fnv1a(place_.path));
      if (auto text = strings_->non_member(random)) one("near", "a near miss", *std::move(text));
    }
  }

  const Place& place_;
  const ShapeType type_;
  const Constraints& c_;
  const Json& example_;
  const std::string_view prefix_;
  const std::optional<PatternStrings> strings_;
  std::vector<SiteValue> out_;
};

}  // namespace

std::vector<SiteValue> site_values(const Place& place, const Json& example, std::string_view prefix) {
  return ValueMaker(place, example, prefix).make();
}

}  // namespace harness::generate
