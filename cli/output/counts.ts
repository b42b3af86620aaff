/** Numbers of packages by ecosystem, such as `dpkg 118, pip 12`. */
export function countWords(packages: Readonly<Record<string, number>>): string {
  const parts = Object.entries(packages).map(([ecosystem, count]) => `${ecosystem} ${count}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}
