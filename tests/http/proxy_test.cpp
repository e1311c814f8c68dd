#include "http/proxy.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

TEST(ProxyTest, IsReadFromTheEnvironmentAsOtherToolsDo) {
  struct Case {
    const char* why;
    const char* scheme;
    Variables variables;
    ProxyChoice expected;
  };
  const Case cases[] = {
      {"nothing set", "https", {}, {}},
      {"small letters", "https", {{"https_proxy", "p:1"}}, {"p:1", ""}},
      {"capitals, as task definitions have them", "https", {{"HTTPS_PROXY", "p:1"}}, {"p:1", ""}},
      {"small letters win", "https", {{"https_proxy", "a"}, {"HTTPS_PROXY", "b"}}, {"a", ""}},
      {"each scheme its own", "http", {{"https_proxy", "p:1"}}, {}},
      {"all_proxy stands in", "http", {{"ALL_PROXY", "p:1"}}, {"p:1", ""}},
      {"a CGI client could forge it", "http", {{"HTTP_PROXY", "p"}, {"REQUEST_METHOD", "GET"}}, {}},
      {"hosts asked directly", "http", {{"http_proxy", "p"}, {"NO_PROXY", "a,b"}}, {"p", "a,b"}},
  };
  for (const auto& [why, scheme, variables, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(proxy_for(scheme, Environment(variables)), expected);
  }
}

}  // namespace
}  // namespace dunlin
