#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/generate/member_plans.h"
#include "harness/generate/random.h"

/// Internal to the mutator: changes inside JSON strings. Content is what stands between the quotes, as
/// written.
namespace harness::generate {

/// The content in parts that stay whole: a character, an escape, a placeholder. Bytes that are not UTF-8 are
/// parts of their own.
std::vector<std::string_view> string_parts(std::string_view content);

/// Of a part: whether it is one.
bool is_placeholder(std::string_view part);

/// A length that somebody may have got wrong: next to a limit of the member or to a power of two, or any
/// small one. At most `most`.
std::size_t telling_length(const MemberPlan* member, Random& random, std::size_t most);

/// Content of `length` characters that the member takes, as far as it can be had at that length.
std::string content_of_length(const MemberPlan* member, std::size_t length, Random& random);

/// Content whose length differs by how it is counted: some of its characters are several bytes, or two units
/// of UTF-16.
std::string content_counted_differently(const MemberPlan* member, Random& random, std::size_t most);

/// One character to put into a string, escaped as it has to be: printable, of the member's own, a control,
/// or beyond ASCII.
std::string telling_character(const MemberPlan* member, Random& random);

/// One small change: a character replaced, added or removed, parts swapped or repeated, cases, blanks around
/// it, a character escaped that needs no escape, cut short, lengthened.
void change_content(std::string& content, const MemberPlan* member, Random& random, std::size_t most);

}  // namespace harness::generate
