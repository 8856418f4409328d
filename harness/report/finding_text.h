#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

/// A finding of a fuzzer as files: HTTP text that any endpoint can be judged by, and Markdown for people.
namespace harness::report {

/// Whether what was found still happens.
inline constexpr std::string_view kOpen = "open";
inline constexpr std::string_view kFixed = "fixed";

struct FoundDefect {
  std::string signature;  ///< oracle::Finding: findings with one signature are one finding
  std::string rule, operation;
  std::string message;    ///< what is wrong, one sentence
  std::string http_text;  ///< the request, with its placeholders, so that it can be sent to any endpoint
  std::vector<std::string> reproduce;      ///< shell lines for the endpoint that it was found on
  std::string request, response;           ///< as they were sent and received
  std::string expected, because;           ///< what would have been admissible, and the rules for that
  std::string state = std::string(kOpen);  ///< kOpen or kFixed
  std::uint64_t seen = 1;                  ///< how often
  std::string first_seen, last_seen;       ///< "2026-11-24T19:45:55Z"
  std::string target;                      ///< the endpoint's URL
};

/// A signature as it stands in files: on one line, whatever an endpoint put into it.
std::string signature_text(std::string_view signature);

/// The rules that a kind of request names: "range:Limit+required:TableName", {"valid"}; none of "".
std::set<std::string_view> request_rules(std::string_view request);
/// The same in the order in which they stand: that in which a service checks them.
std::vector<std::string_view> request_rules_in_order(std::string_view request);

/// The name of a finding's files, without extension: its signature in [a-z0-9-], cut to 80 characters, and 8
/// digits that tell apart what was cut. The same for the same signature, always.
std::string finding_id(std::string_view signature);

/// `<id>.http`: the text, with what is known of the finding as comments on top.
///
///     # the request was accepted (200) although Limit: Member must have …
///     # @signature ListTables|outcome/accepted|range:Limit|200 {…}
///     # @rule outcome/accepted
///     # @operation ListTables
///     # @state open
///     # @seen 3
///     # @first-seen 2026-11-24T19:45:55Z
///     # @last-seen 2026-11-24T19:46:01Z
///     # @endpoint http://127.0.0.1:4566/
///     POST / HTTP/1.1
std::string finding_http(const FoundDefect& defect);

/// What such a file says: everything but reproduce, request, response, expected and because, which stand in
/// the Markdown. The rest of the file is `http_text`, unchanged. Error: what is wrong, for a line that begins
/// with the file's name.
Result<FoundDefect> read_finding_http(std::string_view text);

/// `<id>.md`: requirement, request, answer, admissible, reproduction.
std::string finding_markdown(const FoundDefect& defect);

}  // namespace harness::report
