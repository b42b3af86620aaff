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

/** The buildx plugin and the BuildKit daemon of the tests' second builder, where there are none. */
export const BUILDX_VERSION = "0.33.0";
export const BUILDKIT_VERSION = "0.31.1";

/** sha256 of each official binary of BUILDX_VERSION, as pinned in Docker's own official image. */
export const BUILDX_BINARIES = {
  "linux-x64": "9426a15411f35f635afef3f5d3bae53155c3e30d26dee430cc968e13d34be49f",
  "linux-arm64": "204dc28447d3bb48f42ed1ce5747e0885cd57e306506a39029311becdb1ef786",
};

/** Where the official binary of buildx is. */
export const BUILDX_SOURCE = `https://github.com/docker/buildx/releases/download/v${BUILDX_VERSION}`;

/** The official image of BuildKit. */
export const BUILDKIT_IMAGE = `moby/buildkit:v${BUILDKIT_VERSION}`;
