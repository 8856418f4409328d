#include "harness/reference/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

namespace harness::reference {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t kMaxHeadBytes = 64 * 1024;
constexpr std::size_t kMaxReserve = 1 << 20;  // a body's length is only a promise

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

void RequestReader::Parser::on_request_impl(http::verb, string_view method, string_view target, int version,
                                            error_code&) {
  request_.method = view(method);
  request_.target = view(target);
  request_.version = version == 11 ? "HTTP/1.1" : "HTTP/1.0";
}

void RequestReader::Parser::on_field_impl(http::field, string_view name, string_view value, error_code&) {
  if (is_header_done()) return;  // a trailer must not pass for a header (RFC 9110 §6.5.1)
  request_.headers.add(std::string(view(name)), std::string(view(value)));
}

void RequestReader::Parser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  if (length) request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, kMaxReserve)));
}

std::size_t RequestReader::Parser::on_body_impl(string_view body, error_code&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

std::size_t RequestReader::Parser::on_chunk_body_impl(std::uint64_t, string_view body, error_code& error) {
  return on_body_impl(body, error);
}

RequestReader::RequestReader(std::size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {}

void RequestReader::reset() {
  parser_.reset();
  request_.headers = {};
  request_.body.clear();
  if (request_.body.capacity() > kMaxReserve) request_.body.shrink_to_fit();
  head_checked_ = expects_continue_ = start_line_read_ = false;
  looked_at_ = line_start_ = 0;
  reason_.clear();
}

RequestReader::State RequestReader::refuse(State state, std::string reason) {
  reason_ = std::move(reason);
  return state;
}

/// What RFC 9112 wants of a head that Beast does not look at.
RequestReader::State RequestReader::check_head() {
  const auto& headers = request_.headers;
  if (request_.version == "HTTP/1.1" && headers.all("Host").size() != 1) {
    return refuse(State::broken, "an HTTP/1.1 request has exactly one Host header");
  }
  if (headers.contains("Transfer-Encoding") && !parser_->chunked()) {
    return refuse(State::broken, "the last transfer coding of a request is chunked");
  }
  const auto expect = headers.find("Expect");
  expects_continue_ = expect && wire::same_name(*expect, "100-continue") && request_.version == "HTTP/1.1" &&
                      !parser_->is_done();
  return State::need_more;
}

bool RequestReader::take_expects_continue() {
  return std::exchange(expects_continue_, false);
}

/// True if no bytes to come can make a request of this beginning of a head.
bool RequestReader::hopeless(std::string_view head) {
  for (; looked_at_ < head.size(); ++looked_at_) {
    const char c = head[looked_at_];
    const bool after_return = looked_at_ > 0 && head[looked_at_ - 1] == '\r';
    if (after_return != (c == '\n')) return true;  // neither is a line's end without the other
    if (c == '\n') {
      const std::string_view line = head.substr(line_start_, looked_at_ - 1 - line_start_);
      const bool first = !std::exchange(start_line_read_, true);
      line_start_ = looked_at_ + 1;
      if (first && (std::count(line.begin(), line.end(), ' ') != 2 || line.find(" HTTP/1.") == line.npos))
        return true;
      if (!first && !line.empty() && line.find(':') == line.npos && line.front() != ' ' &&
          line.front() != '\t') {
        return true;
      }
    } else if (c != '\r' && c != '\t' && (static_cast<unsigned char>(c) < ' ' || c == '\x7f')) {
      return true;
    }
  }
  return false;
}

RequestReader::State RequestReader::feed(std::string_view bytes, std::size_t& consumed) {
  consumed = 0;
  if (!parser_) {
    // RFC 9112 §2.2: empty lines before a request are passed over; more than two are no accident.
    while (consumed < 4 && bytes.substr(consumed, 2) == "\r\n") consumed += 2;
    bytes.remove_prefix(consumed);
    if (bytes.empty() || bytes == "\r") return State::need_more;
    parser_.emplace(request_);
    parser_->eager(true);
    parser_->header_limit(kMaxHeadBytes);
    parser_->body_limit(max_body_bytes_);
  }

  boost::beast::error_code error;
  const std::size_t used = parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  consumed += used;
  if (error == http::error::body_limit)
    return refuse(State::too_large, "the body is longer than this endpoint reads");
  if (error && error != http::error::need_more) return refuse(State::broken, error.message());
  if (!parser_->is_header_done()) {
    if (used > 0) {
      start_line_read_ = true;
      looked_at_ = line_start_ = 0;
    }
    if (hopeless(bytes.substr(used))) return refuse(State::broken, "the bytes are not the head of a request");
    return State::need_more;
  }
  // A chunk's extensions or trailers: Beast has no limit for them.
  if (!parser_->is_done() && bytes.size() - used > kMaxHeadBytes) {
    return refuse(State::broken, "a chunk's head is too long");
  }
  if (!std::exchange(head_checked_, true) && check_head() == State::broken) return State::broken;
  return parser_->is_done() ? State::done : State::need_more;
}

}  // namespace harness::reference
