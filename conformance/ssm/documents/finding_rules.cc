#include "conformance/ssm/finding_rules.h"

namespace conformance::ssm::documents {

std::vector<FindingRule> finding_rules() {
  return {
      {"relation/accounts", "The accounts in the answer are not those that the document is shared with."},
      {"relation/lists-agree", "AccountIds and AccountSharingInfoList do not name the same accounts."},
      {"relation/shared-version",
       "The version that is shared with an account is not the one that was asked for."},
      {"relation/repeated-change",
       "A change that was made twice has another effect than when it is made once."},
      {"relation/refused-change", "A change that was refused changed something all the same."},
      {"relation/lost-change", "Of changes made at the same time, one was lost."},
      {"relation/page-size", "A page has more entries than MaxResults allows."},
      {"relation/paging-ends", "Following NextToken does not come to an end."},
      {"relation/paging-repeats", "The pages together name an entry twice."},
      {"relation/paging-loses", "The pages together do not name every entry."},
      {"relation/token",
       "NextToken is there although nothing follows, or is empty: clients that follow it never end."},
      {"relation/names-apart", "Two names that differ are taken for one."},
      {"relation/letter-case",
       "Two names that differ in the case of a letter are taken for one, which is not documented."},
      {"relation/length", "A value of a documented length is not answered as a shorter one is."},
      {"relation/document", "A call about a document that is there is refused, or says nothing of it."},
      {"relation/document-version", "A document shows another version than the one that was asked for."},
      {"relation/content", "The content of a document is not the one that was sent."},
      {"relation/content-spelling",
       "The content of a document says the same as what was sent, in other bytes."},
      {"relation/versions", "The versions of a document are not those that its updates have made."},
      {"relation/parameters-of-document", "The parameters of a document are not those that it declares."},
      {"relation/document-list", "The list of documents does not show what is there, or shows what is not."},
      {"relation/document-filter",
       "The documents that are listed by a filter are not those that the filter lets through."},
  };
}

}  // namespace conformance::ssm::documents
