import { InvalidArgumentError } from "commander";

/** Collects `name=value` flags; the value may be empty and may hold more `=`. */
export function pair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  const name = text.slice(0, at);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return { ...before, [name]: text.slice(at + 1) };
}

/** Collects a flag that may be given several times. */
export function each(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
