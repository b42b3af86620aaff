import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { externalImages } from "./bases";
import type { RecipeSettings } from "./global-arguments";
import { parseDockerfile } from "./parse";
import type { ParsedDockerfile } from "./types";

export interface Recipe {
  text: string;
  parsed: ParsedDockerfile;
  /** `sha256:` and hex of its bytes. */
  recipeHash: string;
  /** External images that the target needs, with variables expanded. Empty if the settings are not known yet. */
  references: string[];
}

/** `sha256:` and hex of a recipe's bytes. */
export function hashRecipe(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/**
 * Reads a recipe's file.
 *
 * @param settings null: some of them are not known yet
 * @throws {RecipeError} when it is no Dockerfile
 * @throws the system's own error when it can't be read
 */
export async function readRecipe(file: string, settings: RecipeSettings | null): Promise<Recipe> {
  const text = await readFile(file, "utf8");
  const parsed = parseDockerfile(text);
  const images = settings === null ? [] : externalImages(parsed, settings);
  return {
    text,
    parsed,
    recipeHash: hashRecipe(text),
    references: images.map(({ reference }) => reference),
  };
}
