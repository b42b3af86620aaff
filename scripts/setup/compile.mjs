import { rmSync } from "node:fs";
import { join } from "node:path";
import { logFile } from "./cache.mjs";
import { readText, writeJson } from "./files.mjs";
import { stateFolder } from "./project.mjs";
import { run } from "./run.mjs";
import { contentStamp, filesBelow } from "./stamp.mjs";

const CONFIGURATION = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"];
const SOURCES = ["index.ts", "provider", "components", "cli", ...CONFIGURATION];

/** What dist was made of and what it is now. @param {string} project */
function stampOf(project) {
  const stamps = [SOURCES, ["dist"]].map((paths) => contentStamp(project, filesBelow(project, paths)));
  return [process.versions.node.split(".")[0], ...stamps].join(" ");
}

/**
 * Compiles the package to `dist`, unless `dist` is what a former run made of the same sources. `dist` is emptied
 * first, so that nothing of a removed source stays.
 * @type {(context: Pick<Context, "project" | "cache" | "signal" | "say">) => Promise<Outcome>}
 */
export async function compile({ project, cache, signal, say }) {
  const file = join(stateFolder(project), "compiled.json");
  if (readText(file)?.includes(stampOf(project)))
    return { text: "found", detail: "dist is of these sources" };
  say("compiling");
  for (const old of [file, join(project, "dist")]) rmSync(old, { recursive: true, force: true });
  const options = { cwd: project, log: logFile(cache, "compile"), signal };
  await run("npm run build", "npm", ["run", "build"], options);
  writeJson(file, { stamp: stampOf(project) });
  return { text: "compiled to dist" };
}
