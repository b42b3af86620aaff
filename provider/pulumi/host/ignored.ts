import { same } from "./same";
import type { Properties } from "./properties";

/** What the engine passes to a check only if it has put the earlier value back, because a change is ignored. */
const READ = ["live", "recipeHash", "contextHash"];

/** What a user ignores, in a check. It also sees what a transformation of the program has added. */
export function ignoredInCheck(olds: Readonly<Properties> | undefined, news: Readonly<Properties>): string[] {
  const reset = READ.filter((name) => olds?.[name] !== undefined && same(olds[name], news[name]));
  return [...new Set([...ignoredIn(news), ...reset])].sort();
}

/** The names that a check has found. */
export function ignoredIn({ ignored }: Readonly<Properties>): string[] {
  return Array.isArray(ignored) ? ignored.filter((name) => typeof name === "string") : [];
}

/** The sentence that tells why nothing is done about a drift. */
export const IGNORED = "Nothing is done about it, because `ignoreChanges` of this resource says so.";
