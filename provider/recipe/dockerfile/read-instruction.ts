import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";
import { execForm } from "./heredoc-words";
import { type LogicalLine } from "./logical-lines";
import { rangeInRecipe, sliceMapped } from "./mapped-text";
import { sourceOfFlag, sourcesOfMount } from "./source-names";
import { tokenise, type Token } from "./tokenise";
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
  if (tokens.rest.text === "") {
    throw new RecipeError(`${tokens.keyword} has no arguments. Complete it or remove it.`, line);
  }
  const flags = tokens.flags.map((flag) => ({
    ...rangeInRecipe(content, flag.start, flag.end),
    text: flag.text,
    name: flag.name,
    value: flag.value,
  }));
  const args = sliceMapped(content, tokens.rest.start, tokens.rest.end);
  const common = { start, end, line, onbuild: tokens.onbuild, flags, args, heredocs };
  const { keyword } = tokens;
  switch (keyword) {
    case "RUN": {
      const mounts = tokens.flags.filter((flag) => flag.name === "mount");
      const sources = mounts.flatMap((flag) => sourcesOfMount(flag, content, escape, lineAt));
      return { ...common, keyword, flagOffset: keywordRange.end, exec: execForm(args.text), sources };
    }
    case "COPY":
    case "ADD": {
      const named = keyword === "COPY" ? tokens.flags.filter((flag) => flag.name === "from") : [];
      return {
        ...common,
        keyword,
        sources: named.map((flag) => sourceOfFlag(flag, content, escape, lineAt)),
      };
    }
    case "ARG":
    case "ENV":
      return { ...common, keyword, assignments: readAssignments(keyword, tokens.assignments, line) };
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

function readAssignments(keyword: "ARG" | "ENV", words: readonly Token[], line: number): Assignment[] {
  const [first, ...others] = words;
  if (keyword === "ENV" && first && !first.text.includes("=")) {
    if (others.length === 0) throw new RecipeError(`ENV ${first.text} has no value.`, line);
    return [{ name: first.text, value: others.map((word) => word.text).join(" ") }];
  }
  return words.map(({ text }) => {
    const equals = text.indexOf("=");
    const name = equals === -1 ? text : text.slice(0, equals);
    if (name === "" || (keyword === "ENV" && equals === -1)) {
      throw new RecipeError(
        `${keyword} can't be read at ${JSON.stringify(text.slice(0, 40))}; write NAME=value.`,
        line,
      );
    }
    return { name, value: equals === -1 ? null : text.slice(equals + 1) };
  });
}
