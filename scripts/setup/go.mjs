import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";
import { isAtLeast } from "./versions.mjs";
import { findFirst } from "./which.mjs";

/** From this one on, Go fetches the toolchain that a module asks for. */
export const OLDEST_GO = "1.21.0";

/**
 * A Go that can build a pinned module, or why there is none, in a few words.
 * @param {string | undefined} searchPath
 * @param {{log: string, signal: AbortSignal}} options
 * @returns {Promise<{go: string} | {reason: string}>}
 */
export async function usableGo(searchPath, options) {
  const go = findFirst("go", searchPath);
  if (!go) return { reason: "there is no `go` on PATH" };
  const version = await run("go version", go, ["version"], options);
  return isAtLeast(version, OLDEST_GO) ? { go } : { reason: `${go} is older than ${OLDEST_GO}` };
}

/**
 * Builds one program of a small module with a go.sum, so that what is built is pinned by hash. Two compilers at a time,
 * so that the machine stays usable.
 * @param {object} options
 * @param {string} options.go
 * @param {string} options.what its name and version, for the message when it fails
 * @param {string} options.module the module's folder
 * @param {string} options.from the package to build
 * @param {Record<string, string>} options.variables what the linker writes into the program, such as its version
 * @param {string} options.file where the program ends up
 * @param {string} options.log
 * @param {AbortSignal} options.signal
 * @param {string[]} [options.more] further flags
 * @throws {SetupError}
 */
export async function goBuild({ go, what, module, from, variables, file, log, signal, more = [] }) {
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOOS: "", GOARCH: "" };
  const linker = ["-s", "-w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)];
  const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-p", "2", "-ldflags", linker.join(" ")];
  const args = ["build", ...flags, ...more, "-o", file, from];
  await run(`Building ${what} with Go`, go, args, { cwd: module, env, log, signal });
}

/**
 * Builds one of the programs that the tests run beside the engine. They have little to compute: without inlining they
 * are compiled in a fifth less time.
 * @param {Omit<Parameters<typeof goBuild>[0], "module" | "more">} options
 * @throws {SetupError}
 */
export function buildDockerTool(options) {
  const module = join(dirname(fileURLToPath(import.meta.url)), "docker-tools");
  return goBuild({ ...options, module, more: ["-gcflags=all=-l"] });
}
