// A plug-in of clang-tidy that lets its checks walk through our declarations alone. By itself
// version 19 also walks through those of every system header, which takes two thirds of its time,
// and then leaves out what it found there. Later versions do so without help.
#include <clang-tidy/ClangTidyCheck.h>
#include <clang-tidy/ClangTidyModule.h>
#include <clang-tidy/ClangTidyModuleRegistry.h>
#include <clang/AST/ASTContext.h>
#include <clang/ASTMatchers/ASTMatchFinder.h>
#include <clang/ASTMatchers/ASTMatchers.h>
#include <clang/Basic/SourceManager.h>

#include <vector>

namespace {

using clang::ast_matchers::MatchFinder;

/// Finds nothing. It hears of the whole before anything is walked through, and narrows the walk.
class OwnCode : public clang::tidy::ClangTidyCheck {
 public:
  using ClangTidyCheck::ClangTidyCheck;
  void registerMatchers(MatchFinder* finder) override {
    finder->addMatcher(clang::ast_matchers::translationUnitDecl().bind("whole"), this);
  }
  void check(const MatchFinder::MatchResult& result) override {
    std::vector<clang::Decl*> own;
    for (auto* declaration : result.Context->getTranslationUnitDecl()->decls()) {
      if (!result.SourceManager->isInSystemHeader(declaration->getLocation()))
        own.push_back(declaration);
    }
    result.Context->setTraversalScope(own);
  }
};

class Module : public clang::tidy::ClangTidyModule {
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories& factories) override {
    factories.registerCheck<OwnCode>("dunlin-own-code");
  }
};

const clang::tidy::ClangTidyModuleRegistry::Add<Module> kAdded("dunlin", "Looks at own code alone");

}  // namespace
