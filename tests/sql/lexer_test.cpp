#include "sql/lexer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dunlin::sql {
namespace {

/// Kinds as letters (w word, n name, s string, 1 number, ; ( ) \ and . for a symbol, ! for what is
/// not closed) with the tokens' texts.
std::string told(std::string_view text, Dialect dialect, bool standard_strings = true) {
  constexpr std::string_view kLetters = " wns1;()\\.!!!!";
  Lexer lexer(text, dialect);
  lexer.set_standard_strings(standard_strings);
  std::string result;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (!result.empty()) result += ' ';
    result += kLetters[static_cast<std::size_t>(token.kind)];
    result += token.text;
  }
  return result;
}

TEST(LexerTest, ReadsPostgresqlsTokens) {
  struct Case {
    const char *why, *text, *tokens;
  };
  constexpr Case cases[] = {
      {"words, numbers, symbols", "select a$1, 1.5e+3;", "wselect wa$1 ., 11.5e+3 ;;"},
      {"letters above ASCII", "größe 日", "wgröße w日"},
      {"a byte order mark is no token", "\xEF\xBB\xBFx", "wx"},
      {"line comments", "a -- ;'\nb --", "wa wb"},
      {"a CR ends a line comment", "a -- x\rb", "wa wb"},
      {"block comments nest", "a/* /* ' */ ; */b", "wa wb"},
      {"a comment begins inside an operator", "a+--;\nb*/**/c", "wa .+ wb .* wc"},
      {"doubled quotes", "'a'';b' \"a\"\";b\"", "s'a'';b' n\"a\"\";b\""},
      {"a backslash means nothing in a plain string", "'a\\';", "s'a\\' ;;"},
      {"and escapes in an E string", "E'a\\';b' e'\\\\';", "sE'a\\';b' se'\\\\' ;;"},
      {"doubled quotes in an E string", "E'a'';b';", "sE'a'';b' ;;"},
      {"an E string goes on in the next line", "E'a' --x\n 'b\\';c' d", "sE'a' --x\n 'b\\';c' wd"},
      {"but not on the same line", "E'a' 'b\\' c", "sE'a' s'b\\' wc"},
      {"bit and hex strings", "B'1\\';x'F'", "sB'1\\' ;; sx'F'"},
      {"national strings are two tokens", "N'n;'", "wN s'n;'"},
      {"unicode strings and names", "U&'d\\';U&\"a;\"", "wU .& s'd\\' ;; wU .& n\"a;\""},
      {"an E behind a number", "1e'\\';'", "11 se'\\';'"},
      {"an E at the end of a word", "rae'\\';", "wrae s'\\' ;;"},
      {"dollar quotes", "$$;$$ $t$;$$;$t$", "s$$;$$ s$t$;$$;$t$"},
      {"a tag of other letters", "$ö_1$x;$ö_1$", "s$ö_1$x;$ö_1$"},
      {"a tag does not begin with a digit", "$1$;", "1$1 .$ ;;"},
      {"parameters", "$1+$23", "1$1 .+ 1$23"},
      {"no dollar quote in a name", "a$$;b$$", "wa$$ ;; wb$$"},
      {"a dollar alone", "$ ;", ".$ ;;"},
      {"the inner quote of another tag", "$a$ $b$;$b$ $a$", "s$a$ $b$;$b$ $a$"},
      {"a tag that shares its dollar", "$a$x$b$a$;", "s$a$x$b$a$ ;;"},
      {"form feed and vertical tab are blanks", "a\fb\vc", "wa wb wc"},
      {"casts and JSON", "a::b ->> 'c' ? 'd'", "wa .: .: wb .- .> .> s'c' .? s'd'"},
      {"an open string", "a 'b;", "wa !'b;"},
      {"an open name", "a \"b;", "wa !\"b;"},
      {"an open dollar quote", "a $t$b;$t", "wa !$t$b;$t"},
      {"an open comment", "a /* /* */", "wa !/* /* */"},
      {"an open E string", "E'a\\'", "!E'a\\'"},
      {"a slash at the end", "a /", "wa ./"},
      {"back-ticks and brackets are nothing special", "`;[;", ".` ;; .[ ;;"},
  };
  for (const auto& [why, text, tokens] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(told(text, Dialect::postgresql), tokens);
  }
}

TEST(LexerTest, FollowsStandardConformingStrings) {
  EXPECT_EQ(told("'a\\';b';", Dialect::postgresql, false), "s'a\\';b' ;;");
  EXPECT_EQ(told("'a'\n'\\';'x", Dialect::postgresql, false), "s'a'\n'\\';' wx");
}

TEST(LexerTest, ReadsSqlitesTokens) {
  struct Case {
    const char *why, *text, *tokens;
  };
  constexpr Case cases[] = {
      {"four kinds of quotes", "'a'';' \"b;\"\"\" `c;``` [d;[]",
       "s'a'';' n\"b;\"\"\" n`c;``` n[d;[]"},
      {"no dollar quotes", "$$;$$", ".$ .$ ;; .$ .$"},
      {"no escapes", "'a\\';E'b\\'", "s'a\\' ;; wE s'b\\'"},
      {"comments do not nest", "a/* /* */;", "wa ;;"},
      {"and may stay open", "a/* ;", "wa"},
      {"a CR does not end a line comment", "a -- x\r;\nb", "wa wb"},
      {"an open name", "[a;", "![a;"},
  };
  for (const auto& [why, text, tokens] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(told(text, Dialect::sqlite), tokens);
  }
}

}  // namespace
}  // namespace dunlin::sql
