import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readJson } from "../../scripts/setup/files.mjs";
import { failedOnce, judge, judgeTool } from "./counts.mjs";
import { engineOf } from "./engines.mjs";
import { LONG_VARIABLE } from "./long.mjs";
import { nameOf } from "./parts.mjs";

/** How long a process may stay when its work is over, ms. */
const GRACE = 20_000;

/** What reporter.cjs writes. */
const count = z.number();
const WRITTEN = z.object({
  ...{ passed: count, failed: count, skipped: count },
  failures: z.array(z.object({ title: z.string(), message: z.string() })),
  times: z.record(z.string(), count),
});

/** The project, the environment, and a folder for what is written. @typedef {{project: string, env: NodeJS.ProcessEnv, folder: string}} Place */

/**
 * Runs Node.js, and gives how it ended, `exit 0`, with all that it wrote. SIGTERM and SIGINT are passed on to it. One
 * that is still there 20 s after its work is over has left something open: it is ended, and has failed.
 * @param {string[]} args
 * @param {Place} place
 * @param {string} [result] the file that it writes when its work is over
 */
export async function runNode(args, { project, env, folder }, result = "") {
  const file = join(folder, `${process.hrtime.bigint()}.log`);
  // No pipe: a process that a test has left behind would hold it open.
  const output = openSync(file, "w");
  const child = spawn(process.execPath, args, { cwd: project, env, stdio: ["ignore", output, output] });
  let isLeft = false;
  const watch = setInterval(() => {
    const over = statSync(result, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - over > GRACE) isLeft = child.kill("SIGKILL");
  }, 500);
  const passOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.on("SIGTERM", passOn).on("SIGINT", passOn);
  const [code, signal] = z
    .tuple([z.number().nullable(), z.string().nullable()])
    .parse(await once(child, "exit"));
  process.off("SIGTERM", passOn).off("SIGINT", passOn);
  clearInterval(watch);
  const ending = isLeft ? "something was left open after the last test" : (signal ?? `exit ${code}`);
  return { ending, output: readFileSync(file, "utf8") };
}

/** A script of `node_modules`, with its arguments. @type {(command: string[], place: Place, result?: string) => ReturnType<typeof runNode>} */
export const runScript = ([script = "", ...args], place, result) =>
  runNode([join(place.project, "node_modules", script), ...args], place, result);

/** Runs mocha with some files, and counts. @type {(files: string[], place: Place, rest: string[]) => Promise<ReturnType<typeof judge> & {output: string}>} */
async function runMocha(files, place, rest) {
  const result = join(place.folder, `${process.hrtime.bigint()}.json`);
  const command = [
    "mocha/bin/mocha.js",
    ...["--reporter", join(place.project, "test", "runner", "reporter.cjs")],
    ...["--reporter-option", `counts=${result}`],
    ...(place.env.CI ? ["--forbid-only"] : []),
    ...rest,
    ...files.flatMap((file) => ["--spec", file]),
  ];
  const { ending, output } = await runScript(command, place, result);
  const { data = null } = WRITTEN.safeParse(readJson(result));
  return { ...judge(data, ending, { mayBeEmpty: rest.length > 0 }), output };
}

/** What a job comes to whose engine can't be had: a failure on CI, else skipped. @type {(reason: string, env: NodeJS.ProcessEnv) => import("./counts.mjs").Judged} */
function withoutEngine(reason, { CI }) {
  return CI
    ? failedOnce("has its engine", reason)
    : { ...judge(NONE, "exit 0", { mayBeEmpty: true }), skipped: 1 };
}

const NONE = { passed: 0, failed: 0, skipped: 0, failures: [], times: {} };

/** Runs mocha on the engine of the job. @type {(job: import("./parts.mjs").Job, place: Place, rest: string[]) => ReturnType<typeof runMocha>} */
async function runOnEngine({ files, engine }, place, rest) {
  if (engine === undefined) return runMocha(files, place, rest);
  const found = engineOf(place.project, engine, place.env);
  if ("env" in found) return runMocha(files, { ...place, env: found.env }, rest);
  return { ...withoutEngine(found.reason, place.env), output: `skipped: ${found.reason}` };
}

/**
 * Runs one job, and counts.
 * @param {import("./parts.mjs").Job} job
 * @param {Place & {rest: string[]}} options rest: further arguments for mocha
 */
export async function runJob(job, { rest, ...place }) {
  const { part, name, files, command, engine, variables } = job;
  const env = { ...place.env, ...variables, ...(part === "campaign" && { [LONG_VARIABLE]: "1" }) };
  const started = performance.now();
  const result = command
    ? judgeTool(await runScript(command, place))
    : files.length > 0
      ? await runOnEngine(job, { ...place, env }, rest)
      : { ...judge(NONE, "exit 0"), output: "" };
  const milliseconds = performance.now() - started;
  const entries = Object.entries(result.times).map(
    ([file, took]) => /** @type {[string, number]} */ ([nameOf(file), took]),
  );
  const times = files.length > 1 ? Object.fromEntries(entries) : { [name]: milliseconds };
  return { part, name, engine, ...result, milliseconds, times };
}
