#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/result.h"
#include "harness/wire/message.h"

/// HTTP text: a request as people write it in `.http` files. The corpus, the vectors, `replay` and every
/// reported request use it.
///
///     # Limit one above the documented maximum
///     POST / HTTP/1.1
///     X-Amz-Target: DynamoDB_20120810.ListTables
///     Content-Type: application/x-amz-json-1.0
///
///     {"ExclusiveStartTableName":"{{table}}","Limit":101}
///
/// Rules:
/// - Lines that start with `#` on top are comments (kept, in order). A comment `# @name value` is a
///   directive.
/// - Then the request line, header lines, one blank line, and the body up to the end of the text. Lines
///   of the head end in LF or CRLF. ONE final newline of the text is not part of the body, so that
///   editors may add it; a body that ends in a newline is written with one more. A text that ends after
///   the head has an empty body.
/// - The request line is `METHOD TARGET VERSION`, cut at its first and its last space. Blanks around a
///   header's value are not part of it.
/// - Only UTF-8 without control characters (but for tabs, and newlines in the body) is text. Other bytes
///   are refused where they stand and written as escapes, so that no editor and no version control
///   changes them unseen.
/// - `Host`, `Content-Length`, `X-Amz-Date`, `X-Amz-Security-Token` and `Authorization` are filled in
///   when the request is sent unless they are written, or named by `# @without`.
/// - `{{name}}` and `{{name argument ...}}` are placeholders, replaced before anything else (see
///   expand()).
///
/// Directives:
/// - `# @without NAME[, NAME...]`: do not fill in these headers.
/// - `# @escaped`: in head and body, `\r \n \t \\ \0 \xHH` stand for those bytes (so that any byte can be
///   written). They are read last: an escaped colon or space separates nothing.
/// - `# @raw`: nothing is filled in and nothing is framed: the head's lines are sent as written, each
///   ended by CRLF, then the blank line's CRLF, then the body. A raw text that has no blank line is sent
///   without one: a head cut short. With `# @raw cut`, its last line is sent without its CRLF, too: a
///   line cut short.
/// - `# @scope REGION/SERVICE`: signed, rightly, but for this region and service.
/// - `# @hold-body`: beside `Expect: 100-continue`, the body is held back for a second, or until an interim
///   response (1xx) comes.
/// - `# @compress gzip` (or `deflate`): the body is sent in this content coding. The directive is gone, and
/// the
///   body compressed, once the request has been made ready.
/// - Other directives are kept for the reader (`directive("clause")`).
namespace harness::wire {

struct HttpText {
  std::vector<std::string> comments;  ///< without the leading `#` and one space; directives included
  bool raw = false;                   ///< `# @raw`
  bool escaped = false;               ///< `# @escaped`
  std::vector<std::string> without;   ///< `# @without`
  Request request;                    ///< as written; unescaped. Unused when `raw`.
  std::string raw_bytes;              ///< when `raw`: exactly what is to be sent

  /// The text after `# @name `, if there is such a comment ("" if it has no value).
  std::optional<std::string_view> directive(std::string_view name) const;
  bool operator==(const HttpText&) const = default;
};

/// Reads HTTP text. Errors name the line: "line 3: a header line needs a colon".
Result<HttpText> parse_http_text(std::string_view text);

/// Writes HTTP text. `parse_http_text(print_http_text(t))` equals `t` for every `t` that parse_http_text can
/// return. Of any other `t`, the request (or the raw bytes) comes back whatever bytes it holds: `# @escaped`
/// is added by itself when a byte needs it, and so are the directives that `raw` and `without` call for.
std::string print_http_text(const HttpText& text);

/// Replaces `{{name}}` and `{{name argument}}`. A name is `[a-z][a-z0-9_-]*`; the argument is what stands
/// between the space after it and the next `}}`. `lookup(name, argument)` gives the replacement; an error
/// from it is returned with the placeholder's name. `{{repeat COUNT TEXT}}` is built in (TEXT repeated, at
/// most 64 MiB in all). Text without `{{` is returned unchanged. A `{{` that is not followed by `[a-z]` stays
/// as it is; one that is, but is no placeholder, is an error. Replacements are not searched again.
using PlaceholderLookup =
    std::function<Result<std::string>(std::string_view name, std::string_view argument)>;
Result<std::string> expand(std::string_view text, const PlaceholderLookup& lookup);

/// Every placeholder of the text as (name, argument), without the built-in ones, each once, in order. What is
/// no placeholder is passed over.
std::vector<std::pair<std::string, std::string>> placeholders(std::string_view text);

}  // namespace harness::wire
