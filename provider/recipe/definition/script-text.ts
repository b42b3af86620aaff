import type { MappedText, TextRange } from "../dockerfile/mapped-text";
import { mapRange } from "../dockerfile/mapped-text";

/** Shell text whose continued lines are joined, and the here-documents that were in it. */
export interface ScriptText {
  source: MappedText;
  bodies: MappedText[];
}

const HEREDOC = /(?<!<)<<(?!<)(-?)[ \t]*(['"]?)([A-Za-z_][\w.-]*)\2/g;

/** The text of a section, as the functions that read shell text take it. */
export function scriptText(text: string, { start, end }: TextRange): ScriptText {
  const source = { text: "", offsets: [] as number[] };
  const bodies: MappedText[] = [];
  const keep = (from: number, to: number): void => {
    source.text += text.slice(from, to);
    for (let offset = from; offset < to; offset++) source.offsets.push(offset);
  };
  const lineEnd = (from: number): number => {
    const at = text.indexOf("\n", from);
    return at === -1 || at >= end ? end : at + 1;
  };
  for (let at = start; at < end;) {
    const next = lineEnd(at);
    const line = text.slice(at, next);
    if (/\\\r?\n$/.test(line) && !/^\s*#/.test(line)) {
      keep(at, at + line.lastIndexOf("\\"));
      at = next;
      continue;
    }
    keep(at, next);
    at = next;
    if (/^\s*#/.test(line)) continue;
    for (const [, tabs, , word = ""] of line.matchAll(HEREDOC)) {
      const from = at;
      while (at < end && ending(text.slice(at, lineEnd(at)), tabs === "-") !== word) at = lineEnd(at);
      bodies.push(mapRange(text, { start: from, end: at }));
      at = lineEnd(at);
    }
  }
  return { source, bodies };
}

function ending(line: string, tabs: boolean): string {
  const bare = line.replace(/\r?\n$/, "");
  return tabs ? bare.replace(/^\t+/, "") : bare;
}
