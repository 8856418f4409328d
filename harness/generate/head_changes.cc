#include "harness/generate/head_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/generate/damage.h"
#include "harness/generate/header_values.h"
#include "harness/generate/json_strings.h"

namespace harness::generate {
namespace {

using wire::Header;
using wire::Headers;

constexpr std::string_view kTarget = "X-Amz-Target";
constexpr std::string_view kContentType = "Content-Type";

void put_back(Headers& headers, std::vector<Header> lines) {
  headers.clear();
  for (Header& line : lines) headers.add(std::move(line.name), std::move(line.value));
}

std::string spelled(std::string name, Random& random) {
  const std::size_t way = random.below(3);
  for (char& c : name) {
    const bool upper = base::is_upper(c);
    const bool lower = base::is_lower(c);
    if ((upper && way != 1) || (lower && way == 1) || (lower && way == 2 && random.percent(30)))
      c = static_cast<char>(c ^ 0x20);
  }
  return name;
}

std::string target_value(const Plans& plans, std::string_view current, Random& random) {
  const std::string& prefix = plans.service().target_prefix;
  const auto dot = current.find('.');
  const std::string_view operation = dot == std::string_view::npos ? current : current.substr(dot + 1);
  switch (random.below(16)) {
    case 0:
      return std::string(operation);
    case 1:
      return spelled(std::string(current), random);
    case 2:
      return prefix + "_" + plans.service().compact_version() + "." + std::string(operation);
    case 3:
      return plans.service().shape_namespace + "#" + prefix + "." + std::string(operation);
    case 4:
      return prefix + "." + spelled(std::string(operation), random);
    case 5:
      return prefix + ".." + std::string(operation);
    case 6:
      return std::string(current) + (random.percent(50) ? "." : " ");
    case 7:
      return prefix + "/" + std::string(operation);
    case 8:
      return random.percent(50) ? std::string() : prefix + ".";
    case 9:
      return std::string(current) + "," + std::string(current);
    case 10:
      return "DynamoDB_20120810.ListTables";
    case 11:
      return prefix + "." + content_of_length(nullptr, telling_length(nullptr, random, 1200), random);
    case 12: {
      std::string value(current);
      change_content(value, nullptr, random, 200);
      return value;
    }
    default:
      return plans.operations().empty() ? std::string(current)
                                        : prefix + "." + random.pick(plans.operations()).name;
  }
}

// Body in chunks; how it is written is right mostly.
std::string chunked(std::string_view body, Random& random) {
  const std::size_t mistake = random.below(16);
  std::string out;
  std::size_t chunks = 0;
  while (!body.empty() && ++chunks < 40) {
    const std::size_t n = chunks == 39 || random.percent(40) ? body.size() : random.between(1, body.size());
    std::size_t said = n;
    if (mistake == 0) said = n + random.between(1, 300);
    if (mistake == 1) said = n - random.between(1, n);
    out += fmt::format(fmt::runtime(random.percent(80)   ? "{:x}"
                                    : random.percent(50) ? "{:08X}"
                                                         : "0{:x}"),
                       said);
    if (mistake == 2) out += ";a=b";
    if (mistake == 3) out += " ";
    if (mistake == 4) out = "-" + out;
    if (mistake == 5) out = "0x" + out;
    out += mistake == 6 ? "\n" : "\r\n";
    out += body.substr(0, n);
    if (mistake != 7) out += "\r\n";
    body.remove_prefix(n);
  }
  if (mistake == 8) return out;
  out += mistake == 9 ? "00000" : mistake == 10 ? "" : "0";
  out += "\r\n";
  if (mistake == 11) out += "X-Amz-Target: x\r\n";
  if (mistake != 12) out += "\r\n";
  return out;
}

std::string length_value(std::size_t size, Random& random) {
  switch (random.below(14)) {
    case 0:
      return std::to_string(size + 1);
    case 1:
      return std::to_string(size > 0 ? size - 1 : 1);
    case 2:
      return "0";
    case 3:
      return "-1";
    case 4:
      return fmt::format("+{}", size);
    case 5:
      return fmt::format("0x{:x}", size);
    case 6:
      return fmt::format("00{}", size);
    case 7:
      return fmt::format("{}.0", size);
    case 8:
      return fmt::format("{}, {}", size, size);
    case 9:
      return "";
    case 10:
      return "x";
    case 11:
      return fmt::format("{} {}", size, size);
    case 12:
      return std::to_string(random.below(size + 1));
    default:
      return std::to_string(size + random.between(1, 5000));
  }
}

void become_raw(wire::HttpText& text) {
  std::string bytes = text.request.method + " " + text.request.target + " " + text.request.version +
                      "\r\nHost: localhost\r\n";
  bool length = false;
  for (const Header& line : text.request.headers.lines()) {
    length = length || wire::same_name(line.name, "content-length");
    bytes += line.name + ": " + line.value + "\r\n";
  }
  if (!length) bytes += fmt::format("Content-Length: {}\r\n", text.request.body.size());
  text.raw_bytes = bytes + "\r\n" + text.request.body;
  text.raw = true;
  text.without.clear();
  std::erase_if(text.comments, [](const std::string& c) { return c.starts_with("@without"); });
}

void change_line(std::vector<Header>& lines, Random& random) {
  const std::size_t at = random.below(lines.size());
  switch (random.below(8)) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    case 1:
      lines.push_back(Header(lines[at]));
      if (random.percent(50)) change_content(lines.back().value, nullptr, random, 200);
      return;
    case 2:
      std::swap(lines[at], lines[random.below(lines.size())]);
      return;
    case 3:
      lines[at].name = spelled(lines[at].name, random);
      return;
    case 4:
      lines[at].value = spelled(lines[at].value, random);
      return;
    case 5:
      if (random.percent(50)) {
        change_content(lines[at].name, nullptr, random, 60);
      } else {
        lines[at].value = random.pick(lines).value;
      }
      return;
    case 6: {
      const std::size_t n = telling_length(nullptr, random, 1100);
      lines[at].value = random.percent(80)
                            ? std::string(n, 'a')
                            : fmt::format("{{{{repeat {} a}}}}", std::size_t{1} << random.between(10, 14));
      return;
    }
    default:
      if (random.percent(25)) return change_bytes(lines[at].value, random, 300);
      change_content(lines[at].value, nullptr, random, 300);
  }
}

void without_nothing(wire::HttpText& text) {
  text.without.clear();
  std::erase_if(text.comments, [](const std::string& c) { return c.starts_with("@without"); });
}

void without(wire::HttpText& text, std::string_view name) {
  text.without.emplace_back(name);
  // What is written of them is written anew from the list.
  std::erase_if(text.comments, [](const std::string& c) { return c.starts_with("@without"); });
}

}  // namespace

