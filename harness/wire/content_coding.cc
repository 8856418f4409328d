#include "harness/wire/content_coding.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "harness/base/ascii.h"
#include "harness/wire/list_header.h"

namespace harness::wire {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 more for the gzip format
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;
constexpr std::size_t kMaxCodings = 8;

// The others of IANA's registry of content codings, which this program does not decode.
constexpr std::array<std::string_view, 8> kOtherCodings = {"br",  "zstd",      "compress",     "dcb",
                                                           "dcz", "aes128gcm", "pack200-gzip", "exi"};

/// In lower case, and with one name for each coding (RFC 9110 §8.4.1: x-gzip is gzip, x-compress compress).
std::string coding_name(std::string_view text) {
  std::string name = base::lower(base::trimmed(text));
  if (name == "x-gzip" || name == "x-compress") name.erase(0, 2);
  return name;
}

/// True for a weight of zero: "q=0", "q=0.000".
bool is_excluded(std::string_view parameters) {
  const std::string lower = base::lower(parameters);
  const auto q = lower.find("q=");
  if (q == std::string::npos) return false;
  const std::string_view weight = base::trimmed(std::string_view(lower).substr(q + 2));
  return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

/// Inflates one format. Owns zlib's state.
class Inflater {
 public:
  explicit Inflater(int window_bits) : ready_(inflateInit2(&stream_, window_bits) == Z_OK) {}
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  tl::expected<std::string, DecodingError> run(std::string_view content, bool members,
                                               std::size_t max_bytes) {
    if (!ready_) return error("no memory");
    // zlib takes a pointer to non-const, but does not write there.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream_.avail_in = static_cast<uInt>(content.size());
    std::string out;
    std::array<char, 16 * 1024> buffer;
    while (true) {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t got = buffer.size() - stream_.avail_out;
      if (out.size() + got > max_bytes)
        return tl::unexpected(
            DecodingError{true, fmt::format("it decodes to more than {} bytes", max_bytes)});
      out.append(buffer.data(), got);
      if (result == Z_STREAM_END) {
        if (!members || stream_.avail_in < 2 || stream_.next_in[0] != 0x1f || stream_.next_in[1] != 0x8b)
          return out;
        if (inflateReset(&stream_) != Z_OK) return error("no memory");
        continue;
      }
      if (result == Z_BUF_ERROR || (result == Z_OK && stream_.avail_in == 0 && stream_.avail_out != 0))
        return error("it ends too early");
      if (result != Z_OK) return error(stream_.msg != nullptr ? stream_.msg : "it is damaged");
    }
  }

 private:
  static tl::unexpected<DecodingError> error(std::string why) {
    return tl::unexpected(DecodingError{false, std::move(why)});
  }

  z_stream stream_{};
  bool ready_;
};

void set_broken(Exchange& e, std::string note) {
  e.content = Content::broken;
  e.content_note = std::move(note);
}

}  // namespace

AcceptedCodings::AcceptedCodings(const Headers& request) {
  each_list_element(request, "accept-encoding", [this](std::string_view element) {
    const auto semicolon = element.find(';');
    const bool accepted = semicolon == std::string_view::npos || !is_excluded(element.substr(semicolon + 1));
    const std::string name = coding_name(element.substr(0, semicolon));
    if (name == "*") {
      others_ = accepted;
    } else {
      named_[name] = accepted;
    }
  });
}

bool AcceptedCodings::admits(std::string_view coding) const {
  if (const auto it = named_.find(coding); it != named_.end()) return it->second;
  return others_.value_or(coding == "identity");
}

tl::expected<std::string, DecodingError> decode(std::string_view coding, std::string_view content,
                                                std::size_t max_bytes) {
  if (coding == "gzip") return Inflater(kGzipWindow).run(content, true, max_bytes);
  auto decoded = Inflater(kZlibWindow).run(content, false, max_bytes);
  if (decoded || decoded.error().too_large) return decoded;
  auto raw = Inflater(kRawWindow).run(content, false, max_bytes);
  if (raw || raw.error().too_large) return raw;
  return decoded;
}

std::string encode(std::string_view coding, std::string_view content) {
  if (coding != "gzip" && coding != "deflate") return std::string(content);
  z_stream stream{};
  constexpr int kMemory = 8;  // zlib's default
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, coding == "gzip" ? kGzipWindow : kZlibWindow,
                   kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::string(content);
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(content.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

void decode_content(Exchange& e, std::string_view request_bytes, const ReadLimits& limits) {
  if (e.transport != Transport::answered || e.response.body.empty()) return;
  std::vector<std::string> codings;
  each_list_element(e.response.headers, "content-encoding", [&](std::string_view element) {
    auto name = coding_name(element);
    if (name != "identity") codings.push_back(std::move(name));
  });
  if (codings.empty()) return;
  const auto request = parse_request(request_bytes);
  if (!request) return;
  if (codings.size() > kMaxCodings) return set_broken(e, "it has too many content codings");

  const AcceptedCodings accepted(request->headers);
  std::string content = e.response.body;
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) {
    const bool known = *coding == "gzip" || *coding == "deflate";
    if (!accepted.admits(*coding)) {
      // What is no coding at all ("utf-8") is ignored by clients.
      if (!known && std::find(kOtherCodings.begin(), kOtherCodings.end(), *coding) == kOtherCodings.end())
        return;
      return set_broken(
          e, fmt::format("its Content-Encoding is {}, which the request did not ask for", *coding));
    }
    if (!known) {
      e.content = Content::opaque;
      e.content_note =
          fmt::format("its Content-Encoding is {}, which is not decoded here", coding->substr(0, 100));
      return;
    }
    auto decoded = decode(*coding, content, limits.max_body_bytes);
    if (!decoded && decoded.error().too_large) {
      e.transport = Transport::too_large;
      e.detail = fmt::format("its Content-Encoding is {}, and {}", *coding, decoded.error().message);
      e.response.body.clear();
      return;
    }
    if (!decoded) {
      return set_broken(e, fmt::format("its Content-Encoding is {}, but its content is not: {}", *coding,
                                       decoded.error().message));
    }
    content = std::move(*decoded);
  }
  e.response.body = std::move(content);
  e.content = Content::decoded;
}

}  // namespace harness::wire
