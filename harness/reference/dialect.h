#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/reference/typed.h"

namespace harness::reference {

/// What stands in an answer in place of one of the reference's error codes.
struct ErrorAnswer {
  int status = 400;
  std::string code;
};

/// Legitimate ways in which an endpoint may differ from the plain reference: none of them is a defect. The
/// transport ones are carried out by the server, the others by the service.
struct Dialect {
  // transport
  bool close_after_response = false;   ///< `Connection: close` after every response
  bool chunked = false;                ///< responses in chunked transfer coding
  std::chrono::milliseconds delay{0};  ///< answers only after this long
  std::size_t close_every = 0;  ///< every so many requests, `Connection: close` and an end to the connection
  /// Refuses `Expect: 100-continue` with 417 where it would have to ask for the body.
  bool no_expectations = false;

  // service: when it asks for patience
  std::size_t throttle_every = 0;  ///< every so many requests, one is throttled
  /// How: 429 with Retry-After and HTML, as gateways do; else 400 ThrottlingException.
  std::optional<unsigned> throttle_by_gateway;  ///< the seconds that it asks for

  // service: what exists
  std::vector<std::string> only_operations;  ///< empty: all; else the others do not exist

  // service: how an answer is written
  std::string content_type = "application/x-amz-json-1.1";
  bool request_ids = true;           ///< header `x-amzn-RequestId`
  bool lower_case_headers = false;   ///< header names in lower case
  bool error_type_in_header = true;  ///< header `X-Amzn-Errortype`
  bool error_type_in_code = false;   ///< body member `code` besides `__type`
  bool error_shape_ids = false;      ///< `__type` is a whole shape id with a URI behind it, not the bare name
  std::string message_member = "message";  ///< the member that holds an error's text; empty: no text at all
  bool extra_members = false;              ///< outputs hold members that no model knows
  bool ascii_json = false;                 ///< everything beyond ASCII is escaped
  bool spaced_json = false;                ///< JSON over several lines
  bool codes_when_asked = false;  ///< bodies in gzip or deflate, where Accept-Encoding asks for one of them

  // service: what HTTP lets it do with the headers of a request
  bool refuses_by_headers = false;  ///< 417 to expectations, 416 to ranges, 412 to conditions, 406 to Accept
                                    ///< and the like; headers that Connection names are removed
  bool heeds_headers = false;       ///< 206 to ranges, 304 to conditions

  // service: what an answer says
  std::optional<int> page_limit;  ///< at most this many items on a page, however many were asked for
  bool token_after_full_page =
      false;  ///< a full page has a NextToken even if nothing follows: the last page is empty
  bool empty_first_page = false;     ///< the first page is empty, and has a NextToken
  bool empty_pages_between = false;  ///< behind every page with a NextToken comes an empty one
  bool any_target_form =
      false;                  ///< accepts the prefix of a target in any case, with a namespace or a version
  bool any_region = false;    ///< accepts signatures for every region
  bool ignores_case = false;  ///< names of resources are the same in any case of letters
  /// What the operations of a family do otherwise, by types of the families.
  Typed of_family;
  // what a referee may leave unjudged because of it
  bool may_leave_unchecked = false;  ///< any case
  std::string may_block;             ///< cases of this operation; "" for none
  /// Errors answered otherwise, by the reference's own code.
  std::map<std::string, ErrorAnswer, std::less<>> errors;

  /// It takes long, and little of the machine.
  bool makes_wait() const { return delay.count() > 0 || throttle_every > 0; }
  /// It differs in how answers travel, or when they come: only a connection shows that.
  bool is_of_connections() const {
    return close_after_response || chunked || delay.count() > 0 || close_every > 0 || no_expectations ||
           throttle_every > 0 || lower_case_headers || codes_when_asked;
  }
};

/// A dialect with its name ("close-after-response", "slow-30ms") and one sentence on what it does. A
/// service's pack lists those that its endpoint speaks.
struct NamedDialect {
  std::string_view name;
  std::string_view description;
  Dialect dialect;
};

}  // namespace harness::reference
