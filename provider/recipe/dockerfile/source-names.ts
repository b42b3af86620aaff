import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";
import { rangeInRecipe, type MappedText } from "./mapped-text";
import { type FlagToken } from "./tokenise";
import { type SourceName } from "./types";

type LineAt = (offset: number) => number;

/** The source in `COPY --from=value`. Quotes around the whole value are allowed. */
export function sourceOfFlag(
  flag: FlagToken,
  content: MappedText,
  escape: EscapeCharacter,
  lineAt: LineAt,
): SourceName {
  const quoted = /^(["'])(.*)\1$/s.exec(flag.value ?? "");
  const value = quoted ? (quoted[2] as string) : (flag.value ?? "");
  return sourceAt(content, flag.valueStart + (quoted ? 1 : 0), value, flag, escape, lineAt, true);
}

/**
 * The sources in the `from=` options of a `RUN --mount`; empty if it has no such option. Quotes may be around the whole
 * flag, an option or a value. BuildKit removes them before it reads the options.
 */
export function sourcesOfMount(
  flag: FlagToken,
  content: MappedText,
  escape: EscapeCharacter,
  lineAt: LineAt,
): SourceName[] {
  const sources: SourceName[] = [];
  let start = flag.valueStart;
  for (const option of (flag.value ?? "").split(",")) {
    const name = /^["']*from["']*=["']*/i.exec(option)?.[0];
    if (name !== undefined) {
      const value = option.slice(name.length).replace(/["']+$/, "");
      sources.push(sourceAt(content, start + name.length, value, flag, escape, lineAt, false));
    }
    start += option.length + 1;
  }
  return sources;
}

function sourceAt(
  content: MappedText,
  start: number,
  value: string,
  flag: FlagToken,
  escape: EscapeCharacter,
  lineAt: LineAt,
  counts: boolean,
): SourceName {
  const line = lineAt(content.offsets[flag.start] as number);
  if (value === "" || /["']/.test(value) || value.includes(escape)) throw unreadable(flag, line);
  const range = rangeInRecipe(content, start, start + value.length);
  return { ...range, written: value, line, counts };
}

function unreadable(flag: FlagToken, line: number): RecipeError {
  return new RecipeError(
    `the source in ${flag.text.slice(0, 80)} can't be read. Write from=<stage or image> without quotes and escapes.`,
    line,
  );
}
