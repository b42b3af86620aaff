import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logFile } from "./cache.mjs";
import { npmCommand } from "./dependencies.mjs";
import { stateFolder } from "./project.mjs";
import { withProjectLock } from "./project-lock.mjs";
import { run } from "./run.mjs";
import { contentStamp, filesBelow } from "./stamp.mjs";

const SOURCES = [
  "index.ts",
  "provider",
  "components",
  "cli",
  "tsconfig.json",
  "tsconfig.build.json",
  "package-lock.json",
];

/** What dist was made of and what it is now, as one text. @param {string} project */
function stampOf(project) {
  const sources = contentStamp(project, filesBelow(project, SOURCES));
  const made = contentStamp(project, filesBelow(project, ["dist"]));
  return JSON.stringify({ node: process.versions.node.split(".")[0], sources, made });
}

/**
 * Compiles the package to `dist`, unless `dist` is what a former run made of the same sources. `dist` is emptied
 * first, so that nothing of a removed source stays.
 * @param {{project: string, cache: string, signal: AbortSignal}} context
 * @param {(text: string) => void} say
 * @throws {SetupError} with the compiler's last lines
 */
export async function compile(context, say) {
  const { project, cache, signal } = context;
  const file = join(stateFolder(project), "compiled.json");
  const isFresh = () => existsSync(file) && readFileSync(file, "utf8") === stampOf(project);
  if (isFresh()) return { text: "found", detail: "dist is of these sources" };
  const work = async () => {
    if (isFresh()) return { text: "found", detail: "dist is of these sources" };
    say("compiling");
    rmSync(file, { force: true });
    rmSync(join(project, "dist"), { recursive: true, force: true });
    const [command, ...args] = npmCommand();
    const log = logFile(cache, "compile");
    await run("npm run build", command, [...args, "run", "build"], { cwd: project, log, signal });
    writeFileSync(file, stampOf(project));
    return { text: "compiled to dist" };
  };
  return withProjectLock(context, "compile", say, work);
}
