import { MARKER } from "./hook";
import { withoutEnd } from "../../base/words/cut";
import { readStepTitle } from "./step-title";

export interface AptRecord {
  name: string;
  version: string;
  /** The architecture, if it is a foreign one. */
  arch?: string;
  /** `sha256:` and hex digits, of the package file. */
  hash?: string;
}

export interface RecordedStep {
  /** The name that BuildKit gives the stage; null in a recipe of one stage. */
  stage: string | null;
  /** How many RUNs of the same stage come after this one; null: it is not a RUN. */
  runsAfter: number | null;
  /** In the order in which they were unpacked. */
  records: AptRecord[];
  /** Paths of preferences that apt read in place of its own and of the pins'. */
  preferences: string[];
  /** false if lines of the step's log are missing, so records may be missing too. */
  complete: boolean;
}

/** `#7 [linux/arm64 builder  2/10] RUN ...`: a step's title. */
const HEADER = /^#([0-9]+) (?=\[)/;
/** `#7 1.234 text`: text that the step's command printed, with its carriage returns. */
const OUTPUT = /^#([0-9]+) [0-9]+\.[0-9]+ (.*)$/s;
/** What BuildKit prints when it leaves out output: there is a limit in total, and one per second. */
const CLIPPED = /\[output clipped, log (?:limit|speed) [^\]]*reached\]/;
const RECORD = /^(\S{1,255}) ([!-~]{1,256}) (-|[a-z0-9][a-z0-9-]{0,63}) (-|[0-9a-f]{64})\s*$/;
const PREFERENCES = /^preferences ([!-~]{1,255})\s*$/;
const END = /^end ([0-9]{1,9})\s*$/;

interface OpenStep extends Omit<RecordedStep, "runsAfter"> {
  /** Its number among the steps of its stage. */
  position: number;
  title: string;
  /** How many records came after the last end line. */
  pending: number;
}

/**
 * Reads what the hook printed to a build's log (BuildKit's plain progress). A log can contain several builds of one
 * recipe, in which the later ones take steps from the cache. Steps without records or gaps are left out.
 *
 * @param nonce the build's own; lines with another nonce are ignored
 */
export function readAptRecords(log: string, nonce: string): RecordedStep[] {
  const prefix = `${MARKER} ${nonce} `;
  const steps: OpenStep[] = [];
  const current = new Map<string, OpenStep>();
  const runs = new Map<string | null, Set<number>>();
  for (const line of log.split("\n")) {
    const header = HEADER.exec(line);
    const titled = header === null ? null : readStepTitle(line.slice(header[0].length));
    if (header?.[1] !== undefined && titled !== null) {
      const { position, text: title } = titled;
      const [number, where] = [header[1], withoutEnd(titled.where, " ")];
      // BuildKit prints a step's header again when it returns to it from another step.
      const full = `${where} ${title}`;
      if (current.get(number)?.title === full) continue;
      // A platform contains a slash, a stage's name does not.
      const stage = where.split(" ").findLast((word) => word !== "" && !word.includes("/")) ?? null;
      const step = {
        stage,
        position: Number(position),
        records: [],
        preferences: [],
        complete: true,
        title: full,
        pending: 0,
      };
      if (/^RUN\b/.test(title)) runs.set(stage, (runs.get(stage) ?? new Set()).add(step.position));
      current.set(number, step);
      steps.push(step);
      continue;
    }
    const [, of = "", text = ""] = OUTPUT.exec(line) ?? [];
    const step = current.get(of);
    if (step === undefined) continue;
    if (CLIPPED.test(text)) step.complete = false;
    // The line may begin with the output of something else.
    const at = text.indexOf(prefix);
    if (at !== -1) take(step, text.slice(at + prefix.length));
  }
  return steps
    .filter(({ records, complete, pending }) => records.length > 0 || !complete || pending > 0)
    .map(({ stage, position, records, preferences, complete, pending }) => ({
      stage,
      runsAfter: runs.get(stage)?.has(position)
        ? [...(runs.get(stage) ?? [])].filter((other) => other > position).length
        : null,
      records,
      preferences,
      complete: complete && pending === 0,
    }));
}

/** What the hook wrote to a file of its own, in which nothing else stands. `lines` without the marker and the nonce. */
export function readAptLines(lines: readonly string[]): Omit<RecordedStep, "stage" | "runsAfter"> {
  const found = { records: [], preferences: [], complete: true, pending: 0 };
  for (const line of lines) take(found, line);
  const { records, preferences, complete, pending } = found;
  return { records, preferences, complete: complete && pending === 0 };
}

function take(step: Pick<OpenStep, "records" | "preferences" | "complete" | "pending">, text: string): void {
  const [, count] = END.exec(text) ?? [];
  if (count !== undefined) {
    if (step.pending !== Number(count)) step.complete = false;
    step.pending = 0;
    return;
  }
  const [, path] = PREFERENCES.exec(text) ?? [];
  if (path !== undefined) {
    step.preferences.push(path);
    return;
  }
  const [, name, version, arch, sum] = RECORD.exec(text) ?? [];
  if (name === undefined || version === undefined) {
    step.complete = false;
    return;
  }
  step.pending += 1;
  const record: AptRecord = { name, version };
  if (arch !== "-") record.arch = arch;
  if (sum !== "-") record.hash = `sha256:${sum}`;
  step.records.push(record);
}
