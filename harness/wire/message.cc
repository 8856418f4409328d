#include "harness/wire/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/base/ascii.h"

namespace harness::wire {

namespace {

std::size_t size_of(const Headers& headers) {
  std::size_t size = 2;
  for (const Header& line : headers.lines()) size += line.name.size() + line.value.size() + 4;
  return size;
}

void append_rest(std::string& out, const Headers& headers, std::string_view body) {
  for (const Header& line : headers.lines()) {
    out.append(line.name).append(": ").append(line.value).append("\r\n");
  }
  out.append("\r\n").append(body);
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return base::lower(x) == base::lower(y); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Header& line : lines_) {
    if (same_name(line.name, name)) return line.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Header& line : lines_) {
    if (same_name(line.name, name)) values.emplace_back(line.value);
  }
  return values;
}

void Headers::add(std::string name, std::string value) {
  lines_.push_back({std::move(name), std::move(value)});
}

void Headers::set(std::string_view name, std::string value) {
  const auto matches = [name](const Header& line) { return same_name(line.name, name); };
  const auto first = std::find_if(lines_.begin(), lines_.end(), matches);
  if (first == lines_.end()) {
    lines_.push_back({std::string(name), std::move(value)});
    return;
  }
  first->value = std::move(value);
  lines_.erase(std::remove_if(std::next(first), lines_.end(), matches), lines_.end());
}

void Headers::remove(std::string_view name) {
  // Removal compares each line's name while lines move, so `name` must not point into one of them.
  const std::string own(name);
  std::erase_if(lines_, [&own](const Header& line) { return same_name(line.name, own); });
}

void Headers::clear() {
  lines_.clear();
}

std::string to_bytes(const Request& request) {
  std::string out;
  out.reserve(request.method.size() + request.target.size() + request.version.size() + 4 +
              size_of(request.headers) + request.body.size());
  out.append(request.method).append(" ").append(request.target).append(" ").append(request.version);
  out.append("\r\n");
  append_rest(out, request.headers, request.body);
  return out;
}

std::string to_bytes(const Response& response) {
  std::string out;
  out.reserve(response.version.size() + response.reason.size() + 16 + size_of(response.headers) +
              response.body.size());
  // A status code has three digits; a smaller number is padded so that the line stays a status line.
  fmt::format_to(std::back_inserter(out), "{} {:03} {}\r\n", response.version, response.status,
                 response.reason);
  append_rest(out, response.headers, response.body);
  return out;
}

std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::answered:
      return "answered";
    case Transport::connect_failed:
      return "connect_failed";
    case Transport::connect_timeout:
      return "connect_timeout";
    case Transport::tls_failed:
      return "tls_failed";
    case Transport::timed_out:
      return "timed_out";
    case Transport::reset:
      return "reset";
    case Transport::closed:
      return "closed";
    case Transport::truncated:
      return "truncated";
    case Transport::not_http:
      return "not_http";
    case Transport::too_large:
      return "too_large";
    case Transport::cancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace harness::wire
