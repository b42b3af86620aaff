import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { logFile } from "./cache.mjs";
import { SetupError } from "./failure.mjs";
import { outOfStep } from "./in-step.mjs";
import { withProjectLock } from "./project-lock.mjs";
import { tilde } from "./report.mjs";
import { run } from "./run.mjs";

/** @param {string} file @returns {object | null} null where there is no such file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return null;
    if (error instanceof SyntaxError)
      throw new SetupError(`${file} is not JSON (${error.message}): restore it.`);
    throw error;
  }
}

/** npm as the npm that started us, or the one on PATH. @param {NodeJS.ProcessEnv} env */
export function npmCommand(env = process.env) {
  const script = env.npm_execpath;
  return script && /\bnpm-cli\.c?js$/.test(script) && existsSync(script)
    ? [process.execPath, script]
    : ["npm"];
}

/** @param {string} project @param {object} lock @returns {string | null} the first difference */
function difference(project, lock) {
  const installed = readJson(join(project, "node_modules", ".package-lock.json"));
  if (!installed) return "there is no node_modules";
  return outOfStep(lock, installed, (path) => existsSync(join(project, path)));
}

/**
 * Installs the npm dependencies exactly as package-lock.json names them, unless they are there already.
 * Development dependencies are always included: the compiler is one of them. Install scripts of packages don't run:
 * nothing here needs them, and that of @pulumi/command downloads its plugin wherever there is a Pulumi CLI.
 * @param {{project: string, cache: string, signal: AbortSignal}} context
 * @param {(text: string) => void} say
 * @throws {SetupError}
 */
export async function dependencies(context, say) {
  const { project, cache, signal } = context;
  const lock = readJson(join(project, "package-lock.json"));
  if (!lock)
    throw new SetupError(`There is no package-lock.json in ${project}: restore it from version control.`);
  const found = { text: "found", detail: "in step with package-lock.json" };
  if (difference(project, lock) === null) return found;
  return withProjectLock(context, "dependencies", say, async () => {
    const why = difference(project, lock);
    if (why === null) return found;
    const log = logFile(cache, "dependencies");
    say(`installing with npm ci: ${why} (log: ${tilde(log)})`);
    const [command, ...args] = npmCommand();
    const install = [...args, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
    await run("npm ci", command, install, { cwd: project, log, signal });
    return { text: "installed with npm ci" };
  });
}
