import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SETTINGS_FILE, SettingsError } from "./settings";

/**
 * The contents of a store's settings file; null: there is no such file.
 *
 * @throws {SettingsError} when it can't be read, because it may demand verified images
 */
export async function readSettingsFile(root: string): Promise<Record<string, unknown> | null> {
  const file = join(root, SETTINGS_FILE);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new SettingsError(`${file} can't be read (${(error as Error).message})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`${file} is not JSON (${(error as Error).message}); mend it, or remove it`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new SettingsError(`${file} is not a JSON object; mend it, or remove it`);
}
