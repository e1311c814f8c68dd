# The image of script/image, for those who have a container engine: docs/image.md.
#   docker build -t dunlin .
ARG BASE=debian:bookworm-slim
ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS roots
COPY script/image /src/script/image
RUN /src/script/image --roots /roots

FROM ${BASE} AS build
COPY . /src
COPY --from=roots /roots /src/build/image
RUN /src/script/image --root /root-of-image

FROM scratch
COPY --from=build /root-of-image/ /
ENV PATH=/ SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532:65532
ENTRYPOINT ["dunlin", "run"]
LABEL org.opencontainers.image.title="dunlin" \
      org.opencontainers.image.description="database migrations, compatible with Flyway, as one job" \
      org.opencontainers.image.licenses="Apache-2.0"
