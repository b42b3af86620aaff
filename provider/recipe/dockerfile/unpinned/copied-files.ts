import { type Instruction } from "../types";

const MAXIMUM_PATTERN = 100;
/** A pattern with more stars would take long to match. */
const MAXIMUM_STARS = 5;

/** The words by which an instruction brings in files: the sources of COPY and ADD, and of bind mounts. */
export function copiedWords(instruction: Instruction): string[] {
  if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
    return instruction.args.text.split(/[\s"',[\]]+/);
  }
  return instruction.keyword === "RUN"
    ? instruction.flags.flatMap(({ name, value }) => (name === "mount" ? (value ?? "").split(/[,="']/) : []))
    : [];
}

/** Whether one of the words names the file. The word may contain `*` and `?`, and a folder before the name. */
export function namesFile(words: readonly string[], file: string): boolean {
  return words.some((word) => {
    const last = word.slice(word.lastIndexOf("/") + 1);
    if (/^[*?.]*$/.test(last) || last.length > MAXIMUM_PATTERN || last.split("*").length > MAXIMUM_STARS)
      return false;
    const pattern = last
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replace(/\*+/g, ".*")
      .replace(/\?/g, ".");
    return new RegExp(`^${pattern}$`).test(file);
  });
}
