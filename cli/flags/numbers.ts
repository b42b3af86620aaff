import { InvalidArgumentError } from "commander";

/** Reads a number of builds. */
export function builds(text: string): number {
  if (!/^0*[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("Expected a whole number of at least 1.");
  return Number(text);
}

/** Reads `<what>=<seconds>`, and adds it to those that were given before. */
export function limit(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [, what = "", seconds = ""] = /^(git|inspect|rebuild)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (what === "")
    throw new InvalidArgumentError("Expected git=, inspect= or rebuild= and a number of seconds.");
  return { ...before, [what]: Number(seconds) };
}
