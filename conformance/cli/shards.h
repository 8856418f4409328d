#pragma once

#include <string>
#include <vector>

#include "harness/report/result_file.h"
#include "harness/result.h"

namespace conformance {

/// A result file, and the name that errors say.
struct NamedResults {
  std::string path;
  harness::report::ResultFile file;
};

/// Makes one run out of the shards of it (`run --shard 1/3 --results …`, 2/3 and 3/3), in any order. Of the
/// figures it counts what the built-in model describes; of another model's run there are none, and a remark
/// says so.
///
/// Errors, one line each: a file that is no shard, two of the same shard, a shard that is missing, and files
/// that differ in their endpoint or its version, the tool's version, level, model or selection.
harness::Result<harness::report::ResultFile> merge_shards(std::vector<NamedResults> shards);

}  // namespace conformance
