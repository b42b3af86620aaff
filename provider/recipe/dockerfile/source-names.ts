import { RecipeError } from "./error";
import { rangeInRecipe, type MappedText } from "./mapped-text";
import { type FlagToken } from "./tokenise";
import { type SourceName } from "./types";

type LineAt = (offset: number) => number;

/** The source in `COPY --from=value`. */
export function sourceOfFlag(flag: FlagToken, content: MappedText, lineAt: LineAt): SourceName {
  return sourceAt(content, flag, flag.text.indexOf("=") + 1, flag.text.length, lineAt, true);
}

/** The sources in the `from=` options of a `RUN --mount`; empty if it has no such option. */
export function sourcesOfMount(flag: FlagToken, content: MappedText, lineAt: LineAt): SourceName[] {
  const sources: SourceName[] = [];
  let start = flag.text.indexOf("=") + 1;
  for (const option of flag.text.slice(start).split(",")) {
    // The options are CSV: a whole option may be in double quotes of its own.
    const name = /^"?from=/i.exec(option)?.[0];
    if (name !== undefined) {
      const end = start + option.length - (name.startsWith('"') && option.endsWith('"') ? 1 : 0);
      sources.push(sourceAt(content, flag, start + name.length, end, lineAt, false));
    }
    start += option.length + 1;
  }
  return sources;
}

function sourceAt(
  content: MappedText,
  flag: FlagToken,
  start: number,
  end: number,
  lineAt: LineAt,
  counts: boolean,
): SourceName {
  const line = lineAt(content.offsets[flag.start] as number);
  const written = flag.text.slice(start, end);
  const [first = 0, last = 0] = [flag.indices[start], flag.indices[end - 1]];
  if (written === "" || content.text.slice(first, last + 1) !== written) throw unreadable(flag, line);
  return { ...rangeInRecipe(content, first, last + 1), written, line, counts };
}

function unreadable(flag: FlagToken, line: number): RecipeError {
  return new RecipeError(
    `the source in ${flag.text.slice(0, 80)} can't be read. Write from=<stage or image> without quotes and escapes.`,
    line,
  );
}
