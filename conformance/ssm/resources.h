#pragma once

/// The kinds of resources that SSM keeps, by which harness::oracle::Knowledge knows them, and what each
/// holds.
namespace conformance::ssm {

inline constexpr char kDocument[] = "document";
/// Of a document: whom it is shared with. A public one holds "all".
inline constexpr char kAccounts[] = "accounts";

/// A managed node. It exists if it is connected.
inline constexpr char kNode[] = "node";

inline constexpr char kParameter[] = "parameter";

}  // namespace conformance::ssm
