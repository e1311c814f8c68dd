#include "database/postgresql/url.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace dunlin::postgresql {
namespace {

/// "host=h port=5432 …", sorted by nothing: as the connection gets them.
std::string words(const Parameters& parameters) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : parameters) pairs.push_back(name + "=" + value);
  return join(pairs, " | ");
}

TEST(PostgresqlUrlTest, BecomesLibpqsParameters) {
  struct Case {
    const char *why, *url, *parameters, *password, *shown;
  };
  constexpr Case cases[] = {
      {"host alone", "jdbc:postgresql://db.example/app", "host=db.example | port=5432 | dbname=app",
       "", "jdbc:postgresql://db.example/app"},
      {"a port", "jdbc:postgresql://db.example:6000/app",
       "host=db.example | port=6000 | dbname=app", "", "jdbc:postgresql://db.example:6000/app"},
      {"several hosts", "jdbc:postgresql://a:1,b,[::1]:3/app",
       "host=a,b,::1 | port=1,5432,3 | dbname=app", "", "jdbc:postgresql://a:1,b,[::1]:3/app"},
      {"no host", "jdbc:postgresql:app", "host=localhost | port=5432 | dbname=app", "",
       "jdbc:postgresql:app"},
      {"no database", "jdbc:postgresql://h/", "host=h | port=5432", "", "jdbc:postgresql://h/"},
      {"a name with a blank", "jdbc:postgresql://h/my%20db", "host=h | port=5432 | dbname=my db",
       "", "jdbc:postgresql://h/my%20db"},
      {"user and password", "jdbc:postgresql://h/x?user=me&password=p%26w",
       "host=h | port=5432 | dbname=x | user=me", "p&w",
       "jdbc:postgresql://h/x?user=me&password=********"},
      {"plus is a blank for pgjdbc", "jdbc:postgresql://h/x?password=a+b%2Bc",
       "host=h | port=5432 | dbname=x", "a b+c", "jdbc:postgresql://h/x?password=********"},
      {"schema and name", "jdbc:postgresql://h/x?currentSchema=my%20s,public&ApplicationName=n",
       "host=h | port=5432 | dbname=x | application_name=n | "
       "options=-c search_path=my\\ s,public",
       "", "jdbc:postgresql://h/x?currentSchema=my%20s,public&ApplicationName=n"},
      {"options join the schema", "jdbc:postgresql://h/x?options=-c%20a=b&currentSchema=s",
       "host=h | port=5432 | dbname=x | options=-c a=b -c search_path=s", "",
       "jdbc:postgresql://h/x?options=-c%20a=b&currentSchema=s"},
      {"TLS", "jdbc:postgresql://h/x?sslmode=verify-full&sslrootcert=/ca.pem",
       "host=h | port=5432 | dbname=x | sslrootcert=/ca.pem | sslmode=verify-full", "",
       "jdbc:postgresql://h/x?sslmode=verify-full&sslrootcert=/ca.pem"},
      {"ssl alone verifies", "jdbc:postgresql://h/x?ssl=true",
       "host=h | port=5432 | dbname=x | sslmode=verify-full", "", "jdbc:postgresql://h/x?ssl=true"},
      {"ssl without a value too", "jdbc:postgresql://h/x?ssl",
       "host=h | port=5432 | dbname=x | sslmode=verify-full", "", "jdbc:postgresql://h/x?ssl"},
      {"sslmode wins over ssl", "jdbc:postgresql://h/x?ssl=true&sslmode=Require",
       "host=h | port=5432 | dbname=x | sslmode=require", "",
       "jdbc:postgresql://h/x?ssl=true&sslmode=Require"},
      {"a factory that checks nothing",
       "jdbc:postgresql://h/x?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory",
       "host=h | port=5432 | dbname=x | sslmode=require", "",
       "jdbc:postgresql://h/x?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory"},
      {"times", "jdbc:postgresql://h/x?connectTimeout=7&socketTimeout=30&tcpKeepAlive=true",
       "host=h | port=5432 | dbname=x | connect_timeout=7 | tcp_user_timeout=30000 | keepalives=1",
       "", "jdbc:postgresql://h/x?connectTimeout=7&socketTimeout=30&tcpKeepAlive=true"},
      {"the kind of server", "jdbc:postgresql://h,g/x?targetServerType=primary",
       "host=h,g | port=5432,5432 | dbname=x | target_session_attrs=primary", "",
       "jdbc:postgresql://h,g/x?targetServerType=primary"},
      {"libpq's URI", "postgresql://me:p%40w@h:6000/x?sslmode=require&application_name=n+m",
       "user=me | dbname=x | host=h | port=6000 | application_name=n+m | sslmode=require", "p@w",
       "jdbc:postgresql://h:6000/x"},
      {"several hosts in it", "postgres://a:1,[::1]:2/x", "dbname=x | host=a,::1 | port=1,2", "",
       "jdbc:postgresql://a:1,[::1]:2/x"},
      {"libpq's words", "host=h dbname=x user=me password='it''s'", "", "", nullptr},
      {"libpq's words, quoted", "host=/run/pg dbname=x user=me password='it\\'s'",
       "user=me | dbname=x | host=/run/pg", "it's", "jdbc:postgresql://%2Frun%2Fpg:5432/x"},
  };
  for (const auto& [why, url, parameters, password, shown] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = parse_url(url);
    if (shown == nullptr) {
      EXPECT_FALSE(parsed);
      continue;
    }
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(words(parsed->target.parameters), parameters);
    EXPECT_EQ(parsed->target.password.reveal(), password);
    EXPECT_EQ(parsed->shown, shown);
    EXPECT_TRUE(parsed->notes.empty());
  }
}

