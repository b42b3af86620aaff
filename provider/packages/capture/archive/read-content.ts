import type { ContentSink } from "./entry";

/** How to read a file, and what to do with its content. */
interface ReadPlan {
  /** Most bytes to keep in memory. */
  limit: number;
  /** Stop at the first blank line, which ends the headers of a file in the form of a mail. */
  headersOnly?: boolean;
  /** Called once, with the content as one buffer. */
  done(content: Buffer): void;
  /** Called instead of `done`, at the end of the file, when the limit was exceeded. */
  tooLarge(): void;
}

/** A sink that collects a file's content up to a limit. Once the limit is exceeded, nothing more is kept. */
export function contentReader(plan: ReadPlan): ContentSink {
  let pieces: Buffer[] = [];
  let held = 0;
  let tail: Buffer = Buffer.alloc(0);
  let state: "reading" | "complete" | "too-large" = "reading";
  return {
    chunk(data) {
      if (state !== "reading") {
        return;
      }
      let wanted = data;
      if (plan.headersOnly) {
        const end = blankLineEnd(tail, data);
        if (end >= 0) {
          wanted = data.subarray(0, end);
          state = "complete";
        }
        tail = Buffer.concat([tail, data.subarray(-3)]).subarray(-3);
      }
      held += wanted.length;
      if (held > plan.limit) {
        state = "too-large";
        pieces = [];
        return;
      }
      pieces.push(wanted);
    },
    end() {
      if (state === "too-large") {
        plan.tooLarge();
        return;
      }
      const content = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, held);
      pieces = [];
      plan.done(content);
    },
  };
}

/** Offset in `data` just after a blank line, which may begin in the bytes before `data`. -1 if there is none. */
function blankLineEnd(tail: Buffer, data: Buffer): number {
  const text = Buffer.concat([tail, data]);
  const ends = ["\n\n", "\n\r\n"]
    .map((mark) => ({ at: text.indexOf(mark), length: mark.length }))
    .filter(({ at }) => at >= 0)
    .map(({ at, length }) => at + length - tail.length);
  return ends.length === 0 ? -1 : Math.min(...ends);
}
