/**
 * The first `major.minor.patch` in a text as numbers, or null where there is none. A missing patch counts as 0, and
 * whatever follows (`+dfsg1`, `-alpha.1`, `-ce`) is ignored.
 * @param {string} text
 * @returns {[number, number, number] | null}
 */
export function parseVersion(text) {
  const match = /(?<![\d.])v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

/**
 * Whether the version found in a text is at least `least`. A text without a version is not.
 * @param {string} text
 * @param {string} least
 */
export function isAtLeast(text, least) {
  const found = parseVersion(text);
  const wanted = parseVersion(least);
  if (!found || !wanted) return false;
  for (let i = 0; i < 3; i++) {
    if (found[i] !== wanted[i]) return found[i] > wanted[i];
  }
  return true;
}

/**
 * A version as people write it: `3.220.0` for `v3.220.0+dirty`; the trimmed text itself where none is found.
 * @param {string} text
 */
export function shortVersion(text) {
  return parseVersion(text)?.join(".") ?? text.trim();
}
