/** BuildKit's title of a step: `[linux/arm64 builder  2/10] RUN make`. Platform and stage may be absent. */
export interface StepTitle {
  /** What stands before the number, with its blanks. */
  where: string;
  /** The step's number among those of its stage, in digits. */
  position: string;
  /** The number of steps of its stage, in digits. */
  total: string;
  /** The instruction. */
  text: string;
}

const BRACKETS = /^\[([^\]]*)\] ([^]*)$/;
const DIGITS = /^[0-9]+$/;

/** Reads a step's title; null where it is none. */
export function readStepTitle(title: string): StepTitle | null {
  const [, inside = "", text = ""] = BRACKETS.exec(title) ?? [];
  const slash = inside.lastIndexOf("/");
  const total = inside.slice(slash + 1);
  let start = slash;
  while (start > 0 && DIGITS.test(inside.charAt(start - 1))) start -= 1;
  const position = slash === -1 ? "" : inside.slice(start, slash);
  if (position === "" || !DIGITS.test(total)) return null;
  return { where: inside.slice(0, start), position, total, text };
}