const OperationPlan* operation_of(const wire::Request& request, const Plans& plans) {
  const auto target = request.headers.find(kTarget);
  if (!target) return nullptr;
  const auto dot = target->find('.');
  return plans.find(dot == std::string_view::npos ? *target : target->substr(dot + 1));
}

wire::HttpText request_for(const OperationPlan& operation, const Plans& plans, std::string body) {
  wire::HttpText text;
  text.request.headers.add(std::string(kTarget), plans.service().target_prefix + "." + operation.name);
  text.request.headers.add(std::string(kContentType), plans.service().content_type);
  text.request.body = std::move(body);
  return text;
}

void change_head(wire::HttpText& text, const Plans& plans, Random& random) {
  wire::Request& request = text.request;
  const std::size_t kind = random.below(100);
  if (kind < 26) {
    for (std::size_t n = random.percent(55) ? 1 : random.between(2, 4); n > 0; --n) {
      if (request.headers.lines().size() >= kMaxHeaderLines) break;
      const auto& [name, value] = random.pick(plans.head_values().headers);
      // In the place of the one that is there, or besides it.
      if (random.percent(60)) {
        request.headers.set(name, value);
      } else {
        request.headers.add(random.percent(80) ? name : spelled(name, random), value);
      }
    }
  } else if (kind < 36) {
    const std::string current(request.headers.find(kTarget).value_or(""));
    request.headers.set(kTarget, target_value(plans, current, random));
  } else if (kind < 53) {
    std::string type = random.pick(plans.head_values().content_types);
    for (std::size_t n = random.percent(25) ? random.between(1, 3) : 0; n > 0; --n)
      type += random.pick(kParameters);
    request.headers.set(kContentType, std::move(type));
  } else if (kind < 73) {
    std::vector<Header> lines = request.headers.lines();
    if (lines.empty() || lines.size() >= kMaxHeaderLines) return;
    change_line(lines, random);
    put_back(request.headers, std::move(lines));
  } else if (kind < 78) {
    request.method = random.percent(80) ? random.pick(kMethods) : std::string_view("POST");
  } else if (kind < 83) {
    request.target = random.percent(80) ? random.pick(plans.head_values().paths) : "/";
  } else if (kind < 85) {
    request.version = random.percent(80) ? random.pick(kVersions) : std::string_view("HTTP/1.1");
  } else if (kind < 88) {
    constexpr std::array<std::string_view, 5> kFilledIn = {"Authorization", "Host", "Content-Length",
                                                           "X-Amz-Date", "X-Amz-Security-Token"};
    if (text.without.size() < 5) without(text, random.pick(kFilledIn));
  } else if (kind < 91) {
    request.headers.set("Content-Length", length_value(request.body.size(), random));
  } else if (kind < 94) {
    request.body = chunked(request.body, random);
    request.headers.set("Transfer-Encoding", random.percent(85)   ? "chunked"
                                             : random.percent(50) ? "Chunked"
                                                                  : "gzip, chunked");
    if (random.percent(85)) without(text, "Content-Length");
  } else if (kind < 96) {
    become_raw(text);
    change_raw(text.raw_bytes, plans, random, 4096);
  } else if (kind < 97) {
    request.headers.set("Expect", "100-continue");
    if (!text.directive("hold-body")) text.comments.emplace_back("@hold-body");
  } else {  // as it should be again
    const OperationPlan* operation = operation_of(request, plans);
    if (operation == nullptr && !plans.operations().empty()) operation = &random.pick(plans.operations());
    if (operation == nullptr) return;
    text.request = request_for(*operation, plans, std::move(request.body)).request;
    without_nothing(text);
  }
}

