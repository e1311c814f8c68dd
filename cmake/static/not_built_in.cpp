// What stands in the static program for libraries that it does not hold; see ../static.cmake. The
// linker gives each of their functions one of these addresses: arguments are ignored, as the
// calling conventions of x86-64 and AArch64 allow.
extern "C" {
extern char dunlin_no_oid[sizeof(void*)];
char dunlin_no_oid[sizeof(void*)] = {};  // GSS_C_NO_OID

unsigned dunlin_gss_unavailable() { return 16U << 16U; }  // GSS_S_UNAVAILABLE (RFC 2744)
int dunlin_ldap_unavailable() { return -1; }              // LDAP_SERVER_DOWN
const void* dunlin_nothing() { return nullptr; }
const char* dunlin_says_not_built_in() { return "LDAP is not built into this program"; }
}
