#pragma once

#include <string_view>

namespace fuzzers {

/// True if a Content-Length or a chunk's size announces more than 1 MiB beyond the bytes that are sent. Such
/// requests are never sent: some endpoints allocate what is announced, until the kernel ends them and others.
bool declares_too_much(std::string_view bytes);

}  // namespace fuzzers
