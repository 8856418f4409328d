#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "harness/endpoint/endpoint.h"
#include "harness/reference/request_reader.h"
#include "harness/reference/service.h"

/// The reference endpoint without a socket: the same reader and the same service, called in this process. For
/// runs whose subject is what is said, not how it travels, and for fuzz targets that may not use a network.
namespace harness::reference {

/// What a client would get for these bytes on a connection of its own: an answer; `closed` where the server
/// would close without one. Bytes that stop short of a request are answered as if the client had stopped
/// sending there.
wire::Exchange exchange_in_process(Service& service, std::string_view bytes, std::size_t max_body_bytes);

/// An endpoint whose connections are calls, made on a thread of its own, one after the other. Nothing takes
/// time: where a network client would wait in vain for an answer, the exchange ends `timed_out` at once. What
/// a planted fault does to connections happens here too (fault.h, Delivery). `service` must outlive it.
std::unique_ptr<endpoint::Endpoint> connect_in_process(Service& service, std::size_t max_body_bytes);

}  // namespace harness::reference
