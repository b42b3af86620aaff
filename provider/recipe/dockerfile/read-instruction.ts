import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";
import { execForm } from "./heredoc-words";
import { type LogicalLine } from "./logical-lines";
import { rangeInRecipe, sliceMapped } from "./mapped-text";
import { sourceOfFlag, sourcesOfMount } from "./source-names";
import { assignmentWords, tokenise } from "./tokenise";
import { type Assignment, type Instruction } from "./types";

const OTHERS = [
  "CMD",
  "ENTRYPOINT",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
] as const;

/** What Docker allows without arguments. */
const MAY_BE_EMPTY = new Set(["CMD", "ENTRYPOINT", "RUN"]);

/**
 * Reads one instruction.
 *
 * @param lineAt gives the number of the line, from 1, for an offset in the recipe
 * @throws {RecipeError} for an unknown keyword, missing arguments, or a source that can't be read
 */
export function readInstruction(
  logical: LogicalLine,
  escape: EscapeCharacter,
  lineAt: (offset: number) => number,
): Instruction {
  const { content, heredocs, end } = logical;
  const first = content.text.search(/\S/);
  const start = content.offsets[first] as number;
  const tokens = tokenise(content.text, escape, lineAt(start));
  const keywordRange = rangeInRecipe(content, tokens.keywordStart, tokens.keywordEnd);
  const line = lineAt(keywordRange.start);
  if (tokens.rest.text === "" && !MAY_BE_EMPTY.has(tokens.keyword)) {
    throw new RecipeError(`${tokens.keyword} has no arguments. Complete it or remove it.`, line);
  }
  const flags = tokens.flags.map((flag) => {
    const [name = "", value = null] = flag.text.slice(2).split(/=(.*)/s, 2);
    return {
      ...rangeInRecipe(content, flag.start, flag.end),
      text: flag.text,
      name: name.toLowerCase(),
      value,
    };
  });
  const args = sliceMapped(content, tokens.rest.start, tokens.rest.end);
  const common = { start, end, line, onbuild: tokens.onbuild, flags, args, heredocs };
  const { keyword } = tokens;
  switch (keyword) {
    case "RUN": {
      const mounts = tokens.flags.filter((_, index) => flags[index]?.name === "mount");
      const sources = mounts.flatMap((flag) => sourcesOfMount(flag, content, lineAt));
      return { ...common, keyword, flagOffset: keywordRange.end, exec: execForm(args.text), sources };
    }
    case "COPY":
    case "ADD": {
      const named = tokens.flags.filter((_, index) => keyword === "COPY" && flags[index]?.name === "from");
      return { ...common, keyword, sources: named.map((flag) => sourceOfFlag(flag, content, lineAt)) };
    }
    case "ARG":
    case "ENV":
      return { ...common, keyword, assignments: readAssignments(keyword, args.text, escape, line) };
    default: {
      const other = OTHERS.find((known) => known === keyword);
      if (other === undefined) {
        throw new RecipeError(
          `unknown instruction ${JSON.stringify(keyword.slice(0, 40))}. Correct it; shell text that goes on ` +
            `from the line above needs ${escape} at the end of that line.`,
          line,
        );
      }
      return { ...common, keyword: other };
    }
  }
}

function readAssignments(
  keyword: "ARG" | "ENV",
  text: string,
  escape: EscapeCharacter,
  line: number,
): Assignment[] {
  const words = assignmentWords(text, escape);
  if (keyword === "ENV" && !words[0]?.includes("=")) {
    const [name = "", value] = text.split(/[\t\v\f\r ]+(.*)/s, 2);
    if (value === undefined) throw new RecipeError(`ENV ${name} has no value.`, line);
    return [{ name, value }];
  }
  return words.map((word) => {
    const equals = word.indexOf("=");
    const name = equals === -1 ? word : word.slice(0, equals);
    if (name === "" || (keyword === "ENV" && equals === -1)) {
      throw new RecipeError(
        `${keyword} can't be read at ${JSON.stringify(word.slice(0, 40))}; write NAME=value.`,
        line,
      );
    }
    return { name, value: equals === -1 ? null : word.slice(equals + 1) };
  });
}
