import { access, constants, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { externalImages } from "../recipe/dockerfile/bases";
import { contextExclusions } from "../recipe/context/exclusions";
import { parseDockerfile } from "../recipe/dockerfile/parse";
import { isVerifiedImagesError } from "../base/errors/base";
import { REVISION_LABEL } from "../base/revision/verdict";
import { checkShapes } from "./check-shapes";
import { inputOf, type InputFailure } from "./failure";
import type { ImageInputs, SecretSource } from "./image-inputs";
import { recipeSettings } from "./recipe-settings";
import { IMAGE_SHAPES } from "./shapes";
import { messageOf } from "../base/errors/message";

type Loose = Readonly<Record<string, unknown>>;

const REQUIRED = {
  name: "is missing; give the image a name, such as web-app",
  context: "is missing; give the build context's directory, such as ./app",
  root: "is missing; give the directory of the artifact store, such as ./artifacts",
};

/** Combinations that make no sense. */
function checkCombinations(inputs: Loose): InputFailure[] {
  const failures: InputFailure[] = [];
  const say = (property: string, reason: string): void => void failures.push({ property, reason });
  if (inputs.requireVerified === true && (inputs.verify === "skip" || inputs.verify === "background")) {
    say(
      "requireVerified",
      `can't be true together with verify: ${inputs.verify}, which gives no verdict in time; use verify: inline`,
    );
  }
  if (inputs.revision !== undefined && inputs.revision !== null) {
    const has = (name: string, key: string): boolean => Object.hasOwn(inputs[name] ?? {}, key);
    if (has("labels", REVISION_LABEL)) {
      say(`labels.${REVISION_LABEL}`, "is set by revision; give one of them only");
    }
    if (has("buildArgs", "GIT_SHA")) {
      say("buildArgs.GIT_SHA", "is set by revision; give one of them only");
    }
  }
  if (
    (inputs.engine ?? null) === null &&
    typeof inputs.recipe === "string" &&
    inputs.recipe.endsWith(".def")
  ) {
    say("recipe", "is an Apptainer definition, and engine apptainer is not supported yet; give a Dockerfile");
  }
  return failures;
}

/** The nearest directory of a path that exists must be writable; the path itself a directory if it exists. */
async function checkRoot(root: string): Promise<string | null> {
  for (let at = root; ; at = dirname(at)) {
    const facts = await stat(at).catch(() => null);
    if (facts === null) {
      if (dirname(at) === at) return `${root} can't be made`;
      continue;
    }
    if (!facts.isDirectory()) return `${at} is not a directory; the artifact store needs one`;
    const writable = await access(at, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    return writable ? null : `${at} is not writable; choose another root or change its permissions`;
  }
}

/** @param settled whether everything that the recipe's variables depend on is known */
async function checkRecipe(file: string, inputs: Loose, settled: boolean): Promise<InputFailure[]> {
  const property = "recipe";
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const what = code === "ENOENT" ? "there is no such file" : `it can't be read (${code})`;
    return [
      { property, reason: `${file}: ${what}; recipe names the Dockerfile (default: <context>/Dockerfile)` },
    ];
  }
  try {
    const typed = inputs as Partial<ImageInputs>;
    const settings = recipeSettings({
      target: typed.target ?? null,
      buildArgs: typed.buildArgs ?? {},
      platform: typed.platform ?? null,
    });
    const parsed = parseDockerfile(text);
    if (settled) externalImages(parsed, settings);
    return [];
  } catch (error) {
    return [{ property, reason: `${file}: ${messageOf(error)}` }];
  }
}

async function checkSecrets(
  secrets: Record<string, SecretSource>,
  directory: string,
): Promise<InputFailure[]> {
  const failures: InputFailure[] = [];
  for (const [id, from] of Object.entries(secrets)) {
    if ("env" in from && process.env[from.env] === undefined) {
      failures.push({ property: `secrets.${id}`, reason: `the environment has no variable ${from.env}` });
    }
    if ("file" in from) {
      const readable = await access(resolve(directory, from.file), constants.R_OK).then(
        () => true,
        () => false,
      );
      if (!readable) failures.push({ property: `secrets.${id}`, reason: `${from.file} can't be read` });
    }
  }
  return failures;
}

/**
 * Everything that is wrong with the inputs of an image, at once, before anything runs.
 *
 * @param directory what relative paths are relative to
 * @param later tells values that are not known yet; checks that need them are left out
 */
export async function checkImageInputs(
  inputs: Loose,
  directory: string,
  later: (value: unknown) => boolean = () => false,
): Promise<InputFailure[]> {
  const failures = [...checkShapes(inputs, IMAGE_SHAPES, REQUIRED, later), ...checkCombinations(inputs)];
  const wrong = new Set(failures.map(inputOf));
  const usable = (name: string): boolean =>
    inputs[name] !== undefined && inputs[name] !== null && !wrong.has(name) && !later(inputs[name]);
  const add = (property: string, reason: string | null): void => {
    if (reason !== null) failures.push({ property, reason });
  };
  if (usable("root")) add("root", await checkRoot(resolve(directory, inputs.root as string)));
  let context: string | null = null;
  if (usable("context")) {
    context = resolve(directory, inputs.context as string);
    const facts = await stat(context).catch(() => null);
    if (facts?.isDirectory() !== true) {
      add("context", `${context} is not a directory; give the build context's directory`);
      context = null;
    }
  }
  if (context !== null && usable("root") && !failures.some(({ property }) => property === "root")) {
    await contextExclusions(context, [resolve(directory, inputs.root as string)]).catch((error: unknown) => {
      if (!isVerifiedImagesError(error)) throw error;
      add("root", error.message);
    });
  }
  const settled = !["target", "buildArgs", "platform"].some((name) => later(inputs[name]) || wrong.has(name));
  if (usable("recipe")) {
    failures.push(...(await checkRecipe(resolve(directory, inputs.recipe as string), inputs, settled)));
  } else if ((inputs.recipe ?? null) === null && context !== null) {
    failures.push(...(await checkRecipe(join(context, "Dockerfile"), inputs, settled)));
  }
  if (usable("secrets")) {
    failures.push(...(await checkSecrets(inputs.secrets as Record<string, SecretSource>, directory)));
  }
  return failures;
}
