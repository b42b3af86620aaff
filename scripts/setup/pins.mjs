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
