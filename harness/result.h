#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace harness {

/// What went wrong, as one clear line for a person: what, where, and what to do about it.
struct Error {
  std::string message;
};

/// A value, or the reason why there is none. Library interfaces return this instead of throwing.
template <class T>
using Result = tl::expected<T, Error>;

/// Success, or the reason why not.
using Status = Result<void>;

/// `return fail("...")` from any function that returns a Result or a Status.
inline tl::unexpected<Error> fail(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace harness
