import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The code of a system error: `ENOENT`. @param {unknown} error */
export const codeOf = (error) => (error instanceof Error && "code" in error ? error.code : undefined);

/** The properties of an object; none where the value is no object. @type {(value: unknown) => Record<string, unknown>} */
export const propertiesOf = (value) => (typeof value === "object" && value !== null ? { ...value } : {});

/** An object that is written as JSON; empty where the text is something else. @param {string} text */
export function parseObject(text) {
  try {
    return propertiesOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** A text, or null where there is no such file. @param {string} file */
export function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
    throw error;
  }
}

/** The object in a JSON file, or null where there is no such file. @param {string} file */
export function readJson(file) {
  const text = readText(file);
  return text === null ? null : parseObject(text);
}

/** Makes a file or a link anew and moves it into its place: others see the old one or the new one, never a part. */
function replace(/** @type {string} */ path, /** @type {(unfinished: string) => void} */ make) {
  const unfinished = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(unfinished, { force: true });
  make(unfinished);
  renameSync(unfinished, path);
}

/** @param {string} file @param {unknown} value */
export const writeJson = (file, value) =>
  replace(file, (unfinished) => writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`));

/** @param {string} link @param {string} target */
export const writeLink = (link, target) => replace(link, (made) => symlinkSync(target, made));
