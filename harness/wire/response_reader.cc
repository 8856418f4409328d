#include "harness/wire/response_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <optional>
#include <string>

namespace harness::wire {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

constexpr int kMaxInterim = 8;
/// A chunk's size line or a trailer section longer than this is not read: Beast wants it whole, and its size
/// is no part of the body.
constexpr std::size_t kMaxChunkHead = std::size_t{16} * 1024;
/// At most this much is reserved for a body on the mere word of a Content-Length.
constexpr std::uint64_t kMaxReserve = std::uint64_t{64} * 1024;
/// How every response that we understand starts.
constexpr std::string_view kStart = "HTTP/1.";

/// Writes what Beast's state machine recognises straight into a Response.
class ResponseParser final : public http::basic_parser<false> {
 public:
  ResponseParser(Response& out, const ReadLimits& limits, bool head_request)
      : out_(out), head_left_(limits.max_header_bytes) {
    eager(true);
    constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
    header_limit(static_cast<std::uint32_t>(std::min(limits.max_header_bytes, kMost)));
    body_limit(limits.max_body_bytes);
    skip(head_request);
  }

  bool has_status_line() const { return has_status_line_; }
  /// The next bytes are not a body's: a chunk's size line, or the end of the message.
  bool between_chunks() const { return !in_head_ && chunked() && !in_chunk_; }

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view reason, int version, error_code& ec) override {
    has_status_line_ = true;
    out_.version = version == 10 ? "HTTP/1.0" : "HTTP/1.1";
    out_.status = status;
    out_.reason.assign(reason.data(), reason.size());
    if (status < 100) ec = http::error::bad_status;
    spend(reason.size() + std::string_view("HTTP/1.1 200 \r\n").size(), ec);
  }
  void on_field_impl(http::field, string_view name, string_view value, error_code& ec) override {
    if (!in_head_) return;  // a trailer field
    spend(name.size() + value.size() + std::string_view(":\r\n").size(), ec);
    if (!ec) out_.headers.add(std::string(name), std::string(value));
  }
  void on_header_impl(error_code&) override { in_head_ = false; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) out_.body.reserve(static_cast<std::size_t>(std::min(*length, kMaxReserve)));
  }
  std::size_t on_body_impl(string_view body, error_code&) override {
    out_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t size, string_view, error_code&) override { in_chunk_ = size > 0; }
  std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code&) override {
    out_.body.append(body.data(), body.size());
    in_chunk_ = remain > body.size();
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  /// Beast's own limit holds for one call of put(), not for a head that arrives in pieces.
  void spend(std::size_t bytes, error_code& ec) {
    if (bytes > head_left_) {
      ec = http::error::header_limit;
    } else {
      head_left_ -= bytes;
    }
  }

  Response& out_;
  std::size_t head_left_;
  bool has_status_line_ = false;
  bool in_head_ = true;
  bool in_chunk_ = false;
};

}  // namespace

struct ResponseReader::Impl {
  explicit Impl(const ReadLimits& read_limits) : limits(read_limits) {}

  void start_response() {
    response.version = "HTTP/1.1";
    response.status = 0;
    response.reason.clear();
    response.headers.clear();
    response.body.clear();
    parser.emplace(response, limits, head_request);
  }

  State stop(State with, std::string why) {
    state = with;
    reason = std::move(why);
    return state;
  }

  State stop(const error_code& ec) {
    if (ec == http::error::header_limit) {
      return stop(State::too_large, fmt::format("the head exceeds {} bytes", limits.max_header_bytes));
    }
    if (ec == http::error::body_limit) {
      return stop(State::too_large, fmt::format("the body exceeds {} bytes", limits.max_body_bytes));
    }
    std::string where = "in the body";
    if (!parser->has_status_line() || ec == http::error::bad_status) {
      where = "in the status line";
    } else if (!parser->is_header_done()) {
      const auto& lines = response.headers.lines();
      where = lines.empty() ? "in the first header" : fmt::format("after the header '{}'", lines.back().name);
    }
    return stop(State::not_http, fmt::format("{} {}", ec.message(), where));
  }

