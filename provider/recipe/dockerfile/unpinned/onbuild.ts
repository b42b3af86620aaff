const SHOWN = 3;
const MAXIMUM_TEXT = 60;

/**
 * The ONBUILD instructions that run or fetch something, or copy from an image or a stage. Any other COPY takes files of
 * the context, which is hashed.
 */
export function unpinnedTriggers(triggers: readonly string[]): string[] {
  return triggers
    .map((text) => text.trim().replace(/\s+/g, " "))
    .filter(
      (text) =>
        /^RUN\s/i.test(text) || /^COPY\s.*--from=/i.test(text) || /^ADD\s.*(?::\/\/|git@)/i.test(text),
    );
}

/**
 * The sentence that says why ONBUILD can't be pinned.
 *
 * @param image the base image that has the instructions; null if the recipe itself has them
 */
export function triggerReason(image: string | null, triggers: readonly string[]): string {
  if (image === null) {
    return "ONBUILD runs in the builds that start from this image, as it is written here: no pin can be put into it.";
  }
  const shown = triggers
    .slice(0, SHOWN)
    .map((text) => (text.length > MAXIMUM_TEXT ? `${text.slice(0, MAXIMUM_TEXT)}...` : text));
  const more = triggers.length > SHOWN ? ` and ${triggers.length - SHOWN} more` : "";
  return `The image ${image} runs ONBUILD instructions of its own here (${shown.join("; ")}${more}), which no pin reaches.`;
}
