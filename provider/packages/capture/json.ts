/**
 * Parses a file as a JSON object. A byte-order mark is skipped, as npm does.
 *
 * @throws {Error} for anything else than a JSON object
 */
export function jsonObject(content: Buffer): Record<string, unknown> {
  const text = content.toString("utf8").replace(/^\uFEFF/, "");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error("is no valid JSON", { cause: error });
  }
  if (!isObject(value)) {
    throw new Error("is no JSON object");
  }
  return value;
}

/** True for what JSON calls an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property of the object itself, never an inherited one. */
export function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
