#include "snapshot/rds.hpp"
#include "snapshot/snapshots.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dunlin {
namespace {

using namespace std::chrono_literals;

constexpr auto kAt = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 5h + 14min + 25s;

TEST(SnapshotNameTest, IsOneThatRdsTakes) {
  struct Case {
    const char *why, *database, *commit, *expected;
  };
  constexpr Case cases[] = {
      {"usual", "app", "0a1b2c3d4e5f", "dunlin-app-20261123t051425z-0a1b2c3d"},
      {"no commit", "app", "", "dunlin-app-20261123t051425z"},
      {"capitals, and what RDS refuses", "My_App.db", "", "dunlin-my-app-db-20261123t051425z"},
      {"no two hyphens in a row, none at an end", "--a__b--", "", "dunlin-a-b-20261123t051425z"},
      {"no letter of it is left", "äöü", "", "dunlin-20261123t051425z"},
      {"too long for 63 letters", "a-database-with-quite-a-long-name-for-one", "0a1b2c3d4e5f",
       "dunlin-a-database-with-quite-a-long-20261123t051425z-0a1b2c3d"},
  };
  for (const auto& [why, database, commit, expected] : cases) {
    SCOPED_TRACE(why);
    const std::string name = snapshot_name(database, commit, kAt);
    EXPECT_EQ(name, expected);
    EXPECT_LE(name.size(), 63U);
    EXPECT_TRUE(name.starts_with(snapshot_prefix(database)));
  }
}

TEST(SnapshotNameTest, SizesAndTimesAreForPeople) {
  EXPECT_EQ(shown_time(kAt), "2026-11-23 05:14:25");
  EXPECT_EQ(shown_size(999), "999 B");
  EXPECT_EQ(shown_size(12'345), "12.3 kB");
  EXPECT_EQ(shown_size(999'999'999), "1.0 GB");
  EXPECT_EQ(shown_size(5'000'000'000'000'000), "5000.0 TB");
}

TEST(RdsEndpointTest, NamesItsRegion) {
  struct Case {
    const char *why, *host, *region;
  };
  constexpr Case cases[] = {
      {"a cluster", "app.cluster-abc.eu-central-1.rds.amazonaws.com", "eu-central-1"},
      {"an instance, in capitals", "APP.abc.US-WEST-2.RDS.AMAZONAWS.COM", "us-west-2"},
      {"China", "app.abc.rds.cn-north-1.amazonaws.com.cn", "cn-north-1"},
      {"another service", "app.eu-central-1.amazonaws.com", ""},
      {"somebody's own", "rds.amazonaws.com.example.com", ""},
      {"here", "localhost", ""},
  };
  for (const auto& [why, host, region] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(is_rds_endpoint(host), std::string_view(region) != "");
    EXPECT_EQ(region_of_endpoint(host), region);
  }
}

}  // namespace
}  // namespace dunlin
