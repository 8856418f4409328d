#include "harness/wire/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <limits>
#include <numeric>

#include "harness/wire/json_ordinary.h"
#include "harness/wire/json_repair.h"

namespace harness::wire {

namespace {

using Kind = JsonNote::Kind;
// ordered_json's object is a vector of members behind a map's interface whose every insertion searches the
// whole vector; the vector itself is used here, and duplicates are sought once an object is complete.
using Members = Json::object_t::Container;

constexpr std::size_t kMaxNotesOfAKind = 1000;
constexpr std::size_t kMaxPath = 1000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Receives nlohmann's parse events and builds the value itself, because the library's own builder drops what
/// JsonNote keeps.
class Builder {
 public:
  Builder(std::size_t max_depth, const RepairedJson* repaired) : max_depth_(max_depth) {
    if (repaired == nullptr) return;
    bad_utf8_ = Ordinals(repaired->invalid_utf8);
    bad_surrogate_ = Ordinals(repaired->lone_surrogates);
    bad_number_ = Ordinals(repaired->unrepresentable);
  }

  // The events, named by nlohmann's SAX interface. `false` stops the parser.
  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return number(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return number(value); }
  bool number_float(Json::number_float_t value, const std::string& lexeme) {
    number(value);
    const bool integer_literal = lexeme.find_first_of(".eE") == std::string::npos;
    note(integer_literal ? Kind::beyond_int64 : Kind::fractional_integer, open_.size());
    return true;
  }
  bool string(std::string& value) { return string(std::string(value)); }
  bool string(std::string&& value) {
    add(std::move(value));
    note_string(open_.size());
    return true;
  }
  bool binary(Json::binary_t&) { return false; }  // not in JSON texts

  bool start_object(std::size_t) { return start(Json::value_t::object); }
  bool key(std::string& name) { return key(std::string(name)); }
  bool key(std::string&& name) {
    note_string(open_.size() - 1);
    open_.back().members->emplace_back(std::move(name), Json());
    return true;
  }
  bool end_object() {
    merge_duplicates(*open_.back().members);
    open_.pop_back();
    return true;
  }
  bool start_array(std::size_t) { return start(Json::value_t::array); }
  bool end_array() {
    open_.pop_back();
    return true;
  }

  bool parse_error(std::size_t position, const std::string& last_token, const Json::exception& e) {
    // `position` counts the characters read, the offending one (or the end) included.
    error_offset_ = position == 0 ? 0 : position - 1;
    error_reason_ = describe(e.what(), last_token);
    return false;
  }

  bool too_deep() const { return too_deep_; }
  std::size_t error_offset() const { return error_offset_; }
  std::string take_reason() { return std::move(error_reason_); }
  void note_whole_text(Kind kind) { note(kind, 0); }
  JsonText take() { return {std::move(root_), std::move(notes_)}; }

 private:
  /// A container that is still being read: exactly one of the two is set.
  struct Open {
    Json::array_t* elements;
    Members* members;
  };

  /// Ascending ordinals, asked for in ascending order.
  class Ordinals {
   public:
    Ordinals() = default;
    explicit Ordinals(const std::vector<std::size_t>& all)
        : next_(all.data()), end_(all.data() + all.size()) {}
    bool take(std::size_t ordinal) {
      if (next_ == end_ || *next_ != ordinal) return false;
      ++next_;
      return true;
    }

   private:
    const std::size_t* next_ = nullptr;
    const std::size_t* end_ = nullptr;
  };

  template <class T>
  bool add(T&& value) {
    place(std::forward<T>(value));
    return true;
  }

  template <class T>
  Json& place(T&& value) {
    if (open_.empty()) return root_ = Json(std::forward<T>(value));
    if (Json::array_t* elements = open_.back().elements) {
      return elements->emplace_back(std::forward<T>(value));
    }
    return open_.back().members->back().second = Json(std::forward<T>(value));
  }

