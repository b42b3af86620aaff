import { cliPlugin } from "./cli-plugin.mjs";
import { BUILDX_BINARIES, BUILDX_SOURCE, BUILDX_VERSION } from "./pins.mjs";

const binary = (name, platform) => ({
  url: `${BUILDX_SOURCE}/buildx-v${BUILDX_VERSION}.${name}`,
  sha256: BUILDX_BINARIES[platform],
});

/** @type {import("./cli-plugin.mjs").CliPlugin} */
const BUILDX = {
  name: "buildx",
  version: BUILDX_VERSION,
  // The oldest that the second builder is used with.
  oldest: "0.10.0",
  binaries: {
    "linux-x64": binary("linux-amd64", "linux-x64"),
    "linux-arm64": binary("linux-arm64", "linux-arm64"),
  },
  from: "github.com/docker/buildx/cmd/buildx",
  variable: "github.com/docker/buildx/version.Version",
};

/**
 * The buildx plugin for the tests' second builder, as {@link cliPlugin} finds or makes it.
 * @param {Parameters<typeof cliPlugin>[1]} context
 * @param {(text: string) => void} say
 */
export const buildxPlugin = (context, say) => cliPlugin(BUILDX, context, say);
