// The body of {fmt}, once for the whole program. Debian has it as headers and as a shared library
// only; as headers in every file it is 40 % of what compiling dunlin costs (measured with g++ 12).
#include <fmt/format-inl.h>

#include <locale>

namespace fmt::inline v9::detail {
// What format.h declares `extern template`.
template void buffer<char>::append(const char* begin, const char* end);
template void vformat_to(buffer<char>& out, string_view format,
                         basic_format_args<FMT_BUFFER_CONTEXT(char)> arguments, locale_ref locale);
template thousands_sep_result<char> thousands_sep_impl(locale_ref locale);
template char decimal_point_impl(locale_ref locale);
template dragonbox::decimal_fp<float> dragonbox::to_decimal(float number) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double number) noexcept;
}  // namespace fmt::inline v9::detail
