#include "harness/reference/response_writer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <iterator>

namespace harness::reference {
namespace {

/// Small, so that even a short body comes in several chunks.
constexpr std::size_t kChunkBytes = 16;

void write_chunks(std::string_view body, std::string& out) {
  for (; !body.empty(); body.remove_prefix(std::min(kChunkBytes, body.size()))) {
    const auto chunk = body.substr(0, kChunkBytes);
    fmt::format_to(std::back_inserter(out), "{:x}\r\n{}\r\n", chunk.size(), chunk);
  }
  out += "0\r\n\r\n";
}

}  // namespace

std::string_view ResponseWriter::date(std::time_t now) {
  if (now != date_time_) {
    date_time_ = now;
    date_ = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  }
  return date_;
}

void ResponseWriter::write(const wire::Response& response, const Framing& framing, std::time_t now,
                           std::string& out) {
  const auto put = [&out](auto... parts) { (out.append(parts), ...); };
  put("HTTP/1.1 ", std::to_string(response.status), " ", response.reason, "\r\n");
  for (const auto& [name, value] : response.headers.lines()) put(name, ": ", value, "\r\n");
  put("Date: ", date(now), "\r\n");
  if (!framing.keep_alive) {
    put("Connection: close\r\n");
  } else if (framing.http_1_0) {
    put("Connection: keep-alive\r\n");
  }
  const bool chunked = framing.chunked && !framing.http_1_0;
  if (chunked) {
    put("Transfer-Encoding: chunked\r\n\r\n");
  } else {
    const auto length = static_cast<long>(response.body.size()) + framing.length_error;
    put("Content-Length: ", std::to_string(length), "\r\n\r\n");
  }
  if (framing.head) return;
  if (chunked) {
    write_chunks(response.body, out);
  } else {
    put(response.body);
  }
}

}  // namespace harness::reference
