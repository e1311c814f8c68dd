# cmake -DFROM=file -DTO=file.cpp -DNAME=function -P embed.cmake
# Writes a source whose function dunlin::fargate::NAME() is the text of a file: so the file and what
# the program holds cannot differ.
file(READ ${FROM} text)
file(WRITE ${TO} "#include \"fargate/fargate.hpp\"\n
namespace dunlin::fargate {
std::string_view ${NAME}() noexcept {
  return R\"embedded(${text})embedded\";
}
}  // namespace dunlin::fargate\n")
