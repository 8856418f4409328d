#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/endpoint/test_certificates.h"

/// For tests: a peer that does, byte for byte, what a script says.
namespace harness::endpoint::testing {

/// What the server does on one connection, step by step. After the last step it reads until the client
/// closes.
///
///     Script().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").close()
class Script {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  Script& read_request();           ///< a head, and the body that its Content-Length announces
  Script& read(std::size_t bytes);  ///< that many bytes
  Script& send(std::string bytes);
  Script& serve(Answer answer);  ///< answers request after request until the client closes
  Script& mark();                ///< see TestServer::wait_for_marks()
  Script& stall();               ///< until TestServer::release()
  Script& close();               ///< closes properly, all that the client sends read
  Script& slam();   ///< closes with bytes unread: the kernel resets the connection if there are any
  Script& reset();  ///< resets the connection

 private:
  friend class TestServer;
  enum class Kind { read_request, read, send, serve, mark, stall, close, slam, reset };
  struct Step {
    Kind kind;
    std::size_t count = 0;
    std::string bytes;
    Answer answer;
  };
  std::vector<Step> steps_;
};

/// Listens on a free port of 127.0.0.1 until it is destroyed. The first connection gets the first script, and
/// so on; the last script serves all further ones. With an identity, it speaks TLS.
class TestServer {
 public:
  explicit TestServer(std::vector<Script> scripts, std::optional<Identity> identity = {});
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url() const;
  unsigned short port() const { return port_; }

  void release();  ///< lets one stall() go on
  bool wait_for_marks(
      std::size_t count);     ///< until so many mark() steps were done; false after half a minute
  std::size_t connections();  ///< accepted so far
  std::string received(std::size_t connection);  ///< what its steps have read so far, counted from 0

 private:
  struct Peer;
  void accept_all();
  void play(Peer& peer, const Script& script);
  bool play(Peer& peer, const Script::Step& step);
  bool read_more(Peer& peer);

  std::vector<Script> scripts_;
  std::shared_ptr<void> tls_;  // an SSL_CTX
  int listener_ = -1;
  unsigned short port_ = 0;
  std::thread acceptor_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::size_t marks_ = 0;
  std::size_t releases_ = 0;
  bool stopping_ = false;
};

}  // namespace harness::endpoint::testing
