/** Whether a version is older than another, by its first three numbers. A version without numbers is not. */
export function isOlder(version: string, than: string): boolean {
  const [found, least] = [numbers(version), numbers(than)];
  if (found === null || least === null) return false;
  for (const [at, number] of found.entries()) {
    const other = least[at] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}

function numbers(version: string): number[] | null {
  const match = /^v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?/.exec(version);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}
