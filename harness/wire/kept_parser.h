#pragma once

#include <simdjson.h>

#include <cstddef>

/// Private to harness/wire.
namespace harness::wire {

/// A simdjson parser with room for a text of `size` bytes. For small texts it is one that the thread keeps,
/// because setting a parser up costs more than reading them: no two may be in use at once.
class KeptParser {
 public:
  KeptParser(std::size_t size, std::size_t depth) {
    constexpr std::size_t kSmall = 4096;
    simdjson::dom::parser* kept = size <= kSmall ? kept_parser() : nullptr;
    const bool small = kept != nullptr;
    if (small) parser_ = kept;
    ready_ = parser_->allocate(small ? kSmall : size, depth) == simdjson::SUCCESS;
  }
  KeptParser(const KeptParser&) = delete;
  KeptParser& operator=(const KeptParser&) = delete;

  /// False if there is no memory.
  explicit operator bool() const { return ready_; }
  simdjson::dom::parser* operator->() { return parser_; }

 private:
  // nullptr once the thread has given up what it keeps: handlers of std::exit() run after that.
  static simdjson::dom::parser* kept_parser() {
    thread_local bool gone = false;
    struct Kept {
      simdjson::dom::parser parser;
      ~Kept() { gone = true; }
    };
    thread_local Kept kept;
    return gone ? nullptr : &kept.parser;
  }

  simdjson::dom::parser own_;
  simdjson::dom::parser* parser_ = &own_;
  bool ready_ = false;
};

}  // namespace harness::wire
