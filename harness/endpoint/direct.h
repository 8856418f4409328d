#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "harness/endpoint/endpoint.h"

namespace harness::endpoint {

/// An endpoint that is a function, called from within async_exchange() on the caller's thread: it has no
/// thread of its own and no connections. For callers of Connection::exchange() that have their own way to an
/// answer.
class DirectEndpoint final : public Endpoint {
 public:
  using Answer = std::function<wire::Exchange(const Message&)>;
  DirectEndpoint(std::string authority, std::string url, std::string base_path, Answer answer)
      : authority_(std::move(authority)),
        url_(std::move(url)),
        base_path_(std::move(base_path)),
        answer_(std::move(answer)) {}

  std::unique_ptr<Connection> open() override { return std::make_unique<Call>(*this); }
  const std::string& authority() const override { return authority_; }
  const std::string& url() const override { return url_; }
  std::string_view base_path() const override { return base_path_; }
  void post(std::function<void()> work) override { work(); }
  void cancel() override {}  // nothing is ever under way
  /// How many requests were sent.
  std::size_t requests() const { return requests_; }

 private:
  class Call final : public Connection {
   public:
    explicit Call(DirectEndpoint& endpoint) : endpoint_(endpoint) {}
    void async_exchange(Message message, Handler handler) override {
      ++endpoint_.requests_;
      handler(endpoint_.answer_(message));
    }
    void close() override {}

   private:
    DirectEndpoint& endpoint_;
  };

  const std::string authority_, url_, base_path_;
  const Answer answer_;
  std::size_t requests_ = 0;
};

}  // namespace harness::endpoint
