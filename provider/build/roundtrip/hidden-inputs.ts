import { hiddenValue, isHiddenValue } from "../../base/words/hidden-value";
import { VerifiedImagesError } from "../../base/errors/base";
import { fitsOnLine } from "../../recipe/dockerfile/argument-line";
import { recordedInputs, type BuildPlan } from "../../inputs/image-inputs";
import {
  KIND_WORDS,
  NO_SECRET_INPUTS,
  SECRET_KINDS,
  secretEntries,
  type SecretInputs,
} from "../../inputs/secret-inputs";
import type { BuildRecord } from "../../store/record";

/** The variable that gives a later rebuild the values of secret build arguments and labels, as JSON: name -> value. */
export const VALUES_VARIABLE = "VERIFIED_IMAGES_SECRET_VALUES";

/** A rebuild needs the value of a secret, of which the store has a hash only. */
export class SecretValueError extends VerifiedImagesError {
  constructor(message: string) {
    super("secret-value", message);
  }
}

/** What a record has of a plan's inputs: of secrets only hashes. */
export function recordedOf(
  plan: BuildPlan,
): Pick<BuildRecord, keyof ReturnType<typeof recordedInputs.parse> | "hidden"> {
  const recorded = recordedInputs.parse(plan);
  const entries = secretEntries(plan);
  if (entries.length === 0) return recorded;
  const kept = (kind: "buildArgs" | "labels"): Record<string, string> =>
    without(
      recorded[kind],
      entries.flatMap((entry) => (entry.kind === kind ? [entry.name] : [])),
    );
  const hidden: NonNullable<BuildRecord["hidden"]> = { buildArgs: {}, labels: {} };
  for (const { kind, name, value } of entries) hidden[kind][name] = hiddenValue(value);
  return { ...recorded, buildArgs: kept("buildArgs"), labels: kept("labels"), hidden };
}

function without(values: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

/**
 * The labels of a plan, by the way on which they reach docker. Its command line is in the process list, so labels that are secrets
 * are instructions of the recipe, unless a line of it can't hold them.
 */
export function labelsOf({ labels, secretInputs }: Pick<BuildPlan, "labels" | "secretInputs">): {
  asFlags: Record<string, string>;
  inRecipe: Record<string, string>;
} {
  const secret = new Set((secretInputs ?? NO_SECRET_INPUTS).labels);
  const goes = ([name, value]: [string, string]): boolean =>
    secret.has(name) && fitsOnLine(name) && fitsOnLine(value);
  const entries = Object.entries(labels);
  return {
    asFlags: Object.fromEntries(entries.filter((entry) => !goes(entry))),
    inRecipe: Object.fromEntries(entries.filter(goes)),
  };
}

/** A warning about labels that are secrets; null: there are none. */
export function secretLabelsWarning(plan: Pick<BuildPlan, "labels" | "secretInputs">): string | null {
  const { labels } = plan.secretInputs ?? NO_SECRET_INPUTS;
  if (labels.length === 0) return null;
  const named = (names: readonly string[]): string =>
    `${names.length === 1 ? "label" : "labels"} ${names.join(", ")}`;
  const { asFlags } = labelsOf(plan);
  const listed = labels.filter((name) => Object.hasOwn(asFlags, name));
  const inList =
    listed.length === 0
      ? ""
      : `; while docker builds, the process list of this machine shows the ${named(listed)}, because of a line break in it`;
  return (
    `the ${named(labels)} ${labels.length === 1 ? "is" : "are"} secret, but whoever has the image can read ` +
    `${labels.length === 1 ? "it" : "them"}${inList}; give a secret to a RUN by the input secrets`
  );
}

/** The secrets of a plan as a verification in the background gets them: `buildArgs.NAME` -> value. Null: there are none. */
export function valuesOf(plan: BuildPlan): string | null {
  const entries = secretEntries(plan).map(({ kind, name, value }) => [`${kind}.${name}`, value]);
  return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries));
}

/**
 * The inputs that a record has, with the values of secrets from the environment.
 *
 * @throws {SecretValueError} when a value is missing, or is not the one of the build
 */
export function inputsOf(
  record: BuildRecord,
  given: string | undefined,
): ReturnType<typeof recordedInputs.parse> & { secretInputs?: SecretInputs } {
  const inputs = recordedInputs.parse(record);
  const { hidden } = record;
  if (hidden === undefined) return inputs;
  const values = parseValues(given);
  const found = { buildArgs: { ...inputs.buildArgs }, labels: { ...inputs.labels } };
  for (const kind of SECRET_KINDS) {
    for (const [name, hash] of Object.entries(hidden[kind])) {
      found[kind][name] = valueOf(values, { kind, name, hash, reference: record.reference });
    }
  }
  const names = { buildArgs: Object.keys(hidden.buildArgs), labels: Object.keys(hidden.labels) };
  return { ...inputs, ...found, secretInputs: names };
}

interface Wanted {
  kind: (typeof SECRET_KINDS)[number];
  name: string;
  hash: string;
  reference: string;
}

function valueOf(values: ReadonlyMap<string, string>, { kind, name, hash, reference }: Wanted): string {
  const value = values.get(`${kind}.${name}`) ?? values.get(name);
  const what = `the ${KIND_WORDS[kind]} ${name} of ${reference}`;
  if (value === undefined) {
    throw new SecretValueError(
      `${what} is a secret, of which the store has a hash only; to rebuild, give its value in the environment variable ` +
        `${VALUES_VARIABLE}, as JSON: {"${name}": "..."}`,
    );
  }
  if (isHiddenValue(hash, value)) return value;
  throw new SecretValueError(
    `${what} had another value when it was built than ${VALUES_VARIABLE} gives now; give the value of that build`,
  );
}

function parseValues(given: string | undefined): ReadonlyMap<string, string> {
  if (given === undefined || given === "") return new Map();
  let read: unknown;
  try {
    read = JSON.parse(given);
  } catch {
    read = null;
  }
  const entries =
    typeof read === "object" && read !== null && !Array.isArray(read) ? Object.entries(read) : null;
  if (
    entries === null ||
    !entries.every((entry): entry is [string, string] => typeof entry[1] === "string")
  ) {
    throw new SecretValueError(
      `the environment variable ${VALUES_VARIABLE} can't be understood; expected JSON with strings as values: {"NAME": "..."}`,
    );
  }
  return new Map(entries);
}
