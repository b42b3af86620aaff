/** Versions and names that the set-up is pinned to: one place to raise them. */

/** The oldest Pulumi CLI that is accepted, and the one that is fetched or built where there is none. */
export const PULUMI_VERSION = "3.220.0";

/** The SDK release whose Node.js language host is built beside a CLI built with Go. */
export const LANGUAGE_HOST_VERSION = "3.60.0";

/** The image that the quickstart and the tests build from. */
export const BASE_IMAGE = "debian:bookworm-slim";

/** The Debian release behind BASE_IMAGE, for debootstrap. */
export const BASE_RELEASE = "bookworm";

/** Raise when the way in which the base image is made changes, so that cached copies are made again. */
export const BASE_RECIPE = 1;

/** sha256 of each official release archive of PULUMI_VERSION, as published in Pulumi's own Homebrew tap. */
export const PULUMI_ARCHIVES = {
  "darwin-x64": "21bb2c9bdbf560cdee07c205b808b3b904159837eed6b24552c958f7b3129eee",
  "darwin-arm64": "4b2e9da6f2ee17d2e8173942df16b49c1fa3be05a1aac2855e373d4ca9a75b5e",
  "linux-x64": "6f00c595e0c35821cd31903d7bb328a11c3c4bdad7acd59403fbb14cfcad45ff",
  "linux-arm64": "2600ee0f43d8cc3756d5ba96c31864f9b246961bb7f6d8ae467ed8c270c4f66b",
};

/** Where the official release archives are, in the order in which they are tried. */
export const PULUMI_SOURCES = [
  `https://github.com/pulumi/pulumi/releases/download/v${PULUMI_VERSION}`,
  "https://get.pulumi.com/releases/sdk",
];

/**
 * The buildx plugin and the BuildKit daemon of the tests' second builder, where there are none. Raise them together
 * with COMPOSE_VERSION, to what Docker released together: docker-tools builds them from the same packages.
 */
export const BUILDX_VERSION = "0.35.0";
export const BUILDKIT_VERSION = "0.31.1";

/** sha256 of each official binary of BUILDX_VERSION, as pinned in Docker's own official image. */
export const BUILDX_BINARIES = {
  "linux-x64": "d41ece72044243b4f58b343441ae37446d9c29a7d6b5e11c61847bbcf8f7dfda",
  "linux-arm64": "c4248d6cbc4a619a7e0b4609c11e509ad4ac0b475e1c64817c0ac20c5d90c766",
};

/** Where the official binary of buildx is. */
export const BUILDX_SOURCE = `https://github.com/docker/buildx/releases/download/v${BUILDX_VERSION}`;

/** The official image of BuildKit. */
export const BUILDKIT_IMAGE = `moby/buildkit:v${BUILDKIT_VERSION}`;

/** The compose plugin that tests use where the docker CLI has none. */
export const COMPOSE_VERSION = "5.2.0";

/** sha256 of each official binary of COMPOSE_VERSION, as pinned in Docker's own official image (29.6.1). */
export const COMPOSE_BINARIES = {
  "linux-x64": "018f9612ecabc5f2d7aaa53d6f5f44453a87611e2d72c8ef84d7b1eca070e719",
  "linux-arm64": "739de570a0adf5eab12830db980f549fb5f44ad6b266e1e43e20f6f9df7cbcca",
};

/** Where the official binary of compose is. */
export const COMPOSE_SOURCE = `https://github.com/docker/compose/releases/download/v${COMPOSE_VERSION}`;
