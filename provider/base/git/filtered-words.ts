/** How many files are named. */
const NAMED = 3;

/** Why it can't be told whether files were changed that only a filter could judge. */
export function filteredWords(files: readonly string[]): string {
  const shown = files.slice(0, NAMED).map((name) => JSON.stringify(name));
  const more = files.length - shown.length;
  const named = `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return (
    `a filter would have to look at ${named}, but the repository's own configuration names its program, which is not run; ` +
    "if you trust it, run git status there, or define it in your own configuration (git config --global)"
  );
}
