/** Repeated timings of one thing. */
export interface Figures {
  /** Milliseconds, in the order in which they were taken. */
  ms: readonly number[];
}

/** One line of the result. */
export interface Row {
  what: string;
  figures: Figures;
}

/** A goal, and the value that was measured. */
export interface Goal {
  what: string;
  /** The measured value. */
  value: number;
  /** The greatest value with which the goal is reached. */
  most: number;
  unit: "x" | "s" | "ms";
}

/** One bench's result. */
export interface Result {
  rows: readonly Row[];
  goals: readonly Goal[];
}

/** The median; of an even count of numbers, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  if (numbers.length === 0) throw new RangeError("there is no median of nothing");
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] as number;
  const high = sorted[Math.floor(middle)] as number;
  return (low + high) / 2;
}

/** A time in words, such as `12 ms` or `1.50 s`. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/** A result as lines of text: minimum, median and maximum of each row, then the goals. */
export function resultLines({ rows, goals }: Result): string[] {
  const width = Math.max(...rows.map(({ what }) => what.length), ...goals.map(({ what }) => what.length));
  const timed = rows.map(({ what, figures: { ms } }) => {
    const shown = [Math.min(...ms), median(ms), Math.max(...ms)].map((one) => duration(one).padStart(9));
    return `  ${what.padEnd(width)} ${shown.join("")}   (min, median, max of ${ms.length})`;
  });
  const reached = goals.map(({ what, value, most, unit }) => {
    const said = (number: number): string => `${number.toFixed(unit === "ms" ? 0 : 2)} ${unit}`;
    return `  ${what.padEnd(width)} ${said(value)}, goal at most ${said(most)}: ${value <= most ? "reached" : "MISSED"}`;
  });
  return [...timed, ...reached];
}
