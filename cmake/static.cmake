# The whole program in one static-pie file, for an image without anything else in it.
#
# libpq.a and libcurl.a refer to Kerberos, LDAP and RTMP, for which Debian has no static libraries.
# None of them is ever asked for: gssencmode is off and curl is held to http and https. So their
# functions are given addresses that fail cleanly (static/not_built_in.cpp): a server that wants
# Kerberos, or a service file that names an LDAP server, gets an error.

set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(OPENSSL_USE_STATIC_LIBS ON)
set(ZLIB_USE_STATIC_LIBS ON)

set(dunlin_gss accept_sec_context acquire_cred add_oid_set_member create_empty_oid_set
  delete_sec_context display_name display_status get_mic import_name indicate_mechs
  init_sec_context inquire_context inquire_cred inquire_cred_by_mech release_buffer release_cred
  release_name release_oid_set test_oid_set_member unwrap verify_mic wrap wrap_size_limit)
set(dunlin_ldap_numbers ber_sockbuf_add_io ldap_abandon_ext ldap_count_entries
  ldap_get_attribute_ber ldap_get_dn_ber ldap_get_option ldap_init_fd ldap_msgfree ldap_msgtype
  ldap_parse_result ldap_parse_sasl_bind_result ldap_pvt_url_scheme2proto ldap_result
  ldap_sasl_bind ldap_search_ext ldap_search_st ldap_set_option ldap_simple_bind ldap_start_tls
  ldap_unbind ldap_unbind_ext ldap_url_parse)
set(dunlin_nothing ber_bvfree ber_free ber_memfree ber_memvfree ldap_first_entry ldap_free_urldesc
  ldap_get_values_len ldap_init ldap_memfree ldap_value_free_len RTMP_Alloc RTMP_Close
  RTMP_Connect1 RTMP_ConnectStream RTMP_Free RTMP_Init RTMP_Read RTMP_SetBufferMS RTMP_SetupURL
  RTMP_Write)

# dunlin_static(TARGET): links TARGET without any shared library.
function(dunlin_static target)
  set(symbols ldap_err2string=dunlin_says_not_built_in
    GSS_C_NT_HOSTBASED_SERVICE=dunlin_no_oid GSS_C_NT_USER_NAME=dunlin_no_oid)
  foreach(name ${dunlin_gss})
    list(APPEND symbols gss_${name}=dunlin_gss_unavailable)
  endforeach()
  foreach(name ${dunlin_ldap_numbers})
    list(APPEND symbols ${name}=dunlin_ldap_unavailable)
  endforeach()
  foreach(name ${dunlin_nothing})
    list(APPEND symbols ${name}=dunlin_nothing)
  endforeach()
  list(TRANSFORM symbols PREPEND -Wl,--defsym=)
  target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/static/not_built_in.cpp)
  find_program(PG_CONFIG pg_config REQUIRED)
  execute_process(COMMAND ${PG_CONFIG} --version OUTPUT_VARIABLE version)
  string(REGEX MATCH "[0-9]+" version ${version})
  set(folder /usr/lib/postgresql/${version}/lib)
  # Relocations packed take a tenth of their room. The map tells image/sbom.py what of the libraries went in.
  target_link_options(${target} PRIVATE -static-pie -Wl,-Map=dunlin.map
    -Wl,-z,pack-relative-relocs ${symbols})
  # In a group: libpq.a, libcurl.a and their helpers refer to each other.
  target_link_libraries(${target} PRIVATE -Wl,--start-group -l:libpq.a
    ${folder}/libpgcommon_shlib.a ${folder}/libpgport_shlib.a -l:libcurl.a -l:libssh.a -l:libssl.a
    -l:libcrypto.a -l:libnghttp2.a -l:libidn2.a -l:libunistring.a -l:libpsl.a -l:libzstd.a
    -l:libbrotlidec.a -l:libbrotlicommon.a -l:libssh2.a -l:libz.a -Wl,--end-group)
endfunction()
