import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesBelow } from "../setup/stamp.mjs";
import { judge } from "./counts.mjs";

const GRACE = 20_000;

/** The project's mocha settings without `spec`, which mocha would add to the part's own. @param {string} project */
function settings(project) {
  const { spec: _, ...others } = JSON.parse(readFileSync(join(project, ".mocharc.json"), "utf8"));
  return others;
}

/**
 * Runs mocha; a process that is still there 20 s after its last test (something was left open) is ended, and that is
 * a failure.
 * @returns {Promise<string>} how it ended: `exit 0`
 */
function mocha(project, args, env, isOver) {
  return new Promise((resolve) => {
    const script = join(project, "node_modules", "mocha", "bin", "mocha.js");
    const child = spawn(process.execPath, [script, ...args], {
      cwd: project,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    let over = null;
    let left = false;
    const watch = setInterval(() => {
      if (over === null && isOver()) over = Date.now();
      if (over === null || Date.now() - over < GRACE) return;
      left = true;
      child.kill("SIGKILL");
    }, 500);
    const passOn = (signal) => child.kill(signal);
    process.on("SIGTERM", passOn).on("SIGINT", passOn);
    const end = (ending) => {
      clearInterval(watch);
      process.removeListener("SIGTERM", passOn).removeListener("SIGINT", passOn);
      resolve(ending);
    };
    child.on("error", (error) => end(error.message));
    child.on("close", (code, signal) =>
      end(left ? "something was left open after the last test" : (signal ?? `exit ${code}`)),
    );
  });
}

/**
 * Runs one part of the tests and counts. A part without any test file is a failure.
 * @param {{name: string, folders: string[]}} part
 * @param {{project: string, env: NodeJS.ProcessEnv, rest: string[]}} options rest: further arguments for mocha
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function runPart(part, { project, env, rest }) {
  const folders = part.folders.map((folder) => `test/${folder}`);
  const files = filesBelow(project, folders).filter((file) => file.endsWith(".test.ts"));
  if (files.length === 0) {
    console.log(`${part.name}: no test files in ${folders.join(", ")}`);
    return judge(null, "exit 0");
  }
  const temporary = mkdtempSync(join(tmpdir(), "verified-images-tests-"));
  try {
    const config = join(temporary, "mocharc.json");
    const counts = join(temporary, "counts.json");
    const own = settings(project);
    // In the config and not on the command line: mocha loads them in this order, TypeScript's loader first.
    const require = [...(own.require ?? []), ...part.modules];
    writeFileSync(config, JSON.stringify({ ...own, require }));
    const reporter = [
      "--reporter",
      join(project, "scripts", "tests", "reporter.cjs"),
      "--reporter-option",
      `counts=${counts}`,
    ];
    const only = env.CI ? ["--forbid-only"] : [];
    const args = [
      "--config",
      config,
      ...reporter,
      ...only,
      ...rest,
      ...files.flatMap((file) => ["--spec", file]),
    ];
    const ending = await mocha(project, args, env, () => existsSync(counts));
    const written = existsSync(counts) ? JSON.parse(readFileSync(counts, "utf8")) : null;
    if (written === null || (ending !== "exit 0" && written.failed === 0)) {
      console.log(`${part.name}: mocha did not end as it should (${ending})`);
    }
    return judge(written, ending);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
