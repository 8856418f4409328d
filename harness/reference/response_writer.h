#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "harness/wire/message.h"

namespace harness::reference {

/// How a response goes over the connection.
struct Framing {
  bool keep_alive = true;
  bool chunked = false;
  bool head = false;      ///< the answer to HEAD: the header lines of the body, without the body
  bool http_1_0 = false;  ///< the client speaks HTTP/1.0: it has to be told that the connection stays open
  int length_error = 0;   ///< of a planted fault: added to Content-Length
};

/// The bytes of responses, with the header lines that belong to the connection: Date, Content-Length or
/// Transfer-Encoding, Connection.
class ResponseWriter {
 public:
  /// Appends the response to `out`. `now` is the time for its Date, whose text is made once a second.
  void write(const wire::Response& response, const Framing& framing, std::time_t now, std::string& out);

 private:
  std::string_view date(std::time_t now);

  std::time_t date_time_ = -1;
  std::string date_;
};

}  // namespace harness::reference
