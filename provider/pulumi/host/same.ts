import canonicalize from "canonicalize";

/** Whether two plain values are the same. The order of keys does not matter; null and undefined are the same. */
export function same(a: unknown, b: unknown): boolean {
  return (canonicalize(a ?? null) ?? "") === (canonicalize(b ?? null) ?? "");
}

/** Whether any of the named properties differs between the state and the inputs. */
export function differ(
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
  names: readonly string[],
): boolean {
  return names.some((name) => !same(state[name], inputs[name]));
}
