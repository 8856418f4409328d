// How a canonical request is made (Signature Version 4, "Create a canonical request"): six parts, a line
// each.
//
//   POST                                   method
//   /                                      path: dot segments resolved, each segment encoded
//   Action=x&Version=y                     query: decoded, encoded again, sorted
//   content-type:application/x-amz-json-1.1
//   host:127.0.0.1:4566                    signed headers: lower case, trimmed, in order, an empty line after
//
//   content-type;host;x-amz-date           their names
//   e3b0c44298fc1c149afbf4c8996fb924…      SHA-256 of the body
//
// Its hash, the date and the scope are the string to sign; the key is derived from the secret by four HMACs.
#include "harness/wire/sigv4_canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/ascii.h"

namespace harness::wire {

namespace {

constexpr std::string_view kSpaces = " \t\n\v\f\r";

constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

constexpr bool is_unreserved(char c) {
  return base::is_letter(c) || base::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void append_encoded_byte(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

/// RFC 3986 §5.2.4 as AWS wants it: without dot segments and without empty ones.
std::string normalised_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
    start = end + 1;
  }
  std::string out = "/";
  for (const std::string_view segment : kept) {
    if (out.size() > 1) out += '/';
    out += segment;
  }
  if (path.ends_with('/') && !kept.empty()) out += '/';
  return out;
}

void append_path(std::string& out, std::string_view path) {
  if (path.empty() || path == "/") {
    out += '/';
    return;
  }
  for (const char c : normalised_path(path)) {
    if (is_unreserved(c) || c == '/') {
      out += c;
    } else {
      append_encoded_byte(out, c);
    }
  }
}

/// Decoded and encoded again, so that each way to write a parameter gives the same text.
std::string uniform_encoding(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%' && i + 2 < text.size() && base::hex_value(text[i + 1]) >= 0 &&
        base::hex_value(text[i + 2]) >= 0) {
      c = static_cast<char>(base::hex_value(text[i + 1]) * 16 + base::hex_value(text[i + 2]));
      i += 2;
    }
    if (is_unreserved(c)) {
      out += c;
    } else {
      append_encoded_byte(out, c);
    }
  }
  return out;
}

void append_query(std::string& out, std::string_view query) {
  if (query.empty()) return;
  std::vector<std::pair<std::string, std::string>> parameters;
  for (std::size_t start = 0; start <= query.size();) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string_view parameter = query.substr(start, end - start);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    parameters.emplace_back(uniform_encoding(parameter.substr(0, equals)),
                            uniform_encoding(parameter.substr(std::min(equals + 1, parameter.size()))));
    start = end + 1;
  }
  std::sort(parameters.begin(), parameters.end());
  bool first = true;
  for (const auto& [name, value] : parameters) {
    if (!first) out += '&';
    first = false;
    out.append(name).append("=").append(value);
  }
}

/// Without white space around it, and with one space for each run of white space inside.
void append_trimmed(std::string& out, std::string_view value) {
  if (std::none_of(value.begin(), value.end(), is_space)) {  // nearly every value
    out += value;
    return;
  }
  bool space = false;
  bool started = false;
  for (const char c : value) {
    if (is_space(c)) {
      space = started;
      continue;
    }
    if (space) out += ' ';
    space = false;
    started = true;
    out += c;
  }
}

void append_header(std::string& out, const Headers& headers, std::string_view name) {
  out.append(name).append(":");
  bool first = true;
  for (const Header& line : headers.lines()) {
    if (!same_name(line.name, name)) continue;
    if (!first) out += ',';
    first = false;
    append_trimmed(out, line.value);
  }
  out += '\n';
}

