import canonicalize from "canonicalize";

/** True when two plain values mean the same; the order of keys does not count, absent and null are one. */
export function same(a: unknown, b: unknown): boolean {
  return (canonicalize(a ?? null) ?? "") === (canonicalize(b ?? null) ?? "");
}
