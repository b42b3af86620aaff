import { createHash } from "node:crypto";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { makeOnce } from "./cache.mjs";
import { FOLDER, PLATFORM } from "./pins.mjs";
import { findFirst } from "./programs.mjs";
import { SetupError } from "./failure.mjs";
import { attempt, reasonOf, run } from "./run.mjs";

/** An unreachable host is given up after 8 seconds, a stalled transfer after 30, everything after 15 minutes. */
const LIMITS = "--connect-timeout 8 --speed-limit 1000 --speed-time 30 --max-time 900".split(" ");

/**
 * Fetches the official file of a tool, compares its sha256 with the pinned one, and unpacks it where it is an archive.
 * With curl: it knows the user's proxies and certificates. Gives null when done, otherwise why not.
 * @type {(tool: PinnedTool, folder: string, context: Context) => Promise<string | null>}
 */
export async function fetchOfficial({ name, official, programs }, folder, context) {
  if (!official) return `there is no official ${name} for ${PLATFORM}`;
  const { url, sha256 } = official;
  if (!findFirst("curl", context.env.PATH)) {
    if (!canInstall()) return "there is no curl on PATH";
    await install(["curl", "ca-certificates"], context);
  }
  const isArchive = /\.(?:tgz|tar\.gz)$/.test(url);
  const target = join(folder, isArchive ? "archive.tar.gz" : String(programs[0]?.file));
  const fetched = await attempt("curl", ["-fsSL", ...LIMITS, "-o", target, url], context);
  if (!fetched.ok) return `${name} could not be fetched: ${reasonOf(fetched)}`;
  const found = createHash("sha256").update(readFileSync(target)).digest("hex");
  if (found === sha256) {
    const unpack = ["-xzf", target, "-C", folder, "--strip-components=1"];
    if (isArchive) await run(`Unpacking ${name}`, "tar", unpack, context);
    else chmodSync(target, 0o755);
  }
  if (isArchive || found !== sha256) rmSync(target);
  return found === sha256 ? null : `${url} has the sha256 ${found}, expected ${sha256}`;
}

/**
 * Builds a tool with Go. What the tests use has little to compute: without inlining it is compiled in a fifth less time.
 * Two compilers at a time, so that the machine stays usable.
 * @type {(tool: PinnedTool, folder: string, context: Context) => Promise<void>}
 */
export async function goBuild({ name, version, programs }, folder, context) {
  const env = { ...context.env, CGO_ENABLED: "0", GOWORK: "off", GOOS: "", GOARCH: "" };
  for (const { file, module, from, stamp } of programs) {
    const flags = [
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      "-p",
      "2",
      "-ldflags",
      `-s -w -X ${stamp}`,
    ];
    if (module === "docker-tools") flags.push("-gcflags=all=-l");
    const options = { ...context, env, cwd: join(FOLDER, module) };
    await run(
      `Building ${name} ${version} with Go`,
      "go",
      ["build", ...flags, "-o", join(folder, file), from],
      options,
    );
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
      const help = `install ${name} ${version} or newer (${manual}), or Go`;
      throw new SetupError(
        `There is no ${name}; ${reason}; and no \`go\` on PATH to build it with: ${help}.`,
        { log },
      );
    }
    say(`${reason}; building ${name} ${version} with Go, which takes some minutes (log: ${log})`);
    await goBuild(tool, unfinished, context);
  });
  return { path: join(folder, String(programs[0]?.file)), how: `${how} ${name} ${version}` };
}