  template <class T>
  bool number(T value) {
    if (!bad_number_.take(numbers_++)) return add(value);
    add(nullptr);
    note(Kind::unrepresentable, open_.size());
    return true;
  }

  bool start(Json::value_t type) {
    if (open_.size() >= max_depth_) {
      too_deep_ = true;
      return false;
    }
    Json& value = place(type);
    // A container's address is stable while it is open: its parent grows only after it is closed.
    if (type == Json::value_t::array) {
      open_.push_back({value.get_ptr<Json::array_t*>(), nullptr});
    } else {
      open_.push_back({nullptr, value.get_ptr<Json::object_t*>()});
    }
    return true;
  }

  void note_string(std::size_t depth) {
    const std::size_t ordinal = strings_++;
    if (bad_utf8_.take(ordinal)) note(Kind::invalid_utf8, depth);
    if (bad_surrogate_.take(ordinal)) note(Kind::lone_surrogate, depth);
  }

  /// The path of what is being read in the first `depth` open containers.
  std::string path(std::size_t depth) const {
    std::string out;
    for (std::size_t i = 0; i < depth && out.size() < kMaxPath; ++i) {
      if (open_[i].elements != nullptr) {
        fmt::format_to(std::back_inserter(out), "[{}]", open_[i].elements->size() - 1);
      } else {
        append_key(out, open_[i].members->back().first);
      }
    }
    return out;
  }

  static void append_key(std::string& path, std::string_view key) {
    if (!path.empty()) path += '.';
    path += key.substr(0, kMaxPath);
  }

  void note(Kind kind, std::size_t depth) {
    note_at(kind, [&] { return path(depth); });
  }

  template <class Path>
  void note_at(Kind kind, Path path) {
    std::size_t& count = counts_[static_cast<std::size_t>(kind)];
    if (count >= kMaxNotesOfAKind) return;
    ++count;
    std::string where = path();
    if (where.size() > kMaxPath) where.resize(kMaxPath);
    notes_.push_back({kind, std::move(where)});
  }

  /// Leaves one member of each name: where the first stands, with the value of the last.
  void merge_duplicates(Members& members) {
    const std::size_t size = members.size();
    if (size < 2 || !has_duplicates(members)) return;
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return members[a].first < members[b].first; });
    std::vector<bool> dropped(size, false);
    std::vector<bool> repeated(size, false);
    for (std::size_t first = 0; first < size;) {
      std::size_t last = first;
      while (last + 1 < size && members[order[last + 1]].first == members[order[first]].first) {
        dropped[order[++last]] = true;
      }
      if (last != first) {
        repeated[order[first]] = true;
        members[order[first]].second = std::move(members[order[last]].second);
      }
      first = last + 1;
    }
    Members kept;
    for (std::size_t i = 0; i < size; ++i) {
      if (repeated[i]) note_duplicate(members[i].first);
      if (!dropped[i]) kept.emplace_back(std::move(members[i]));
    }
    members.swap(kept);
  }

  static bool has_duplicates(const Members& members) {
    constexpr std::size_t kCompareAll = 16;  // few names are compared faster than they are sorted
    if (members.size() <= kCompareAll) {
      for (std::size_t i = 1; i < members.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
          if (members[i].first == members[k].first) return true;
        }
      }
      return false;
    }
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const auto& member : members) names.emplace_back(member.first);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }

  void note_duplicate(std::string_view name) {
    note_at(Kind::duplicate_key, [&] {
      std::string where = path(open_.size() - 1);
      append_key(where, name);
      return where;
    });
  }

  /// What nlohmann says, without its numbering, its line and column, and the (possibly endless) last token.
  static std::string describe(std::string_view what, std::string_view last_token) {
    std::string reason(what);
    const std::size_t read = reason.find("; last read: '");
    if (read != std::string::npos) {
      reason.erase(read, std::string_view("; last read: ''").size() + last_token.size());
    }
    const std::size_t start = reason.find("syntax error ");
    if (start != std::string::npos) reason.erase(0, start);
    return reason;
  }

  std::size_t max_depth_;
  Ordinals bad_utf8_;
  Ordinals bad_surrogate_;
  Ordinals bad_number_;
  Json root_;
  std::vector<Open> open_;
  std::vector<JsonNote> notes_;
  std::array<std::size_t, 8> counts_{};
  std::size_t strings_ = 0;
  std::size_t numbers_ = 0;
  bool too_deep_ = false;
  std::size_t error_offset_ = 0;
  std::string error_reason_;
};