void change_raw(std::string& bytes, const Plans& plans, Random& random, std::size_t most) {
  constexpr std::string_view kEnd = "\r\n";
  const std::size_t line = bytes.empty() ? std::string::npos : bytes.find(kEnd, random.below(bytes.size()));
  const std::size_t kind = random.below(12);
  if (line == std::string::npos || kind >= 10) return change_bytes(bytes, random, most);
  switch (kind) {
    case 0:
      bytes.replace(line, 2, random.percent(50) ? "\n" : "\r");
      return;
    case 1:
      bytes.insert(line, random.percent(50) ? "\r\n " : "\r\n\t");  // folded
      return;
    case 2:
      bytes.insert(line, fmt::format("\r\nContent-Length: {}", random.below(300)));
      return;
    case 3:
      bytes.insert(line,
                   random.percent(50) ? "\r\nTransfer-Encoding: chunked" : "\r\nTransfer-Encoding : chunked");
      return;
    case 4: {
      const auto& [name, value] = random.pick(plans.head_values().headers);
      bytes.insert(line, fmt::format("\r\n{}{}{}", name,
                                     random.percent(80)   ? ": "
                                     : random.percent(50) ? " : "
                                                          : "",
                                     value));
      return;
    }
    case 5: {  // a line less, or twice
      const std::size_t next = bytes.find(kEnd, line + 2);
      if (next == std::string::npos) return;
      if (random.percent(50)) {
        bytes.erase(line, next - line);
      } else {
        bytes.insert(line, bytes.substr(line, next - line));
      }
      return;
    }
    case 6:  // another request behind it
      if (bytes.size() < most / 2) bytes += std::string(bytes);
      return;
    case 7:
      bytes += "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
      return;
    case 8:
      bytes.resize(random.below(bytes.size()));
      return;
    default:
      bytes.insert(line, random.pick(std::array<std::string_view, 6>{" ", "\t", ":", "\r",
                                                                     std::string_view("\0", 1), "\x0b"}));
  }
}

}  // namespace harness::generate
