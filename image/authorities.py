#!/usr/bin/env python3
"""The certificate authorities of the image: the system's bundle, and the roots of RDS out of an npm package.

    authorities.py SYSTEM.pem PACKAGE.tgz EPOCH > BUNDLE.pem

EPOCH (seconds) is the day of the build: what has expired by then is left out, and so are RDS's betas.
The package is only read, none of it is run.
"""
import re
import ssl
import subprocess
import sys
import tarfile

ROOTS = "package/lib/profiles/ca/defaults.js"
CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?")
LEAST = 30  # RDS has at least one in each of its thirty regions; fewer means that the package is made otherwise


def of_package(path):
    """The certificates in the package's JavaScript, where each is lines '...\\n' between plus signs."""
    with tarfile.open(path) as package:
        text = package.extractfile(ROOTS).read().decode()
    text = re.sub(r"'\s*\+\s*'", "", text).replace("\\n", "\n")
    found = CERTIFICATE.findall(text)
    if len(found) < LEAST or len(found) != text.count("BEGIN CERTIFICATE"):
        raise SystemExit("%s: %d certificates can be read of %d in it: it is not made as it was" %
                         (path, len(found), text.count("BEGIN CERTIFICATE")))
    return found


def facts(certificate):
    """(subject, end) with end in seconds since 1970."""
    said = subprocess.run(["openssl", "x509", "-noout", "-subject", "-enddate", "-nameopt", "oneline,-esc_msb,utf8"],
                          input=certificate, capture_output=True, text=True, check=True).stdout
    subject, end = re.fullmatch(r"subject=(.*)\nnotAfter=(.*)\n", said).groups()
    return subject.strip(), ssl.cert_time_to_seconds(end)


def wanted(certificates, now):
    """(subject, certificate) of those to trust, by subject, none twice."""
    chosen = {}
    for certificate in certificates:
        subject, end = facts(certificate)
        if end > now and "beta" not in subject.lower():
            chosen[certificate.strip()] = subject
    return sorted((subject, certificate) for certificate, subject in chosen.items())


def main():
    system, package, epoch = sys.argv[1:]
    with open(system, encoding="ascii") as f:
        bundle = f.read()
    print(bundle.rstrip("\n"))
    for subject, certificate in wanted(of_package(package), int(epoch)):
        if certificate not in bundle:
            print("# %s\n%s" % (subject, certificate))


if __name__ == "__main__":
    main()
