#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "harness/endpoint/network.h"
#include "harness/endpoint/test_support.h"

/// Many exchanges at once; and what happens to those under way when somebody ends them.
namespace harness::endpoint::testing::network_lifetime_test {
namespace {

using namespace std::chrono_literals;

std::string echo(const std::string& received) {
  return response(received.substr(received.find("\r\n\r\n") + 4));
}

/// Exchanges one after the other on one lane, each started by the handler of the one before.
class Chain {
 public:
  Chain(Endpoint& endpoint, std::string name, int count)
      : lane_(endpoint.open()), name_(std::move(name)), left_(count) {
    endpoint.post([this] { next(); });
  }
  bool wait() { return done_.get_future().get(); }

 private:
  void next() {
    if (left_-- == 0) return done_.set_value(good_);
    const std::string body = name_ + " " + std::to_string(left_);
    lane_->async_exchange(message(body), [this, body](const Exchange& exchange) {
      good_ = good_ && exchange.transport == Transport::answered && exchange.response.body == body;
      next();
    });
  }

  std::unique_ptr<Connection> lane_;
  std::string name_;
  int left_;
  bool good_ = true;
  std::promise<bool> done_;
};

TEST(NetworkLifetime, EveryLaneGetsItsOwnAnswers) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  std::vector<std::unique_ptr<Chain>> chains;
  for (int i = 0; i < 32; ++i)
    chains.push_back(std::make_unique<Chain>(*endpoint, "lane " + std::to_string(i), 200));
  for (const auto& chain : chains) EXPECT_TRUE(chain->wait());
  EXPECT_EQ(server.connections(), 32U);
}

TEST(NetworkLifetime, BlockingExchangesFromManyThreads) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      const auto lane = endpoint->open();
      for (int j = 0; j < 50; ++j) {
        const std::string body = std::to_string(i) + " " + std::to_string(j);
        if (lane->exchange(message(body)).response.body == body) ++good;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
}

TEST(NetworkLifetime, HandlersRunOnTheIoThreadAndNeverWithinTheCall) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  std::promise<std::thread::id> io_thread;
  std::promise<std::thread::id> handler_thread;
  std::promise<bool> called_within;
  endpoint->post([&] {
    io_thread.set_value(std::this_thread::get_id());
    auto called = std::make_shared<bool>(false);
    lane->async_exchange(message(), [&, called](const Exchange&) {
      *called = true;
      handler_thread.set_value(std::this_thread::get_id());
    });
    called_within.set_value(*called);
  });
  const auto id = io_thread.get_future().get();
  EXPECT_NE(id, std::this_thread::get_id());
  EXPECT_EQ(handler_thread.get_future().get(), id);
  EXPECT_FALSE(called_within.get_future().get());
}

TEST(NetworkLifetime, AFailureToConnectIsToldLaterToo) {
  const auto endpoint = connect(options_for("http://127.0.0.1:1"));  // a port that nobody uses
  const auto lane = endpoint->open();
  std::promise<bool> within;
  std::promise<Transport> ended;
  endpoint->post([&] {
    auto called = std::make_shared<bool>(false);
    lane->async_exchange(message(), [&, called](const Exchange& exchange) {
      *called = true;
      ended.set_value(exchange.transport);
    });
    within.set_value(*called);
  });
  EXPECT_FALSE(within.get_future().get());
  EXPECT_EQ(ended.get_future().get(), Transport::connect_failed);
}

