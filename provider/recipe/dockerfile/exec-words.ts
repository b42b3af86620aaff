import { type MappedText } from "./mapped-text";
import { type ShellWord } from "./shell-commands";

/** The strings of an instruction in JSON form, as words. Each character keeps its offset in the recipe. */
export function execWords(args: MappedText): ShellWord[] {
  return [...args.text.matchAll(/"(?:[^"\\]|\\.)*"/g)].map((match): ShellWord => {
    const pieces: string[] = [];
    const offsets: number[] = [];
    for (const part of match[0].slice(1, -1).matchAll(/\\u[0-9a-fA-F]{4}|\\.|[^\\]/gs)) {
      const decoded = part[0].length === 1 ? part[0] : (JSON.parse(`"${part[0]}"`) as string);
      pieces.push(decoded);
      offsets.push(args.offsets[match.index + 1 + part.index] as number);
    }
    return { text: pieces.join(""), offsets, start: args.offsets[match.index] as number, substituted: false };
  });
}
