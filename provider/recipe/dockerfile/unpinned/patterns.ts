const MAXIMUM_PATTERN = 100;
/** A pattern with more stars would take long to match. */
const MAXIMUM_STARS = 5;

/** Whether a pattern with `*`, `?` and `[...]` fits a whole name without slashes. One that is too long fits nothing. */
export function matchesName(pattern: string, name: string): boolean {
  if (!/[*?[]/.test(pattern)) return pattern === name;
  if (pattern.length > MAXIMUM_PATTERN || pattern.split("*").length > MAXIMUM_STARS) return false;
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".")
    .replace(/\[\\\^/g, "[^")
    .replace(/\[/g, (sign, at: number, whole: string) => (whole.indexOf("]", at) > at + 1 ? sign : "\\["));
  try {
    return new RegExp(`^${source}$`, "s").test(name);
  } catch {
    // A range such as [z-a] is in no order. Docker refuses it, too.
    return false;
  }
}

/** Whether a path pattern fits these parts of a path, one for one. */
export function matchesPath(pattern: string, parts: readonly string[]): boolean {
  const wanted = pattern.split("/");
  return wanted.length === parts.length && wanted.every((part, at) => matchesName(part, parts[at] as string));
}