TEST(NetworkLifetime, CancelEndsWhatIsUnderWayOnly) {
  TestServer server({Script().read_request(), Script().read_request(), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto one = endpoint->open();
  const auto two = endpoint->open();
  std::promise<Exchange> first;
  std::promise<Exchange> second;
  one->async_exchange(message(), [&](Exchange exchange) { first.set_value(std::move(exchange)); });
  two->async_exchange(message(), [&](Exchange exchange) { second.set_value(std::move(exchange)); });
  ASSERT_TRUE(eventually([&] { return !server.received(0).empty() && !server.received(1).empty(); }));
  endpoint->cancel();
  EXPECT_EQ(first.get_future().get().transport, Transport::cancelled);
  EXPECT_EQ(second.get_future().get().transport, Transport::cancelled);
  endpoint->cancel();        // nothing to do
  one->exchange(message());  // a cancelled connection may not have been accepted
  EXPECT_EQ(two->exchange(message("again")).transport, Transport::answered);
}

TEST(NetworkLifetime, AHandlerMayStartAgainAfterCancel) {
  TestServer server({Script().read_request().stall(), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  std::promise<Exchange> second;
  lane->async_exchange(message(), [&](const Exchange& exchange) {
    EXPECT_EQ(exchange.transport, Transport::cancelled);
    lane->async_exchange(message("again"), [&](Exchange next) { second.set_value(std::move(next)); });
  });
  ASSERT_TRUE(eventually([&] { return !server.received(0).empty(); }));
  endpoint->cancel();
  EXPECT_EQ(second.get_future().get().response.body, "again");
}

TEST(NetworkLifetime, DestroyingALaneDropsTheHandler) {
  TestServer server({Script().read_request()});
  const auto endpoint = connect(server);
  auto lane = endpoint->open();
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = token;
  std::atomic<bool> called = false;
  lane->async_exchange(message(), [&called, token = std::move(token)](const Exchange&) { called = true; });
  EXPECT_FALSE(watched.expired());
  lane.reset();
  EXPECT_TRUE(watched.expired()) << "destroyed before the destructor returned";
  EXPECT_FALSE(called);
}

TEST(NetworkLifetime, ALaneMayBeDestroyedByItsHandler) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  auto lane = endpoint->open();
  std::promise<void> done;
  lane->async_exchange(message(), [&](const Exchange&) {
    lane.reset();
    done.set_value();
  });
  done.get_future().wait();
  EXPECT_EQ(lane, nullptr);
}

TEST(NetworkLifetime, ALaneMayBeDestroyedByItsHandlerWithTheNextExchangeUnderWay) {
  TestServer server({Script().read_request().send(response())});
  const auto endpoint = connect(server);
  auto lane = endpoint->open();
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = token;
  std::promise<void> done;
  lane->async_exchange(message(), [&, token = std::move(token)](const Exchange&) {
    lane->async_exchange(message(), [token](const Exchange&) { FAIL() << "was dropped"; });
    lane.reset();
    done.set_value();
  });
  done.get_future().wait();
  settle(*endpoint);
  EXPECT_TRUE(watched.expired());
}

TEST(NetworkLifetime, DestroyingInEveryPhase) {
  // Connecting, writing much, waiting, reading: wherever the exchange is when its lane goes, nothing is left
  // behind.
  TestServer server({Script().read(100).send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n123").stall()});
  const auto endpoint = connect(server);
  for (int rounds = 0; rounds < 20; ++rounds) {
    auto lane = endpoint->open();
    auto token = std::make_shared<int>(0);
    const std::weak_ptr<int> watched = token;
    const std::string body(rounds % 2 == 0 ? 10 : 8 << 20, 'b');
    lane->async_exchange(message(body),
                         [token = std::move(token)](const Exchange&) { FAIL() << "was dropped"; });
    for (int i = 0; i < rounds; ++i) settle(*endpoint);
    lane.reset();
    EXPECT_TRUE(watched.expired());
  }
}

TEST(NetworkLifetime, DestroyingTheEndpointDropsHandlersToo) {
  TestServer server({Script().read_request()});
  auto endpoint = connect(server);
  const auto used = endpoint->open();
  const auto unused = endpoint->open();
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = token;
  used->async_exchange(message(), [token = std::move(token)](const Exchange&) { FAIL() << "was dropped"; });
  settle(*endpoint);
  endpoint.reset();
  EXPECT_TRUE(watched.expired());
  // Against the contract, but no reason to hang or to crash: the lanes outlive their endpoint here.
  EXPECT_EQ(unused->exchange(message()).transport, Transport::cancelled);
}

TEST(NetworkLifetime, AWaitingThreadIsToldOfTheEnd) {
  TestServer server({Script().read_request()});
  auto endpoint = connect(server);
  const auto lane = endpoint->open();
  std::promise<Transport> ended;
  std::thread waiting([&] { ended.set_value(lane->exchange(message()).transport); });
  EXPECT_TRUE(eventually([&] { return !server.received(0).empty(); }));
  endpoint.reset();
  EXPECT_EQ(ended.get_future().get(), Transport::cancelled);
  waiting.join();
}

TEST(NetworkLifetime, WorkIsPostedNeverRunWithinTheCall) {
  const auto endpoint = connect(options_for("http://127.0.0.1:1"));
  std::promise<bool> ran_within;
  endpoint->post([&] {
    auto ran = std::make_shared<bool>(false);
    endpoint->post([ran] { *ran = true; });
    ran_within.set_value(*ran);
  });
  EXPECT_FALSE(ran_within.get_future().get());
}

}  // namespace
}  // namespace harness::endpoint::testing::network_lifetime_test
