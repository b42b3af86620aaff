/**
 * Compares two strings by Unicode code point. This is also the order of their UTF-8 bytes, on every machine and in
 * every language. JavaScript's own `<` compares UTF-16 units, which puts characters above U+FFFF before U+E000 to
 * U+FFFF.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Moves surrogates above all other UTF-16 units, and closes the gap that they leave. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Compares by the first of the given keys that differs. A missing key counts as an empty string. */
export function byKeys<T>(...keys: ((item: T) => string | number | undefined)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const key of keys) {
      const x = key(a) ?? "";
      const y = key(b) ?? "";
      const order =
        typeof x === "number" && typeof y === "number" ? x - y : compareText(String(x), String(y));
      if (order !== 0) return order;
    }
    return 0;
  };
}
