# An image with aim alone, for pipelines. Build the binary first: deno task build:bun
FROM debian:bookworm-slim
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home --uid 1000 aim
COPY dist/aim /usr/local/bin/aim
USER aim
WORKDIR /work
ENTRYPOINT ["aim"]
