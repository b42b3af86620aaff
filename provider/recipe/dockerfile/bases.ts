import { expandVariables } from "./expand";
import { globalArguments, type RecipeSettings } from "./global-arguments";
import { type TextRange } from "./mapped-text";
import { neededStages, sourceStage, stageBases, usedSources } from "./stages";
import { type ParsedDockerfile, type Stage } from "./types";

/** A place in the recipe that names an external image. The range is that of the name alone. */
interface ImageUse extends TextRange {
  kind: "from" | "copy-from" | "mount-from";
  line: number;
  /** Index of the stage that it is in. */
  stage: number;
  /** For `from` only: its `--platform` with variables expanded; null if it has none. */
  platform: string | null;
}

interface ExternalImage {
  /** As in the recipe, with variables expanded, but not normalised. */
  reference: string;
  /** In the order of the recipe. There is at least one. */
  uses: ImageUse[];
}

/**
 * The external images that a build of the target needs: those of FROM, `COPY --from` and `RUN --mount=from=`, under
 * ONBUILD too where a needed stage triggers it. They are in the order of their first use, with one entry per reference.
 * `scratch` and stages are left out.
 *
 * @throws {RecipeError} for a FROM that expands to no image, an unknown target, or a source that can't be resolved
 */
export function externalImages(parsed: ParsedDockerfile, settings: RecipeSettings): ExternalImage[] {
  const bases = stageBases(parsed, settings);
  const values = globalArguments(parsed, settings);
  const images = new Map<string, ExternalImage>();
  const add = (reference: string, use: ImageUse): void => {
    const known = images.get(reference);
    if (known) known.uses.push(use);
    else images.set(reference, { reference, uses: [use] });
  };
  const needed = neededStages(parsed, settings);
  const used = usedSources(parsed, bases, needed);
  for (const index of needed) {
    const stage = parsed.stages[index] as Stage;
    const { image, platform, line } = stage.from;
    const base = bases[index];
    if (base?.kind === "image") {
      const lookup = (name: string): string | undefined => values.get(name);
      const expanded = platform === null ? null : expandVariables(platform, lookup, parsed.escape, line);
      const { start, end } = image;
      add(base.reference, { start, end, kind: "from", line, stage: index, platform: expanded || null });
    }
    for (const { source, keyword } of used.filter((one) => one.stage === index)) {
      if (source.written === "scratch" || settings.contexts?.includes(source.written) === true) continue;
      if (sourceStage(parsed, source) !== null) continue;
      const { start, end, line: at } = source;
      const kind = keyword === "RUN" ? "mount-from" : "copy-from";
      add(source.written, { start, end, kind, line: at, stage: index, platform: null });
    }
  }
  return [...images.values()];
}
