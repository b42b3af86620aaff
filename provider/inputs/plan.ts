import { join, resolve } from "node:path";
import { readRecipe, type Recipe } from "../recipe/dockerfile/read";
import { checkContext, checkRecipe, checkRoot, checkSecrets } from "./check-world";
import { checkCombinations } from "./check-combinations";
import { checkShapes, isLeftOut, OWN } from "./check-shapes";
import { inputOf, type InputFailure } from "./failure";
import { imageInputs, REQUIRED, type BuildPlan } from "./image-inputs";

const WITHOUT_REQUIRED = imageInputs.partial({ name: true, context: true, root: true });

type Loose = Readonly<Record<string, unknown>>;

/** How inputs are read. */
export interface PlanOptions {
  /** Tells values that are not known yet; checks that need them are left out. Default: all are known. */
  later?: (value: unknown) => boolean;
  read?: typeof readRecipe;
}

/** Inputs read as far as they are known, and what they say of the recipe. */
export interface Planned {
  /** Everything that is wrong, at once. */
  failures: InputFailure[];
  /** What is known and right, with defaults and absolute paths. */
  known: Partial<BuildPlan>;
  /** All of it; null where something is wrong or not known yet. */
  plan: BuildPlan | null;
  /** What the recipe says; null where it is not known which, or wrong. */
  recipe: Recipe | null;
}

/** Values that are all known, such as a record's, with defaults and absolute paths. */
export function makePlan(inputs: Loose, directory: string): BuildPlan {
  return withRecipe(absolute(imageInputs.parse(given(inputs)), directory));
}

/**
 * Reads the inputs of an image: a plan, or all that is wrong with them, before anything runs.
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
    ...(await checkSecrets(known, directory)),
  );
  const { recipe, failures: wrong } = await checkRecipe(known, read);
  failures.push(...wrong);
  const isWhole = failures.length === 0 && out.size === 0;
  return { failures, known, recipe, plan: isWhole ? makePlan(inputs, directory) : null };
}

/**
 * What is known and right of inputs that were planned before, or that a state has; whatever else is among them is passed
 * over.
 */
export function knownInputs(
  inputs: Loose,
  directory: string,
  later: (value: unknown) => boolean,
): Partial<BuildPlan> {
  const wrong = checkShapes(inputs, imageInputs.shape, {}, later).map(inputOf);
  return knownOf(inputs, directory, new Set([...wrong, ...unknown(inputs, later)]));
}

/** The names of inputs that are not known yet. */
const unknown = (inputs: Loose, later: (value: unknown) => boolean): string[] =>
  Object.entries(inputs).flatMap(([name, value]) => (later(value) ? [name] : []));

/** What the user gave; null counts as left out. */
function given(inputs: Loose, out: ReadonlySet<string> = new Set()): Loose {
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => !OWN.has(name) && !isLeftOut(value) && !out.has(name)),
  );
}

/** @param out names of inputs that are wrong or not known yet; what depends on them is left out, too */
function knownOf(inputs: Loose, directory: string, out: ReadonlySet<string>): Partial<BuildPlan> {
  const known: Partial<BuildPlan> = absolute(WITHOUT_REQUIRED.parse(given(inputs, out)), directory);
  // A default is for what was left out, and for nothing else.
  for (const name of imageInputs.keyof().options) if (out.has(name)) delete known[name];
  return out.has("recipe") || known.context === undefined
    ? known
    : withRecipe({ ...known, context: known.context });
}

const PATHS = ["context", "root", "recipe"] as const;

function absolute<Values extends { context?: string; root?: string; recipe?: string }>(
  values: Values,
  directory: string,
): Values {
  const result = { ...values };
  for (const name of PATHS) {
    const path = values[name];
    if (path !== undefined) result[name] = resolve(directory, path);
  }
  return result;
}

function withRecipe<Values extends { context: string; recipe?: string }>(
  values: Values,
): Values & { recipe: string } {
  return { ...values, recipe: values.recipe ?? join(values.context, "Dockerfile") };
}
