// Expat calls back for each tag and each run of characters. Elements stand in one vector in the
// order of their tags, so what is below an element follows it; all characters stand in one buffer
// that is as long as the document from the start: growing would leave copies of credentials behind.
#include "aws/xml.hpp"

#include "base/handle.hpp"

#include <expat.h>

#include <cstring>  // explicit_bzero

namespace dunlin {
namespace {

constexpr std::size_t kLongest = 16UL << 20U;
constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMost = 500'000;

/// A part of the buffer.
struct Piece {
  std::size_t start = 0, end = 0;
};

struct Element {
  Piece name;
  Piece text;
  std::size_t end = 0;  ///< the index after the last element below this one
};

}  // namespace

struct XmlTree {
  explicit XmlTree(std::size_t size) { characters.reserve(size); }
  ~XmlTree() {
    if (!characters.empty()) explicit_bzero(characters.data(), characters.size());
  }
  XmlTree(const XmlTree&) = delete;
  XmlTree& operator=(const XmlTree&) = delete;

  [[nodiscard]] std::string_view view(Piece piece) const noexcept {
    return {characters.data() + piece.start, piece.end - piece.start};
  }
  /// Decoded text is never longer than what it was written as: the buffer does not grow.
  Piece append(std::string_view text) {
    const std::size_t start = characters.size();
    characters.insert(characters.end(), text.begin(), text.end());
    return {start, characters.size()};
  }

  std::vector<Element> elements;
  std::vector<char> characters;
};

namespace {

using Parser = Handle<XML_ParserStruct, XML_ParserFree>;

/// What the callbacks share.
struct Reading {
  XML_Parser parser;
  XmlTree& tree;
  std::vector<std::size_t> open;  ///< indices of the elements around the place, outermost first

  static Reading& of(void* data) { return *static_cast<Reading*>(data); }
};

void stop(const Reading& reading) noexcept { XML_StopParser(reading.parser, XML_FALSE); }

void on_start(void* data, const char* name, const char** /*attributes*/) noexcept {
  Reading& reading = Reading::of(data);
  auto& elements = reading.tree.elements;
  if (reading.open.size() == kDeepest || elements.size() == kMost) return stop(reading);
  const Piece written = reading.tree.append(name);
  reading.open.push_back(elements.size());
  elements.push_back({.name = written, .text = {written.end, written.end}, .end = 0});
}

void on_end(void* data, const char* /*name*/) noexcept {
  Reading& reading = Reading::of(data);
  Element& element = reading.tree.elements[reading.open.back()];
  reading.open.pop_back();
  element.text.end = reading.tree.characters.size();
  element.end = reading.tree.elements.size();
}

void on_characters(void* data, const char* text, int size) noexcept {
  Reading::of(data).tree.append({text, static_cast<std::size_t>(size)});
}

void on_doctype(void* data, const char* /*name*/, const char* /*system*/, const char* /*public*/,
                int /*has_internal_subset*/) noexcept {
  stop(Reading::of(data));
}

}  // namespace

std::string_view XmlNode::name() const noexcept {
  return exists() ? tree_->view(tree_->elements[index_].name) : std::string_view();
}

std::string_view XmlNode::text() const noexcept {
  if (!exists()) return {};
  const Element& element = tree_->elements[index_];
  return element.end == index_ + 1 ? tree_->view(element.text) : std::string_view();
}

XmlNode XmlNode::operator[](std::string_view name) const noexcept {
  const std::size_t end = exists() ? tree_->elements[index_].end : 0;
  for (std::size_t i = index_ + 1; i < end; i = tree_->elements[i].end) {
    if (tree_->view(tree_->elements[i].name) == name) return {tree_, i};
  }
  return {};
}

std::vector<XmlNode> XmlNode::children(std::string_view name) const {
  std::vector<XmlNode> found;
  const std::size_t end = exists() ? tree_->elements[index_].end : 0;
  for (std::size_t i = index_ + 1; i < end; i = tree_->elements[i].end) {
    const bool wanted = name.empty() || tree_->view(tree_->elements[i].name) == name;
    if (wanted) found.push_back(XmlNode(tree_, i));
  }
  return found;
}

XmlNode XmlNode::find(std::string_view name) const noexcept {
  const std::size_t end = exists() ? tree_->elements[index_].end : 0;
  for (std::size_t i = index_ + 1; i < end; ++i) {
    if (tree_->view(tree_->elements[i].name) == name) return {tree_, i};
  }
  return {};
}

XmlDocument::XmlDocument(std::unique_ptr<XmlTree> tree) : tree_(std::move(tree)) {}
XmlDocument::~XmlDocument() = default;
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;

std::optional<XmlDocument> XmlDocument::parse(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  const Parser parser(XML_ParserCreate("UTF-8"));
  if (!parser) return std::nullopt;
  auto tree = std::make_unique<XmlTree>(text.size());
  Reading reading{.parser = parser.get(), .tree = *tree, .open = {}};
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_characters);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  const auto status = XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (status != XML_STATUS_OK) return std::nullopt;
  return XmlDocument(std::move(tree));
}

XmlNode XmlDocument::root() const noexcept { return {tree_.get(), 0}; }

}  // namespace dunlin
