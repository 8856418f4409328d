#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

/// What makes findings one finding, however many requests show it.
namespace harness::oracle {

struct Signature {
  std::string operation = "-";  ///< "-" if the request names none of the model
  std::string rule;             ///< the finding's: "outcome/accepted"
  std::string request = "-";    ///< Classification::kind(); "-" if it is not known
  std::string answer = "-";     ///< answer_kind_for(); "-" if there is none
  auto operator<=>(const Signature&) const = default;
};

/// "operation|rule|kind of request|kind of answer": how signatures stand in files.
std::string to_string(const Signature& signature);

/// Nothing if the text has other than four parts.
std::optional<Signature> parse_signature(std::string_view text);

}  // namespace harness::oracle
