import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { isVerifiedImagesError } from "../base/errors/base";
import { messageOf } from "../base/errors/message";
import { contextExclusions } from "../recipe/context/exclusions";
import { type readRecipe, type Recipe } from "../recipe/dockerfile/read";
import type { InputFailure } from "./failure";
import type { BuildPlan } from "./image-inputs";
import { isFolder } from "./named-contexts";
import { recipeSettings } from "./recipe-settings";

type Known = Readonly<Partial<BuildPlan>>;

const isDirectory = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() === true;

const can = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

/** The store's root must be a writable directory, or one that can be made. It must not be the context itself. */
export async function checkRoot({ root, context }: Known): Promise<InputFailure[]> {
  if (root === undefined) return [];
  const reason =
    (await rootProblem(root)) ?? (context === undefined ? null : await insideProblem(root, context));
  return reason === null ? [] : [{ property: "root", reason }];
}

/** Why a directory can't be made or written; null if it can. Its nearest parent that exists decides. */
async function rootProblem(root: string): Promise<string | null> {
  for (let at = root; ; at = dirname(at)) {
    const facts = await stat(at).catch(() => null);
    if (facts === null) {
      if (dirname(at) === at) return `${root} can't be made`;
      continue;
    }
    if (!facts.isDirectory()) return `${at} is not a directory; the artifact store needs one`;
    const writable = await can(at, constants.W_OK | constants.X_OK);
    return writable ? null : `${at} is not writable; choose another root or change its permissions`;
  }
}

async function insideProblem(root: string, context: string): Promise<string | null> {
  if (!(await isDirectory(context))) return null;
  try {
    await contextExclusions(context, [root]);
    return null;
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return error.message;
  }
}

export async function checkContext({ context }: Known): Promise<InputFailure[]> {
  if (context === undefined || (await isDirectory(context))) return [];
  const reason = `${context} is not a directory; give the build context's directory`;
  return [{ property: "context", reason }];
}

/** Each named context that is a folder must be one, and not contain the store, which changes with each build. */
export async function checkNamedContexts({ contexts = {}, root }: Known): Promise<InputFailure[]> {
  const failures: InputFailure[] = [];
  for (const [name, folder] of Object.entries(contexts).filter(([, source]) => isFolder(source))) {
    const property = `contexts.${name}`;
    if (!(await isDirectory(folder))) {
      failures.push({
        property,
        reason: `${folder} is not a directory; give a directory, an image or a repository`,
      });
    } else if (root !== undefined && (root === folder || root.startsWith(folder + sep))) {
      failures.push({
        property,
        reason: `${folder} contains the artifact store ${root}; move one of the two`,
      });
    }
  }
  return failures;
}

/** A named context must not have the name of a stage: which of the two a line means would be hard to see. */
export function checkStageNames({ contexts = {} }: Known, recipe: Recipe | null): InputFailure[] {
  const stages = recipe?.parsed.stages.flatMap(({ name }) => name ?? []) ?? [];
  return Object.keys(contexts)
    .filter((name) => stages.includes(name.toLowerCase()))
    .map((name) => ({
      property: `contexts.${name}`,
      reason: "the recipe has a stage of this name; give the context, or the stage, another one",
    }));
}

/** Reads the recipe. Its variables are expanded only if all inputs that they depend on are known. */
export async function checkRecipe(
  known: Known,
  read: typeof readRecipe,
): Promise<{ recipe: Recipe | null; failures: InputFailure[] }> {
  const { recipe: file, context, target, platform, buildArgs, contexts } = known;
  const isDefault = file !== undefined && context !== undefined && file === resolve(context, "Dockerfile");
  if (file === undefined || (isDefault && !(await isDirectory(context))))
    return { recipe: null, failures: [] };
  const settled =
    target !== undefined && platform !== undefined && buildArgs !== undefined && contexts !== undefined;
  try {
    const settings = settled ? recipeSettings({ target, platform, buildArgs, contexts }) : null;
    return { recipe: await read(file, settings), failures: [] };
  } catch (error) {
    return { recipe: null, failures: [{ property: "recipe", reason: `${file}: ${readProblem(error)}` }] };
  }
}

function readProblem(error: unknown): string {
  if (isVerifiedImagesError(error) || !(error instanceof Error) || !("code" in error))
    return messageOf(error);
  const what = error.code === "ENOENT" ? "there is no such file" : `it can't be read (${String(error.code)})`;
  return `${what}; recipe names the Dockerfile (default: <context>/Dockerfile)`;
}

/** @param directory what the paths of secret files are relative to */
export async function checkSecrets({ secrets = {} }: Known, directory: string): Promise<InputFailure[]> {
  const failures: InputFailure[] = [];
  for (const [id, from] of Object.entries(secrets)) {
    const property = `secrets.${id}`;
    if ("env" in from && process.env[from.env] === undefined) {
      failures.push({ property, reason: `the environment has no variable ${from.env}` });
    }
    if ("file" in from && !(await can(resolve(directory, from.file), constants.R_OK))) {
      failures.push({ property, reason: `${from.file} can't be read` });
    }
  }
  return failures;
}
