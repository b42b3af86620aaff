import canonicalize from "canonicalize";

/** True when two plain values mean the same; the order of keys does not count, absent and null are one. */
export function same(a: unknown, b: unknown): boolean {
  return (canonicalize(a ?? null) ?? "") === (canonicalize(b ?? null) ?? "");
}

/** Whether any of these properties differs between the state and the inputs. */
export function differ(
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
  names: readonly string[],
): boolean {
  return names.some((name) => !same(state[name], inputs[name]));
}