  /// Parses `data`; `used` says how far.
  State parse(std::string_view data, std::size_t& used) {
    used = 0;
    while (used < data.size()) {
      const std::string_view rest = data.substr(used);
      // Beast wants eight bytes before it decides, and after fewer the whole head. A peer that greets in
      // another protocol may send less and then wait.
      if (!parser->has_status_line() && !kStart.starts_with(rest.substr(0, kStart.size()))) {
        return stop(State::not_http, "bad version in the status line");
      }
      // Between chunks, at least `0 CRLF CRLF` is still to come, and Beast asserts that it is not asked about
      // less.
      if (parser->between_chunks() && rest.size() < 5) return state;

      error_code ec;
      used += parser->put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
      if (ec == http::error::need_more) return state;
      if (ec) return stop(ec);
      if (!parser->is_done()) continue;
      if (response.status >= 200) return stop(State::done, {});
      if (response.status == 101) return stop(State::not_http, "switches protocols without being asked");
      if (++interim > kMaxInterim) {
        return stop(State::not_http, fmt::format("more than {} interim responses", kMaxInterim));
      }
      start_response();
    }
    return state;
  }

  State feed(std::string_view bytes, std::size_t& consumed) {
    consumed = 0;
    if (state != State::need_more || bytes.empty()) return state;
    got_anything = true;
    consumed = bytes.size();

    std::size_t used = 0;
    if (pending.empty()) {
      parse(bytes, used);
      if (state == State::need_more) pending.assign(bytes.substr(used));
      if (state == State::done) consumed = used;
    } else {
      pending.append(bytes);
      parse(pending, used);
      // What was pending belongs to this response, so what is left over came with `bytes`.
      if (state == State::done) consumed = bytes.size() - std::min(bytes.size(), pending.size() - used);
      if (state == State::need_more) {
        pending.erase(0, used);
      } else {
        pending.clear();
      }
    }
    const bool in_head = !parser->is_header_done();
    if (state == State::need_more && pending.size() > (in_head ? limits.max_header_bytes : kMaxChunkHead)) {
      return in_head
                 ? stop(error_code(http::error::header_limit))
                 : stop(State::too_large,
                        fmt::format("a chunk's size line or the trailer exceeds {} bytes", kMaxChunkHead));
    }
    return state;
  }

  State finish() {
    if (state != State::need_more || !parser->is_header_done() || !parser->need_eof()) return state;
    error_code ec;
    parser->put_eof(ec);
    return ec ? stop(ec) : stop(State::done, {});
  }

  ReadLimits limits;
  Response response;
  std::optional<ResponseParser> parser;  // Beast's parsers serve one message each
  std::string pending;                   // bytes that Beast wants to see again, together with more
  std::string reason;
  State state = State::need_more;
  int interim = 0;
  bool head_request = false;
  bool got_anything = false;
};

ResponseReader::ResponseReader(const ReadLimits& limits) : impl_(std::make_unique<Impl>(limits)) {
  reset();
}

ResponseReader::~ResponseReader() = default;

void ResponseReader::reset(bool head_request) {
  impl_->head_request = head_request;
  impl_->state = State::need_more;
  impl_->interim = 0;
  impl_->got_anything = false;
  impl_->pending.clear();
  impl_->reason.clear();
  impl_->start_response();
}

ResponseReader::State ResponseReader::feed(std::string_view bytes, std::size_t& consumed) {
  return impl_->feed(bytes, consumed);
}

ResponseReader::State ResponseReader::finish() {
  return impl_->finish();
}

bool ResponseReader::got_anything() const {
  return impl_->got_anything;
}

bool ResponseReader::got_interim() const {
  return impl_->interim > 0;
}

bool ResponseReader::keep_alive() const {
  return impl_->state == State::done && impl_->parser->keep_alive();
}

const std::string& ResponseReader::reason() const {
  return impl_->reason;
}

Response& ResponseReader::response() {
  return impl_->response;
}

Result<Response> parse_response(std::string_view bytes, const ReadLimits& limits) {
  ResponseReader reader(limits);
  std::size_t consumed = 0;
  ResponseReader::State state = reader.feed(bytes, consumed);
  if (state == ResponseReader::State::need_more) state = reader.finish();
  switch (state) {
    case ResponseReader::State::need_more:
      return fail(fmt::format("not a response: cut short after {} bytes", bytes.size()));
    case ResponseReader::State::not_http:
      return fail("not a response: " + reader.reason());
    case ResponseReader::State::too_large:
      return fail("response too large: " + reader.reason());
    case ResponseReader::State::done:
      break;
  }
  if (consumed != bytes.size()) {
    return fail(fmt::format("not one response: {} bytes follow it", bytes.size() - consumed));
  }
  return std::move(reader.response());
}

}  // namespace harness::wire
