#include "harness/oracle/signature.h"

namespace harness::oracle {

std::string to_string(const Signature& s) {
  return s.operation + "|" + s.rule + "|" + s.request + "|" + s.answer;
}

std::optional<Signature> parse_signature(std::string_view text) {
  Signature out;
  for (std::string* part : {&out.operation, &out.rule, &out.request, &out.answer}) {
    const bool last = part == &out.answer;
    const std::size_t bar = text.find('|');
    if ((bar == std::string_view::npos) != last) return std::nullopt;
    *part = text.substr(0, bar);
    if (!last) text.remove_prefix(bar + 1);
  }
  return out;
}

}  // namespace harness::oracle
