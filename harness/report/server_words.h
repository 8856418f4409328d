#pragma once

#include <string>
#include <string_view>

namespace harness::report {

/// What a server said of its own failure, so that two failures can be told apart by it: the status, and the
/// error's message or the text of its page, without what differs from request to request (digits, hexadecimal
/// numbers and quoted text). At most 160 columns, on one line, safe to show:
///
///     500 "'...' codec can't decode byte # in position #: invalid start byte"
///
/// `response` is a response as text (run::response_text); "" for one that is no HTTP response.
std::string server_words(std::string_view response);

}  // namespace harness::report
