/** What a check reads by itself, and the inputs that it is about. */
const KNOWN = ["live", "recipe", "recipeHash", "context", "contextHash", "source", "targets"];

/**
 * The parts of a resource's `ignoreChanges` that its provider has to heed itself. Pulumi resets ignored inputs before it asks
 * a dynamic provider, and tells it nothing of them; but what is on the engine is read after that.
 */
export function ignoredInputs(ignoreChanges: readonly string[] | undefined): string[] | undefined {
  const names = KNOWN.filter(
    (name) => ignoreChanges?.includes(name) === true || ignoreChanges?.includes("*"),
  );
  return names.length === 0 ? undefined : names;
}
