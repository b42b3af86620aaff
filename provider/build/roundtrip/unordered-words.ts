/**
 * What to add to the reason of a failed rebuild if its RUNs were perhaps bound too tightly; empty if they were not.
 *
 * @param stages `""` for the stage that becomes the image
 */
export function unorderedWords(stages: readonly string[]): string {
  if (stages.length === 0) return "";
  const named = stages.map((stage) => (stage === "" ? "the image's own stage" : `stage ${stage}`));
  return (
    ` (pip and npm were held to what ${named.join(" and ")} has at its end, also in RUNs before: ` +
    "the builder had not kept the layers that tell what stood after each RUN)"
  );
}
