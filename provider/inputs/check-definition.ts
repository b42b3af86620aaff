import { readFile } from "node:fs/promises";
import { messageOf } from "../base/errors/message";
import { parseDefinition } from "../recipe/definition/parse";
import { hashRecipe } from "../recipe/dockerfile/read";
import { isLeftOut } from "./check-shapes";
import type { InputFailure } from "./failure";
import type { BuildPlan } from "./image-inputs";

/** Inputs that only Docker has a use for. */
const OF_DOCKER = ["host", "builder", "contexts", "secrets", "target", "platform", "push"] as const;

/** Inputs of a committed lock, which only Docker's builds know so far. */
const OF_LOCK = ["lock", "frozenLock", "cache", "cacheFrom", "cacheTo"] as const;

/** What was found out about a definition before anything runs. */
export interface CheckedDefinition {
  /** It is no Dockerfile. */
  recipe: null;
  recipeHash: string | null;
  failures: InputFailure[];
}

/**
 * Reads an Apptainer definition, and finds what is wrong with it and with the inputs beside it.
 *
 * @param known the inputs that are known and right
 * @param inputs all that were given
 */
export async function checkDefinition(
  { recipe: file, buildArgs, revision, labels = {} }: Readonly<Partial<BuildPlan>>,
  inputs: Readonly<Record<string, unknown>>,
): Promise<CheckedDefinition> {
  const refused = (names: readonly string[], reason: string): InputFailure[] =>
    names
      .filter((name) => !isLeftOut(inputs[name]) && !isEmpty(inputs[name]))
      .map((property) => ({ property, reason }));
  const failures = [
    ...refused(OF_DOCKER, "is for the engine docker; an Apptainer build has no use for it"),
    ...refused(OF_LOCK, "is for the engine docker; Apptainer builds know no committed lock yet"),
  ];
  for (const [name, value] of Object.entries(labels)) {
    if (!/^\S+$/.test(name) || /[\r\n]/.test(value) || value.trim() !== value) {
      failures.push({
        property: `labels.${name}`,
        reason:
          "can't be a line of %labels: a name has no blanks, and a value is one line without blanks at its ends",
      });
    }
  }
  if (file === undefined) return { recipe: null, recipeHash: null, failures };
  const wrong = (reason: string): CheckedDefinition => {
    failures.push({ property: "recipe", reason: `${file}: ${reason}` });
    return { recipe: null, recipeHash: null, failures };
  };
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "there is no such file" : `it can't be read (${String(code)})`;
    return wrong(`${what}; recipe names the Apptainer definition`);
  }
  if (buildArgs !== undefined && revision !== undefined) {
    try {
      const given = revision === null ? buildArgs : { ...buildArgs, GIT_SHA: revision };
      const { consumed } = parseDefinition(text, given);
      for (const name of Object.keys(buildArgs).filter((one) => !consumed.includes(one))) {
        failures.push({
          property: `buildArgs.${name}`,
          reason: `${file} has no {{ ${name} }}, which Apptainer refuses`,
        });
      }
    } catch (error) {
      return wrong(messageOf(error));
    }
  }
  return { recipe: null, recipeHash: hashRecipe(text), failures };
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;
