import { InvalidArgumentError } from "commander";

/** Reads `name=value`, and adds it to those that were given before. The value may be empty, and may contain `=`. */
export function pair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  const name = text.slice(0, at);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...before, [name]: text.slice(at + 1) };
}

/** Adds a text to those that were given before. */
export function each(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
