#include "harness/endpoint/network_loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <future>

namespace harness::endpoint {
namespace {

constexpr std::chrono::milliseconds tick_interval{50};

}  // namespace

NetworkLoop::NetworkLoop() = default;

NetworkLoop::~NetworkLoop() {
  stop();
}

void NetworkLoop::start() {
  // The thread begins when its id is stored, as on_thread() compares with it.
  std::promise<void> stored;
  thread_ = std::thread([this, go = stored.get_future()]() mutable {
    go.wait();
    context_.run();
  });
  thread_id_ = thread_.get_id();
  stored.set_value();
}

void NetworkLoop::stop() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    stopped_.store(
        true, std::memory_order_release);  // from here on nothing new is accepted, so run() comes to its end
    for (const auto& member : snapshot()) member->drop();
    members_.clear();
    timer_.cancel();
    work_.reset();
  });
  thread_.join();
  // Work that another thread posted while the loop ended: run it here, so that nobody waits for it for ever.
  context_.restart();
  context_.poll();
}

void NetworkLoop::post(std::function<void()> work) {
  if (stopped()) return;
  asio::post(context_, std::move(work));
}

void NetworkLoop::run(const std::function<void()>& work) {
  if (stopped() || on_thread()) {
    work();
    return;
  }
  std::promise<void> done;
  asio::post(context_, [&work, &done] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

void NetworkLoop::remove(const Member* member) {
  std::erase_if(members_, [member](const auto& each) { return each.get() == member; });
}

void NetworkLoop::ensure_ticking() {
  if (!ticking_) arm();
}

void NetworkLoop::cancel_all() {
  for (const auto& member : snapshot()) member->cancel();
}

void NetworkLoop::arm() {
  ticking_ = true;
  timer_.expires_after(tick_interval);
  timer_.async_wait([this](boost::system::error_code error) {
    ticking_ = false;
    if (!error && !stopped()) tick();
  });
}

void NetworkLoop::tick() {
  if (const auto late = Clock::now() - timer_.expiry(); late > tick_interval) stalled_ += late;
  bool needed = false;
  for (const auto& member : snapshot()) needed = member->tick(now()) || needed;
  if (needed) ensure_ticking();
}

}  // namespace harness::endpoint