TEST(PostgresqlUrlTest, SaysWhichParametersHaveNoEffect) {
  struct Case {
    const char *why, *parameter, *note;
    Note::Level level;
  };
  constexpr Case cases[] = {
      {"tuning", "prepareThreshold=0", "prepareThreshold tunes Java's driver", Note::Level::debug},
      {"not in libpq 15", "loadBalanceHosts=true", "loadBalanceHosts has no effect",
       Note::Level::warning},
      {"wrong capitals", "applicationname=x", "it is ApplicationName", Note::Level::warning},
      {"a slip", "conectTimeout=3", "did you mean connectTimeout", Note::Level::warning},
      {"nobody's", "zzzzzzzzzzzzzzzzz=3", "zzzzzzzzzzzzzzzzz is unknown", Note::Level::warning},
      {"a factory", "sslfactory=com.x.Mine", "sslfactory has no effect", Note::Level::warning},
  };
  for (const auto& [why, parameter, note, level] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = parse_url(std::string("jdbc:postgresql://h/x?") + parameter);
    ASSERT_TRUE(parsed) << parsed.error().message;
    ASSERT_EQ(parsed->notes.size(), 1U);
    EXPECT_TRUE(parsed->notes[0].text.contains(note)) << parsed->notes[0].text;
    EXPECT_EQ(parsed->notes[0].level, level);
  }
}

TEST(PostgresqlUrlTest, AMisspeltPasswordIsNotShown) {
  const auto parsed = parse_url("jdbc:postgresql://h/x?passwrod=geheim&sslpassword=geheim");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->shown, "jdbc:postgresql://h/x?passwrod=********&sslpassword=********");
  EXPECT_EQ(parsed->target.key_password.reveal(), "geheim");
  for (const auto& note : parsed->notes) EXPECT_FALSE(note.text.contains("geheim")) << note.text;
}

TEST(PostgresqlUrlTest, SaysWhatIsWrongAndNeverThePassword) {
  struct Case {
    const char *why, *url, *message;
  };
  constexpr Case cases[] = {
      {"a port of letters", "jdbc:postgresql://h:geheim/x", "no port number"},
      {"a port too high", "jdbc:postgresql://h:70000/x", "no port number"},
      {"user and password in front", "jdbc:postgresql://me:geheim@h/x",
       "cannot hold user:password@"},
      {"the same without a host's slashes", "jdbc:postgresql:root:geheim@h/x",
       "cannot hold user:password@"},
      {"the same with one slash", "jdbc:postgresql:/root:geheim@h/x", "cannot hold user:password@"},
      {"the same, cut at a slash", "jdbc:postgresql://root/geheim@h/x",
       "cannot hold user:password@"},
      {"a slash in a password", "postgresql://root:geheim/Me99@h:5432/x", "more than one part"},
      {"a slash after a number", "postgresql://root:99/geheim@h:5432/x", "more than one part"},
      {"a question mark and a slash in it", "postgresql://root:geheim?user=x/@h/x",
       "more than one part"},
      {"a question mark and an @", "postgresql://root:a?b@geheim@h/x", "more than one part"},
      {"an @ in a password", "postgresql://root:Wr0ng%50a@geheim@h:5432/x", "more than one part"},
      {"a semicolon before a password", "jdbc:postgresql://h/x?user=me;password=geheim",
       "user holds a password="},
      {"another parameter, and capitals", "jdbc:postgresql://h/x?sslmode=a?PassWord=geheim",
       "sslmode holds a password="},
      {"a semicolon after the name", "jdbc:postgresql://h/x;password=geheim",
       "dbname holds a password="},
      {"a semicolon in libpq's words", "host=h;password=geheim", "host holds a password="},
      {"a port of letters for libpq", "host=h port=geheim", "no port number"},
      {"a time in words", "jdbc:postgresql://h/x?connectTimeout=soon", "connectTimeout"},
      {"a time before now", "jdbc:postgresql://h/x?socketTimeout=-1", "socketTimeout"},
      {"a mode that is none", "jdbc:postgresql://h/x?sslmode=on", "sslmode=on"},
      {"a kind that is none", "jdbc:postgresql://h/x?targetServerType=best",
       "targetServerType=best"},
      {"a percent sign left alone", "postgresql://me:geheim%zz@h/x", "percent-encoded"},
      {"an unknown parameter", "postgresql://h/x?geheim=1", "URI query parameter"},
      {"a parameter without a value", "postgresql://h/x?geheim", "missing key/value separator"},
      {"a password with a blank", "host=h password=my geheim", "missing \"=\" after"},
      {"a bracket left open", "postgresql://me:geheim@[::1/x", "matching \"]\""},
  };
  for (const auto& [why, url, message] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = parse_url(url);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::configuration);
    EXPECT_TRUE(parsed.error().message.contains(message)) << parsed.error().message;
    EXPECT_FALSE(parsed.error().message.contains("geheim")) << parsed.error().message;
    EXPECT_FALSE(parsed.error().hint.empty());
  }
}

}  // namespace
}  // namespace dunlin::postgresql
