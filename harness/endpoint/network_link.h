#pragma once

#include <sys/socket.h>

#ifdef __linux__
#include <netinet/tcp.h>
#endif

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "harness/endpoint/network_lane.h"

/// Inside harness/endpoint only: one physical connection.
namespace harness::endpoint {

template <class Stream>
struct NetworkLink : std::enable_shared_from_this<NetworkLink<Stream>> {
  using Error = boost::system::error_code;
  static constexpr bool plain = std::is_same_v<Stream, Socket>;
  static constexpr std::size_t buffer_size = 64 * 1024;

  NetworkLink(NetworkLoop& loop, const NetworkTarget& target, NetworkLane<Stream>* owner)
      : stream(make_stream(loop, target)), lane(owner) {}

  Socket& socket() {
    if constexpr (plain)
      return stream;
    else
      return stream.next_layer();
  }

  /// Always one read at a time. Its end is told to the lane; without a lane, bytes are discarded until the
  /// peer closes.
  void read() {
    if (!buffer) buffer = std::make_unique_for_overwrite<char[]>(buffer_size);
    reading = true;
    stream.async_read_some(asio::buffer(buffer.get(), buffer_size),
                           [self = this->shared_from_this()](const Error& error, std::size_t size) {
                             self->on_read(error, size);
                           });
  }

  /// Writes all bytes, concurrently with the read. A failure is only noted: what the peer sent before it
  /// stopped reading is still to be read, and the read ends by itself (or the exchange's timeout ends it).
  void write(std::string bytes) {
    out = std::move(bytes);
    write_from(0);
  }

  /// Writes these behind what was written before. Not while a write is under way.
  void write_more(std::string_view bytes) {
    const std::size_t before = out.size();
    out += bytes;
    write_from(before);
  }

  void write_from(std::size_t written) {
    if constexpr (plain) {
      // The kernel nearly always takes a whole request at once; then the event loop has no part in it.
      Error error;
      written += stream.write_some(asio::buffer(out) + written, error);
      if (error && error != asio::error::would_block) {
        write_error = error;
        return;
      }
      if (written == out.size()) return;
    }
    writing = true;
    asio::async_write(stream, asio::buffer(out) + written,
                      [self = this->shared_from_this()](const Error& error, std::size_t) {
                        self->writing = false;
                        self->write_error = error;
                      });
  }

  /// Sends the acknowledgement that the kernel is holding back. A server that writes head and body apart,
  /// with Nagle's algorithm on, waits for it before it sends the body: 40 ms for each response. So this is
  /// called when a read has not completed the response. Otherwise the next request carries the
  /// acknowledgement, and nothing needs to be done.
  void acknowledge_at_once() {
#ifdef TCP_QUICKACK
    const int on = 1;
    ::setsockopt(socket().native_handle(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
  }

  /// Operations under way end with operation_aborted, and find no lane to tell.
  void close() {
    lane = nullptr;
    Error ignored;
    socket().close(ignored);
  }

  Stream stream;
  NetworkLane<Stream>* lane;  ///< null once the lane has given this link up
  std::size_t exchanges = 0;  ///< ended on this link
  bool reading = false;
  bool writing = false;
  Error write_error;
  std::string out;  ///< the request; kept after writing, for a retry on another link

 private:
  static Stream make_stream(NetworkLoop& loop, const NetworkTarget& target) {
    if constexpr (plain)
      return Stream(loop.context());
    else
      return Stream(loop.context(), *target.tls);
  }

  void on_read(const Error& error, std::size_t size) {
    reading = false;
    if (lane && size > 0)
      lane->on_bytes({buffer.get(), size});
    else if (lane && error)
      lane->on_end(error);
    else if (error || ++discarded > max_discarded)
      close();
    else
      read();
  }

  static constexpr int max_discarded = 1000;
  int discarded = 0;
  std::unique_ptr<char[]> buffer;
};

}  // namespace harness::endpoint
