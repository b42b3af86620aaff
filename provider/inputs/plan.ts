import { join, resolve } from "node:path";
import { readRecipe, type Recipe } from "../recipe/dockerfile/read";
import {
  checkContext,
  checkNamedContexts,
  checkRecipe,
  checkStageNames,
  checkRoot,
  checkSecrets,
} from "./check-world";
import { checkLockPlace, isFrozen } from "./check-lock";
import { checkCombinations } from "./check-combinations";
import { checkShapes, isLeftOut, OWN } from "./check-shapes";
import { inputOf, type InputFailure } from "./failure";
import { mapFolders } from "./named-contexts";
import { checkDefinition } from "./check-definition";
import { engineFor, imageInputs, REQUIRED, type BuildPlan, type EngineName } from "./image-inputs";

const WITHOUT_REQUIRED = imageInputs.partial({ name: true, context: true, root: true });

type Loose = Readonly<Record<string, unknown>>;

export interface PlanOptions {
  /** Tells whether a value is not known yet. Checks that need such values are left out. Default: all are known. */
  later?: (value: unknown) => boolean;
  read?: typeof readRecipe;
}

/** The result of planning: inputs as far as they are known, and the recipe. */
export interface Planned {
  /** All that is wrong. */
  failures: InputFailure[];
  /** The inputs that are known and right, with defaults and absolute paths. */
  known: Partial<BuildPlan>;
  /** The whole plan; null if an input is wrong or not known yet. */
  plan: BuildPlan | null;
  /** The recipe; null if its path is not known yet, or it can't be read, or it is no Dockerfile. */
  recipe: Recipe | null;
  /** The hash of the recipe, whatever it is; null if it can't be told yet. */
  recipeHash: string | null;
}

/** Makes a plan from inputs that are all known and right, such as a record's. Adds defaults and makes paths absolute. */
export function makePlan(inputs: Loose, directory: string): BuildPlan {
  return withRecipe(absolute(imageInputs.parse(given(inputs)), directory));
}

/**
 * Makes a plan from the inputs of an image, or finds all that is wrong with them. Runs nothing.
 *
 * @param directory what relative paths are relative to
 */
export async function planImage(
  inputs: Loose,
  directory: string,
  { later = () => false, read = readRecipe }: PlanOptions = {},
): Promise<Planned> {
  const failures = [...checkShapes(inputs, imageInputs.shape, REQUIRED, later), ...checkCombinations(inputs)];
  const out = new Set([...failures.map(inputOf), ...unknown(inputs, later)]);
  const known = knownOf(inputs, directory, out);
  failures.push(
    ...(await checkRoot(known)),
    ...(await checkContext(known)),
    ...(await checkNamedContexts(known)),
    ...(await checkSecrets(known, directory)),
    ...(await checkLockPlace(known, directory, isFrozen(known.frozenLock, process.env))),
  );
  const definition = known.engine === "apptainer" ? await checkDefinition(known, inputs) : null;
  const { recipe, failures: wrong } = definition ?? (await checkRecipe(known, read));
  failures.push(...wrong, ...checkStageNames(known, recipe));
  const isWhole = failures.length === 0 && out.size === 0;
  const recipeHash = definition?.recipeHash ?? recipe?.recipeHash ?? null;
  return { failures, known, recipe, recipeHash, plan: isWhole ? makePlan(inputs, directory) : null };
}

/**
 * The inputs that are known and right, from inputs that were planned before or that a state has. All others are left
 * out.
 */
export function knownInputs(
  inputs: Loose,
  directory: string,
  later: (value: unknown) => boolean,
): Partial<BuildPlan> {
  const wrong = checkShapes(inputs, imageInputs.shape, {}, later).map(inputOf);
  return knownOf(inputs, directory, new Set([...wrong, ...unknown(inputs, later)]));
}

const unknown = (inputs: Loose, later: (value: unknown) => boolean): string[] =>
  Object.entries(inputs).flatMap(([name, value]) => (later(value) ? [name] : []));

/** The inputs that the user gave. Null counts as left out. */
function given(inputs: Loose, out: ReadonlySet<string> = new Set()): Loose {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => !OWN.has(name) && !isLeftOut(value) && !out.has(name)),
  );
}

/** @param out names of inputs that are wrong or not known yet; what depends on them is left out too */
function knownOf(inputs: Loose, directory: string, out: ReadonlySet<string>): Partial<BuildPlan> {
  const known: Partial<BuildPlan> = absolute(WITHOUT_REQUIRED.parse(given(inputs, out)), directory);
  // An input that is wrong or not known yet gets no default.
  for (const name of imageInputs.keyof().options) if (out.has(name)) delete known[name];
  if (out.has("recipe") || known.context === undefined) return known;
  const whole: Partial<BuildPlan> = withRecipe({ ...known, context: known.context });
  if (out.has("engine")) delete whole.engine;
  return whole;
}

const PATHS = ["context", "root", "recipe", "lock"] as const;

function absolute<
  Values extends {
    context?: string;
    root?: string;
    recipe?: string;
    lock?: string | null;
    contexts?: Record<string, string>;
  },
>(values: Values, directory: string): Values {
  const result = { ...values };
  if (values.contexts !== undefined)
    result.contexts = mapFolders(values.contexts, (path) => resolve(directory, path));
  for (const name of PATHS) {
    const path = values[name];
    if (path !== undefined && path !== null) result[name] = resolve(directory, path);
  }
  return result;
}

function withRecipe<Values extends { context: string; recipe?: string; engine?: EngineName }>(
  values: Values,
): Values & { recipe: string; engine: EngineName } {
  const recipe = values.recipe ?? join(values.context, "Dockerfile");
  return { ...values, recipe, engine: values.engine ?? engineFor(recipe) };
}
