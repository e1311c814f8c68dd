#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace dunlin {

/// Reading the XML in which some of AWS's services answer. A wall around Expat; what is read may
/// hold credentials, so texts are wiped when the document goes away.

class XmlDocument;
struct XmlTree;

/// One element of an XmlDocument, or none; lives no longer than that. Names are as they stand in
/// the text, attributes and namespaces are not read.
class XmlNode {
 public:
  XmlNode() = default;
  [[nodiscard]] bool exists() const noexcept { return tree_ != nullptr; }
  [[nodiscard]] std::string_view name() const noexcept;
  /// The characters of an element without children, entities decoded; empty for everything else.
  [[nodiscard]] std::string_view text() const noexcept;
  /// The first child of that name; none if there is no such child.
  [[nodiscard]] XmlNode operator[](std::string_view name) const noexcept;
  /// The children in their order; those of one name if it is given. A list of the query protocol
  /// is `node["Subnets"].children()`, whatever its members are called.
  [[nodiscard]] std::vector<XmlNode> children(std::string_view name = {}) const;
  /// The first element of that name below this one, however deep; none if there is none.
  [[nodiscard]] XmlNode find(std::string_view name) const noexcept;

 private:
  friend class XmlDocument;
  XmlNode(const XmlTree* tree, std::size_t index) : tree_(tree), index_(index) {}
  const XmlTree* tree_ = nullptr;
  std::size_t index_ = 0;
};

class XmlDocument {
 public:
  /// Absent when `text` is not XML in UTF-8, has a document type declaration (no service sends one,
  /// and entities are declared there), is longer than 16 MiB, deeper than 64 elements or has more
  /// than 500,000.
  [[nodiscard]] static std::optional<XmlDocument> parse(std::string_view text);
  [[nodiscard]] XmlNode root() const noexcept;
  ~XmlDocument();
  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;

 private:
  explicit XmlDocument(std::unique_ptr<XmlTree> tree);
  std::unique_ptr<XmlTree> tree_;
};

}  // namespace dunlin
