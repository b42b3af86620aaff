import canonicalize from "canonicalize";

/** True when two plain values mean the same; the order of keys does not count, absent and null are one. */
export function same(a: unknown, b: unknown): boolean {
  return (canonicalize(a ?? null) ?? "") === (canonicalize(b ?? null) ?? "");
}

/** Names of the inputs that differ from the state, the provider's own text left out. Pure. */
export function changedInputs(
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): string[] {
  return Object.keys(inputs).filter((name) => name !== "__provider" && !same(state[name], inputs[name]));
}
