#include <unistd.h>

#include <cstdint>
#include <cstdlib>

// The one function for which the program would need glibc 2.36: libstdc++ of Debian 12 calls it for
// std::random_device. With this, glibc 2.35 will do, which Ubuntu 22.04 has.
extern "C" std::uint32_t arc4random() {
  std::uint32_t value = 0;
  if (::getentropy(&value, sizeof value) != 0) std::abort();  // never: a kernel since 3.17 has it
  return value;
}
