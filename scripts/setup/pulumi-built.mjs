import { join } from "node:path";
import { SetupError } from "./failure.mjs";
import { goBuild, OLDEST_GO } from "./go.mjs";
import { LANGUAGE_HOST_VERSION, PULUMI_VERSION } from "./pins.mjs";
import { run } from "./run.mjs";
import { isAtLeast } from "./versions.mjs";
import { findFirst } from "./which.mjs";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const INSTALL = `install Pulumi ${PULUMI_VERSION} or newer (https://www.pulumi.com/docs/install/) so that \`pulumi\` is on PATH`;

/** Each is a small Go module beside this file, with a go.sum, so that what is built is pinned by hash. */
const MODULES = [
  {
    name: "pulumi",
    module: "pulumi-cli",
    from: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: PULUMI_VERSION,
  },
  {
    name: "pulumi-language-nodejs",
    module: "pulumi-language-nodejs",
    from: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: LANGUAGE_HOST_VERSION,
  },
];

/**
 * Checks that a Go is there that can build the CLI (1.21 or newer: it fetches the toolchain that a module asks for).
 * @param {string | undefined} searchPath
 * @param {string[]} reasons why there was no other way, for the message
 * @param {{log: string, signal: AbortSignal}} options
 * @returns {Promise<string>} its path
 * @throws {SetupError}
 */
export async function findGo(searchPath, reasons, options) {
  const because = `No Pulumi CLI was found, the official release could not be fetched (${reasons.join("; ")})`;
  const go = findFirst("go", searchPath);
  if (!go)
    throw new SetupError(
      `${because}, and there is no \`go\` on PATH to build it with: ${INSTALL}, or install Go.`,
    );
  const version = await run("go version", go, ["version"], options);
  if (isAtLeast(version, OLDEST_GO)) return go;
  throw new SetupError(`${because}, and ${go} is older than ${OLDEST_GO}: ${INSTALL}, or a newer Go.`);
}

/**
 * Builds the Pulumi CLI and its Node.js language host with Go.
 * @param {object} options
 * @param {string} options.go
 * @param {string} options.modules the folder with the two pinned modules
 * @param {string} options.folder where the binaries end up
 * @param {string} options.log
 * @param {AbortSignal} options.signal
 * @throws {SetupError}
 */
export async function buildPulumi({ go, modules, folder, log, signal }) {
  for (const { name, module, from, version } of MODULES) {
    const variables = { [VERSION_VARIABLE]: `v${version}` };
    const wanted = { what: `${name} ${version}`, module: join(modules, module), from, variables };
    await goBuild({ go, ...wanted, file: join(folder, name), log, signal });
  }
}