using Parsed = tl::expected<JsonText, JsonSyntaxError>;

tl::unexpected<JsonSyntaxError> syntax_error(JsonSyntaxError::Kind kind, std::size_t offset,
                                             std::string reason) {
  return tl::unexpected<JsonSyntaxError>({kind, offset, std::move(reason)});
}

/// One text without byte order mark and NUL. Offsets are those of `text`.
Parsed parse_plain(std::string_view text, std::size_t max_depth, bool marked) {
  const auto too_deep = [&] {
    return syntax_error(JsonSyntaxError::Kind::too_deep, too_deep_offset(text, max_depth),
                        fmt::format("nested deeper than {} levels", max_depth));
  };
  const auto run = [](Builder& builder, std::string_view input) {
    return Json::sax_parse(input.begin(), input.end(), &builder);
  };

  // Most texts are ordinary, and most others well-formed: nothing is searched beforehand, and only a refused
  // text is looked at again.
  Builder ordinary(max_depth, nullptr);
  if (marked) ordinary.note_whole_text(Kind::byte_order_mark);
  if (read_ordinary_json(text, ordinary)) return ordinary.take();

  Builder builder(max_depth, nullptr);
  if (marked) builder.note_whole_text(Kind::byte_order_mark);
  if (run(builder, text)) return builder.take();
  if (builder.too_deep()) return too_deep();

  const auto repaired = repair_json(text);
  if (!repaired) {
    return syntax_error(JsonSyntaxError::Kind::syntax, std::min(builder.error_offset(), text.size()),
                        builder.take_reason());
  }
  Builder second(max_depth, &*repaired);
  if (marked) second.note_whole_text(Kind::byte_order_mark);
  if (run(second, repaired->text)) return second.take();
  if (second.too_deep()) return too_deep();
  return syntax_error(JsonSyntaxError::Kind::syntax, original_offset(text, second.error_offset()),
                      second.take_reason());
}

Parsed parse(std::string_view text, std::size_t max_depth) {
  const bool marked = text.starts_with(kByteOrderMark);
  const std::size_t skipped = marked ? kByteOrderMark.size() : 0;
  const std::string_view rest = text.substr(skipped);
  if (rest.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return syntax_error(JsonSyntaxError::Kind::empty, text.size(), "no value");
  }
  // nlohmann takes a NUL for the end of the text, and a second byte order mark for the first.
  if (marked && rest.starts_with(kByteOrderMark)) {
    return syntax_error(JsonSyntaxError::Kind::syntax, skipped, "a second byte order mark");
  }
  const std::size_t nul = rest.find('\0');
  Parsed parsed = parse_plain(rest.substr(0, nul), max_depth, marked);
  if (!parsed) parsed.error().offset += skipped;
  if (nul == std::string_view::npos) return parsed;
  if (!parsed && parsed.error().offset < skipped + nul) return parsed;
  return syntax_error(JsonSyntaxError::Kind::syntax, skipped + nul, "a NUL character");
}

}  // namespace

bool JsonText::has(JsonNote::Kind kind, std::optional<std::string_view> path) const {
  return std::any_of(notes.begin(), notes.end(), [&](const JsonNote& note) {
    return note.kind == kind && (!path || note.path == *path);
  });
}

tl::expected<JsonText, JsonSyntaxError> parse_json(std::string_view text, std::size_t max_depth) {
  try {
    return parse(text, max_depth);
  } catch (const std::exception& e) {  // no memory
    return syntax_error(JsonSyntaxError::Kind::syntax, 0, e.what());
  }
}

}  // namespace harness::wire
