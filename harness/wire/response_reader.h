#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "harness/result.h"
#include "harness/wire/message.h"

namespace harness::wire {

/// Reads one response from bytes as they arrive; shared by the network client and parse_response(). Built on
/// Beast's basic_parser (chunked, Content-Length and close-delimited bodies; limits on header and body).
class ResponseReader {
 public:
  enum class State { need_more, done, not_http, too_large };

  explicit ResponseReader(const ReadLimits& limits = {});
  ~ResponseReader();

  /// Forgets everything, for the next response; keeps its memory. The answer to a HEAD request has no body.
  void reset(bool head_request = false);
  /// Consumes bytes; `consumed` says how many belonged to this response (interim 1xx responses are skipped,
  /// at most 8).
  State feed(std::string_view bytes, std::size_t& consumed);
  /// The peer closed: `done` for a body delimited by the close, else `need_more` (truncated).
  State finish();

  bool got_anything() const;          ///< at least one byte was consumed
  bool got_interim() const;           ///< an interim response (1xx) was read and skipped
  bool keep_alive() const;            ///< after `done`: the connection may be used again (RFC 9112 §9.3)
  const std::string& reason() const;  ///< for not_http and too_large: what was wrong, for people
  Response& response();               ///< what was read so far

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace harness::wire
