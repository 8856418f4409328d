#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/message.h"

/// A request from bytes as they arrive: the framing half of the reference server, without any I/O.
namespace harness::reference {

/// Reads one request after another. Built on Beast's basic_parser, which writes straight into a
/// wire::Request, so that the order and the spelling of headers are kept.
///
/// Once Beast has seen a part of a head, it waits for the end of the head before it looks at more. A server
/// that waits along with it seems to hang on bytes that can never become a request, so what cannot is refused
/// as soon as it is seen.
class RequestReader {
 public:
  enum class State { need_more, done, broken, too_large };

  explicit RequestReader(std::size_t max_body_bytes);

  /// Forgets the request, for the next one.
  void reset();
  /// Consumes bytes of the request. Those that it does not consume must come again, with more behind them.
  State feed(std::string_view bytes, std::size_t& consumed);

  /// The client waits for `100 Continue` before it sends the body. True once for a request.
  bool take_expects_continue();
  /// Bytes of a request have been consumed; empty lines before it do not count.
  bool begun() const { return parser_.has_value(); }
  /// After `done`: the client wants to keep the connection.
  bool keep_alive() const { return parser_->keep_alive(); }
  wire::Request& request() { return request_; }
  /// For `broken` and `too_large`: what is wrong, for people.
  const std::string& reason() const { return reason_; }

 private:
  class Parser final : public boost::beast::http::basic_parser<true> {
   public:
    explicit Parser(wire::Request& request) : request_(request) {}

   private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    void on_request_impl(boost::beast::http::verb verb, string_view method, string_view target, int version,
                         error_code& error) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field, string_view name, string_view value,
                       error_code& error) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
    std::size_t on_body_impl(string_view body, error_code& error) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code& error) override;
    void on_finish_impl(error_code&) override {}

    wire::Request& request_;
  };

  State refuse(State state, std::string reason);
  State check_head();
  bool hopeless(std::string_view head);

  const std::size_t max_body_bytes_;
  wire::Request request_;
  std::optional<Parser> parser_;
  bool head_checked_ = false;
  bool expects_continue_ = false;
  bool start_line_read_ = false;
  std::size_t looked_at_ = 0;   // of a head that is not complete: what hopeless() has passed
  std::size_t line_start_ = 0;  // where the line that it is in begins
  std::string reason_;
};

}  // namespace harness::reference
