import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads one of the plain modules below `scripts`, which have no types of their own.
 * @param file its path below `scripts`
 */
export async function load<T>(file: string): Promise<T> {
  const path = join(__dirname, "..", "..", "..", "scripts", file);
  return (await import(pathToFileURL(path).href)) as T;
}
