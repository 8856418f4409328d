#pragma once

#include <string>
#include <string_view>

/// Any bytes as bash text. Everything that comes out is printable UTF-8 on one line, so that neither a
/// terminal nor the line editor acts on it.
namespace harness::wire {

/// One word: as it is, '…', or $'…' where a byte is not printable UTF-8. There must be no NUL, which no word
/// can hold.
std::string shell_word(std::string_view bytes);

/// A command that writes exactly these bytes to its standard output: `printf '…'`, or a group in which long
/// repetitions are made by other commands: `{ printf '{"Name":"'; head -c 1048576 /dev/zero | tr '\0' a;
/// printf '"}'; }`. Without limits on size: printf is a part of bash.
std::string shell_output(std::string_view bytes);

}  // namespace harness::wire
