import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { SetupError } from "./failure.mjs";
import { stateFolder } from "./project.mjs";
import { withProjectLock } from "./project-lock.mjs";
import { run } from "./run.mjs";
import { contentStamp, filesBelow } from "./stamp.mjs";

const IGNORED = new Set([".git", ".DS_Store", "node_modules", "__pycache__"]);
const AUTHOR = { name: "Quickstart", email: "quickstart@example.invalid", date: "2025-01-01T00:00:00Z" };
const SETTINGS = [
  "commit.gpgsign=false",
  "core.hooksPath=/dev/null",
  "core.autocrlf=false",
  "core.fileMode=true",
];

/** Where the quickstart's service lives: a git work tree of its own. @param {string} project */
export function workTreeFolder(project) {
  return join(stateFolder(project), "quickstart", "service");
}

/** git with a fixed identity and date, and without anything of the user's configuration or of a git that calls us. */
function gitEnvironment() {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const who = {};
  for (const role of ["AUTHOR", "COMMITTER"]) {
    who[`GIT_${role}_NAME`] = AUTHOR.name;
    who[`GIT_${role}_EMAIL`] = AUTHOR.email;
    who[`GIT_${role}_DATE`] = AUTHOR.date;
  }
  return {
    ...Object.fromEntries(own),
    ...who,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    LC_ALL: "C",
  };
}

/** @param {string} tree @param {string[]} args @param {AbortSignal} signal */
function git(tree, args, signal) {
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  const options = { cwd: tree, env: gitEnvironment(), signal, timeout: 30_000 };
  return run(`git ${args[0]}`, "git", [...settings, ...args], options);
}

/** @param {string} folder */
function templateFiles(folder) {
  return filesBelow(folder, ["."], (name) => !IGNORED.has(name)).map((file) => file.replace(/^\.\//, ""));
}

function copyFiles(from, to, files) {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
}

async function commitAll(tree, message, signal) {
  await git(tree, ["add", "--all", "--force"], signal);
  await git(tree, ["commit", "--quiet", "--no-verify", "--allow-empty", "--message", message], signal);
  return (await git(tree, ["rev-parse", "HEAD"], signal)).trim();
}

/**
 * What to do with the work tree: make it, bring the template's new files in, or leave it as it is. It is the user's
 * as soon as it has changes or commits that did not come from the set-up.
 * @param {{exists: boolean, status: string, head: string, recorded: {stamp: string, revision: string} | null}} tree
 * @param {string} stamp the template's
 * @returns {"make" | "found" | "update" | "yours"}
 */
export function decide({ exists, status, head, recorded }, stamp) {
  if (!exists) return "make";
  if (status.trim() !== "" || recorded?.revision !== head) return "yours";
  return recorded.stamp === stamp ? "found" : "update";
}

/**
 * The quickstart's service as a git work tree of its own with one commit, which has the same revision everywhere.
 * @param {{project: string, signal: AbortSignal}} context
 * @param {(text: string) => void} say
 * @returns {Promise<{text: string, detail: string}>}
 * @throws {SetupError} when the template is missing or git fails
 */
export function workTree(context, say) {
  return withProjectLock(context, "work-tree", say, () => bringInStep(context));
}

/** @param {{project: string, signal: AbortSignal}} context */
async function bringInStep({ project, signal }) {
  const template = join(project, "examples", "quickstart", "service");
  const files = templateFiles(template);
  if (files.length === 0) throw new SetupError(`${template} is missing: restore it from version control.`);
  const stamp = contentStamp(template, files);
  const tree = workTreeFolder(project);
  const record = `${tree}.json`;
  const exists = existsSync(join(tree, ".git"));
  const ask = async (...args) => (exists ? await git(tree, args, signal) : "");
  const recorded = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : null;
  const head = (await ask("rev-parse", "HEAD")).trim();
  const action = decide({ exists, status: await ask("status", "--porcelain"), head, recorded }, stamp);
  if (action === "found" || action === "yours") {
    return {
      text: action === "found" ? "found" : "left as it is, with your changes",
      detail: head.slice(0, 12),
    };
  }
  let revision;
  if (action === "make") {
    const unfinished = `${tree}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    await git(unfinished, ["init", "--quiet", "--template="], signal);
    await git(unfinished, ["symbolic-ref", "HEAD", "refs/heads/main"], signal);
    copyFiles(template, unfinished, files);
    revision = await commitAll(unfinished, "The quickstart's service", signal);
    renameSync(unfinished, tree);
  } else {
    const tracked = await git(tree, ["ls-files", "-z"], signal);
    for (const file of tracked.split("\0").filter(Boolean)) rmSync(join(tree, file), { force: true });
    copyFiles(template, tree, files);
    revision = await commitAll(tree, "The quickstart's service, renewed", signal);
  }
  writeFileSync(record, `${JSON.stringify({ stamp, revision })}\n`);
  const did = action === "make" ? "made the service's work tree" : "renewed the service's work tree";
  return { text: did, detail: revision.slice(0, 12) };
}
