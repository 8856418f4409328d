#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <string>

#include "harness/wire/message.h"

namespace harness::wire {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

/// Writes what Beast's state machine recognises straight into a Request, so that duplicate headers, their
/// order and their spelling survive.
class RequestParser final : public http::basic_parser<true> {
 public:
  explicit RequestParser(Request& out) : out_(out) {
    eager(true);
    body_limit(boost::none);  // the caller holds all bytes already: there is nothing left to bound
    header_limit(std::numeric_limits<std::uint32_t>::max());
  }

 private:
  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code&) override {
    out_.method.assign(method.data(), method.size());
    out_.target.assign(target.data(), target.size());
    out_.version = version == 10 ? "HTTP/1.0" : "HTTP/1.1";
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
    if (!in_head_) return;  // a trailer field
    out_.headers.add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override { in_head_ = false; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override {
    out_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    out_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  Request& out_;
  bool in_head_ = true;
};

}  // namespace

Result<Request> parse_request(std::string_view bytes) {
  if (bytes.empty()) return fail("not a request: no bytes");
  Request request;
  RequestParser parser(request);
  error_code ec;
  const std::size_t used = parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec && ec != http::error::need_more) {
    return fail(fmt::format("not a request: {} near byte {}", ec.message(), used));
  }
  if (parser.is_header_done() && request.headers.contains("Transfer-Encoding")) {
    // RFC 9112 §6.1 and §6.3: without a final `chunked` the length of a request cannot be known, and HTTP/1.0
    // has no transfer codings.
    if (!parser.chunked()) return fail("not a request: Transfer-Encoding does not end in chunked");
    if (request.version == "HTTP/1.0") return fail("not a request: HTTP/1.0 with Transfer-Encoding");
  }
  if (!parser.is_done()) {
    return fail(fmt::format("not a request: cut short in the {} after {} bytes",
                            parser.is_header_done() ? "body" : "head", bytes.size()));
  }
  if (used != bytes.size()) {
    return fail(fmt::format("not one request: {} bytes follow it", bytes.size() - used));
  }
  return request;
}

bool begins_with_head(std::string_view bytes) {
  bytes.remove_prefix(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
  return bytes.starts_with("HEAD ") || bytes.starts_with("HEAD\t");
}

}  // namespace harness::wire
