import { type ShellCall } from "../shell-calls";
import { isAssignment } from "../shell-wrappers";
import { type RunFacts } from "./rule";

/**
 * Expands a word of a RUN. Variables that the RUN sets to a plain value come first, then those of the recipe. Null if one
 * is unknown, or set more than once.
 */
export function valueOf(calls: readonly ShellCall[], expand: RunFacts["expand"]): RunFacts["value"] {
  const own = new Map<string, string | null>();
  for (const { name, args, environment } of calls) {
    for (const { text, substituted } of [...environment.assigned, ...(name === "export" ? args : [])]) {
      if (!isAssignment(text)) continue;
      const at = text.indexOf("=");
      const variable = text.slice(0, at);
      own.set(variable, own.has(variable) || substituted ? null : text.slice(at + 1));
    }
  }
  return (written) => {
    let known = true;
    const filled = written.replace(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (whole: string, braced?: string, plain?: string) => {
        const value = own.get(braced ?? plain ?? "");
        if (value === undefined) return whole;
        known &&= value !== null && !value.includes("$");
        return value ?? "";
      },
    );
    return known ? expand(filled) : null;
  };
}