/// `size` decimal digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t size) {
  if (at + size > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, size)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::chrono::sys_seconds> make_time(int year, int month, int day, int hour, int minute,
                                                  int second) {
  using namespace std::chrono;
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

/// "Sun, 30 Aug 2015 12:36:00 GMT", with the zone in any of the ways that mean UTC.
std::optional<std::chrono::sys_seconds> parse_rfc1123(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() < 29 || text[3] != ',' || text[4] != ' ' || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text[25] != ' ') {
    return std::nullopt;
  }
  const std::string_view zone = text.substr(26);
  if (zone != "GMT" && zone != "UTC" && zone != "+0000" && zone != "-0000") return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  return make_time(digits(text, 12, 4), static_cast<int>(month / 3) + 1, digits(text, 5, 2),
                   digits(text, 17, 2), digits(text, 20, 2), digits(text, 23, 2));
}

}  // namespace

void append_names(std::string& out, const std::vector<std::string_view>& names) {
  bool first = true;
  for (const std::string_view name : names) {
    if (!first) out += ';';
    first = false;
    out += name;
  }
}

void append_canonical_request(std::string& out, const Request& request,
                              const std::vector<std::string_view>& names, const Digest& body_hash) {
  std::string_view target = request.target;
  // The absolute form of a request target (RFC 9112 §3.2.2) names the host first; only its path is signed.
  if (!target.starts_with('/')) {
    const std::size_t authority = target.find("://");
    if (authority != std::string_view::npos) {
      target.remove_prefix(std::min(target.find_first_of("/?", authority + 3), target.size()));
    }
  }
  const std::size_t mark = std::min(target.find('?'), target.size());
  out.append(request.method).append("\n");
  append_path(out, target.substr(0, mark));
  out += '\n';
  append_query(out, target.substr(std::min(mark + 1, target.size())));
  out += '\n';
  for (const std::string_view name : names) append_header(out, request.headers, name);
  out += '\n';
  append_names(out, names);
  out += '\n';
  append_hex(out, body_hash);
}

void append_string_to_sign(std::string& out, const Digest& canonical_hash, std::string_view amz_date,
                           const SigningScope& scope) {
  out.append(kAlgorithm).append("\n").append(amz_date).append("\n");
  out.append(amz_date.substr(0, 8)).append("/").append(scope.region).append("/").append(scope.service);
  out.append("/").append(kTerminator).append("\n");
  append_hex(out, canonical_hash);
}

void set_signing_key(Hashes& hashes, std::string_view secret, std::string_view day,
                     const SigningScope& scope) {
  hashes.set_key(std::string("AWS4").append(secret));
  Digest key = hashes.hmac(day);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service), kTerminator}) {
    hashes.set_key(as_text(key));
    key = hashes.hmac(part);
  }
  hashes.set_key(as_text(key));
}

std::string format_amz_date(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<std::chrono::sys_seconds> parse_amz_date(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  return make_time(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2), digits(text, 9, 2),
                   digits(text, 11, 2), digits(text, 13, 2));
}

std::optional<std::chrono::sys_seconds> request_date(const Request& request) {
  if (const auto amz_date = request.headers.find("X-Amz-Date"))
    return parse_amz_date(base::trimmed(*amz_date, kSpaces));
  const auto date = request.headers.find("Date");
  if (!date) return std::nullopt;
  const auto basic = parse_amz_date(base::trimmed(*date, kSpaces));
  return basic ? basic : parse_rfc1123(base::trimmed(*date, kSpaces));
}

std::string canonical_request(const Request& request, const std::vector<std::string>& signed_headers) {
  std::vector<std::string> lower(signed_headers);
  for (std::string& name : lower) name = base::lower(name);
  std::sort(lower.begin(), lower.end());
  lower.erase(std::unique(lower.begin(), lower.end()), lower.end());
  std::string out;
  append_canonical_request(out, request, {lower.begin(), lower.end()}, Hashes().sha256(request.body));
  return out;
}

std::string string_to_sign(std::string_view canonical, std::string_view amz_date, const SigningScope& scope) {
  std::string out;
  append_string_to_sign(out, Hashes().sha256(canonical), amz_date, scope);
  return out;
}

}  // namespace harness::wire
