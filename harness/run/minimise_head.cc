#include <algorithm>
#include <utility>
#include <vector>

#include "harness/run/minimise_search.h"
#include "harness/wire/message.h"

namespace harness::run {
namespace {

constexpr std::string_view kTarget = "X-Amz-Target";
constexpr std::string_view kContentType = "Content-Type";
constexpr std::string_view kJson = "application/x-amz-json-1.1";

class Head {
 public:
  explicit Head(MinimiseSearch& search) : s_(search) {}

  bool minimise() {
    bool better = unwrap();
    if (s_.text().raw) return as_raw() || better;
    better = s_.accept(plain_head()) || better;
    better = directives() || better;
    better = headers() || better;
    better = start_line() || better;
    return header_values() || better;
  }

 private:
  // The same as a request of the usual form, with only what no request lacks.
  wire::HttpText plain_head() const {
    wire::HttpText t;
    t.request.body = s_.text().request.body;
    for (const std::string_view name : {kTarget, kContentType}) {
      const auto value = s_.text().request.headers.find(name);
      if (value) t.request.headers.add(std::string(name), std::string(*value));
    }
    return t;
  }

  // Raw bytes that are a request are written as one.
  bool unwrap() {
    if (!s_.text().raw) return false;
    auto request = wire::parse_request(s_.text().raw_bytes);
    if (!request) return false;
    wire::HttpText t;
    t.request = *std::move(request);
    for (const char* filled_in : {"Host", "Content-Length", "X-Amz-Date", "Authorization"}) {
      t.request.headers.remove(filled_in);
    }
    return s_.accept(t);
  }

  bool as_raw() {
    const bool better = s_.shrink(s_.text().raw_bytes, Escapes::none, 'a', [this](const std::string& bytes) {
      wire::HttpText t = s_.text();
      t.raw_bytes = bytes;
      return s_.accept(t);
    });
    return directives() || better;
  }

  // Comments say nothing to the endpoint, but some of them are directives.
  bool directives() {
    bool better = false;
    for (std::size_t i = s_.text().comments.size(); i-- > 0;) {
      if (i >= s_.text().comments.size()) continue;
      wire::HttpText t = s_.text();
      const auto without = std::exchange(t.without, {});
      const bool is_without = t.comments[i].starts_with("@without");
      t.comments.erase(t.comments.begin() + static_cast<std::ptrdiff_t>(i));
      if (!is_without) t.without = without;
      t.escaped = t.directive("escaped").has_value();
      better = s_.accept(t) || better;
    }
    for (std::size_t i = s_.text().without.size(); s_.text().without.size() > 1 && i-- > 0;) {
      wire::HttpText t = s_.text();
      t.without.erase(t.without.begin() + static_cast<std::ptrdiff_t>(i));
      std::erase_if(t.comments, [](const std::string& c) { return c.starts_with("@without"); });
      better = s_.accept(t) || better;
    }
    return better;
  }

  static wire::HttpText with_headers(const wire::HttpText& text, std::vector<wire::Header> lines) {
    wire::HttpText t = text;
    t.request.headers.clear();
    for (auto& line : lines) t.request.headers.add(std::move(line.name), std::move(line.value));
    return t;
  }

  bool headers() {
    bool better = false;
    for (std::size_t size = s_.text().request.headers.lines().size(); size > 0; size /= 2) {
      for (std::size_t at = 0; at < s_.text().request.headers.lines().size();) {
        auto lines = s_.text().request.headers.lines();
        const auto first = lines.begin() + static_cast<std::ptrdiff_t>(at);
        lines.erase(first, first + static_cast<std::ptrdiff_t>(std::min(size, lines.size() - at)));
        if (s_.accept(with_headers(s_.text(), std::move(lines)))) {
          better = true;
        } else {
          at += size;
        }
      }
    }
    return better;
  }

  bool start_line() {
    wire::HttpText t = s_.text();
    t.request.method = "POST";
    t.request.target = "/";
    t.request.version = "HTTP/1.1";
    if (s_.accept(t)) return true;
    bool better = false;
    for (const auto part : {&wire::Request::method, &wire::Request::target, &wire::Request::version}) {
      t = s_.text();
      t.request.*part = wire::Request{}.*part;
      if (s_.text().request.*part == t.request.*part) continue;
      if (s_.accept(t)) {
        better = true;
        continue;
      }
      const auto put = [&](const std::string& shorter) {
        wire::HttpText s = s_.text();
        s.request.*part = shorter;
        return s_.accept(s);
      };
      better = s_.shrink(s_.text().request.*part, Escapes::none, 'a', put) || better;
    }
    return better;
  }

  bool header_values() {
    bool better = false;
    for (std::size_t i = 0; i < s_.text().request.headers.lines().size(); ++i) {
      const auto with = [&](const std::string& name, const std::string& value) {
        auto lines = s_.text().request.headers.lines();
        lines[i] = {name, value};
        const bool taken = s_.accept(with_headers(s_.text(), std::move(lines)));
        better = better || taken;
        return taken;
      };
      const wire::Header line = s_.text().request.headers.lines()[i];
      for (const std::string_view name : {kTarget, kContentType}) {
        if (wire::same_name(line.name, name)) with(std::string(name), line.value);
      }
      const std::string name = s_.text().request.headers.lines()[i].name;
      if (wire::same_name(name, kContentType)) with(name, std::string(kJson));
      if (is_usual(s_.text().request.headers.lines()[i])) continue;
      s_.shrink(s_.text().request.headers.lines()[i].value, Escapes::none, 'a',
                [&](const std::string& value) { return with(name, value); });
    }
    return better;
  }

  // A header as in any valid request: what a finding rests on if not on anything else.
  bool is_usual(const wire::Header& line) const {
    if (wire::same_name(line.name, kContentType)) return line.value == kJson;
    if (!wire::same_name(line.name, kTarget)) return false;
    const std::size_t dot = line.value.find('.');
    return dot != std::string::npos && s_.is_operation(line.value.substr(dot + 1));
  }

  MinimiseSearch& s_;
};

}  // namespace

bool minimise_head(MinimiseSearch& search) {
  return Head(search).minimise();
}

}  // namespace harness::run
