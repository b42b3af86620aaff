/** Runs work that speaks to the console, and gives what it said instead, a call a line. */
export async function quietly<T>(work: () => Promise<T>): Promise<{ result: T; lines: string[] }> {
  const { error, warn } = console;
  const lines: string[] = [];
  const keep = (...words: unknown[]): void => void lines.push(words.map(String).join(" "));
  console.error = keep;
  console.warn = keep;
  try {
    return { result: await work(), lines };
  } finally {
    Object.assign(console, { error, warn });
  }
}
