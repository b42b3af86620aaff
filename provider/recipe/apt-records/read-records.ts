import { MARKER } from "./hook";

/** One package file that apt unpacked. */
export interface AptRecord {
  name: string;
  version: string;
  /** A foreign architecture. */
  arch?: string;
  /** `sha256:` and hex, of the package file. */
  hash?: string;
}

/** What apt unpacked in one step of a build. */
export interface RecordedStep {
  /** The stage as BuildKit calls it; null in a recipe of one stage. */
  stage: string | null;
  /** In the order of unpacking. */
  records: AptRecord[];
  /** false where lines of the step's log are missing, and records may be. */
  complete: boolean;
}

/** `#7 [linux/arm64 builder  2/10] RUN ...`, of which the platform and the stage may be absent. */
const HEADER = /^#([0-9]+) \[([^\]]*?) *[0-9]+\/[0-9]+\] (.*)$/s;
/** `#7 1.234 text`: something that the step's command printed, carriage returns included. */
const OUTPUT = /^#([0-9]+) [0-9]+\.[0-9]+ (.*)$/s;
/** BuildKit's words for output that it left out, of which it takes so much at all, and so much in a second. */
const CLIPPED = /\[output clipped, log (?:limit|speed) [^\]]*reached\]/;
const RECORD = /^(\S{1,255}) ([!-~]{1,256}) (-|[a-z0-9][a-z0-9-]{0,63}) (-|[0-9a-f]{64})\s*$/;
const END = /^end ([0-9]{1,9})\s*$/;

interface OpenStep extends RecordedStep {
  title: string;
  /** Records since the last end. */
  pending: number;
}

/**
 * Reads what the hook said in a build's log (BuildKit's plain progress). A log can hold several builds of one recipe,
 * of which the later ones repeat steps from the cache. Steps that have nothing to say are left out.
 *
 * @param nonce the build's own; lines with another one are not read
 */
export function readAptRecords(log: string, nonce: string): RecordedStep[] {
  const said = `${MARKER} ${nonce} `;
  const steps: OpenStep[] = [];
  const current = new Map<string, OpenStep>();
  for (const line of log.split("\n")) {
    const [, number = "", where = "", title = ""] = HEADER.exec(line) ?? [];
    if (number !== "") {
      // Who has waited for another step's output is announced again.
      const full = `${where} ${title}`;
      if (current.get(number)?.title === full) continue;
      // No stage has a slash in its name; a platform has.
      const stage = where.split(" ").findLast((word) => word !== "" && !word.includes("/")) ?? null;
      const step = { stage, records: [], complete: true, title: full, pending: 0 };
      current.set(number, step);
      steps.push(step);
      continue;
    }
    const [, of = "", text = ""] = OUTPUT.exec(line) ?? [];
    const step = current.get(of);
    if (step === undefined) continue;
    if (CLIPPED.test(text)) step.complete = false;
    // Something else may have begun the line.
    const at = text.indexOf(said);
    if (at !== -1) take(step, text.slice(at + said.length));
  }
  return steps
    .map(({ stage, records, complete, pending }) => ({ stage, records, complete: complete && pending === 0 }))
    .filter(({ records, complete }) => records.length > 0 || !complete);
}

function take(step: OpenStep, text: string): void {
  const [, count] = END.exec(text) ?? [];
  if (count !== undefined) {
    if (step.pending !== Number(count)) step.complete = false;
    step.pending = 0;
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
