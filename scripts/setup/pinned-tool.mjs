import { createHash } from "node:crypto";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { makeOnce } from "./cache.mjs";
import { PLATFORM } from "./pins.mjs";
import { findFirst } from "./programs.mjs";
import { PROJECT } from "./project.mjs";
import { SetupError } from "./failure.mjs";
import { attempt, reasonOf, run } from "./run.mjs";

/** An unreachable host is given up after 8 seconds, a stalled transfer after 30, everything after 15 minutes. */
const LIMITS = "--connect-timeout 8 --speed-limit 1000 --speed-time 30 --max-time 900".split(" ");

/** The architecture as Go and as the kernel name it. */
const [ARCH, MACHINE] = process.arch === "x64" ? ["amd64", "x86_64"] : [process.arch, "aarch64"];

/** A text of a pins.json, for this platform. @param {string} text @param {string} version */
export function filledIn(text, version) {
  const words = Object.entries({ version, platform: PLATFORM, arch: ARCH, machine: MACHINE });
  return words.reduce((made, [name, word]) => made.replaceAll(`{${name}}`, word), text);
}

/**
 * Fetches the official file of a tool, compares its sha256 with the pinned one, and unpacks it where it is an archive.
 * With curl: it knows the user's proxies and certificates. Gives null when done, otherwise why not.
 * @type {(tool: PinnedTool, folder: string, context: Context) => Promise<string | null>}
 */
export async function fetchOfficial({ name, version, official, sha256, programs }, folder, context) {
  const expected = sha256?.[PLATFORM];
  if (!official || !expected) return `there is no official ${name} for ${PLATFORM}`;
  const url = filledIn(official, version);
  if (!findFirst("curl", context.env.PATH)) {
    if (!canInstall()) return "there is no curl on PATH";
    await install(["curl", "ca-certificates"], context);
  }
  const isArchive = /\.(?:tgz|tar\.gz)$/.test(url);
  const target = join(folder, isArchive ? "archive.tar.gz" : String(programs[0]?.file));
  const fetched = await attempt("curl", ["-fsSL", ...LIMITS, "-o", target, url], context);
  if (!fetched.ok) return `${name} could not be fetched: ${reasonOf(fetched)}`;
  const found = createHash("sha256").update(readFileSync(target)).digest("hex");
  if (found === expected) {
    const unpack = ["-xzf", target, "-C", folder, "--strip-components=1"];
    if (isArchive) await run(`Unpacking ${name}`, "tar", unpack, context);
    else chmodSync(target, 0o755);
  }
  if (isArchive || found !== expected) rmSync(target);
  return found === expected ? null : `${url} has the sha256 ${found}, expected ${expected}`;
}

/**
 * Builds a tool with Go. What the tests use has little to compute: without inlining it is compiled in a fifth less time.
 * Two compilers at a time, so that the machine stays usable.
 * @type {(tool: PinnedTool, folder: string, context: Context) => Promise<void>}
 */
async function goBuild({ name, version, programs }, folder, context) {
  const env = { ...context.env, CGO_ENABLED: "0", GOWORK: "off", GOOS: "", GOARCH: "" };
  for (const { file, module, package: from, stamp } of programs) {
    const args = ["build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-p", "2"];
    if (module.endsWith("docker-tools")) args.push("-gcflags=all=-l");
    args.push("-ldflags", `-s -w -X ${filledIn(stamp, version)}`, "-o", join(folder, file), from);
    const options = { ...context, env, cwd: join(PROJECT, module) };
    await run(`Building ${name} ${version} with Go`, "go", args, options);
  }
}

/**
 * A pinned tool in the cache folder: the one that is there, else the official one, else one built with Go.
 * @type {(tool: PinnedTool, context: Context) => Promise<{path: string, how: string}>}
 * @throws {SetupError} where none of these ways is open
 */
export async function pinnedTool(tool, context) {
  const { name, version, manual, official, programs } = tool;
  const { say, log, env, cache } = context;
  let how = "found";
  const folder = await makeOnce(cache, `${name}/${version}-${PLATFORM}`, async (unfinished) => {
    if (official) say(`fetching the official ${name} ${version}`);
    const reason = await fetchOfficial(tool, unfinished, context);
    how = reason === null ? "fetched" : "built with Go:";
    if (reason === null) return;
    if (!findFirst("go", env.PATH)) {
      const trouble = `There is no ${name}; ${reason}; and no \`go\` on PATH to build it with`;
      throw new SetupError(`${trouble}: install ${name} ${version} or newer (${manual}), or Go.`, { log });
    }
    say(`${reason}; building ${name} ${version} with Go, which takes some minutes (log: ${log})`);
    await goBuild(tool, unfinished, context);
  });
  return { path: join(folder, String(programs[0]?.file)), how: `${how} ${name} ${version}` };
}
