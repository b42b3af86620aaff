/** One step of a preview: what Pulumi would do to one resource. */
export interface PreviewStep {
  /** `same`, `create`, `update`, `delete`, `replace`, `create-replacement`, `delete-replaced`, `read`, ... */
  op: string;
  urn: string;
  /** The last part of the URN. */
  name: string;
  /** Property names that the diff gave as the reason; empty when none. */
  diffReasons: string[];
  /** By property path; empty when the provider gave none. */
  detailedDiff: Record<string, { kind: string; inputDiff: boolean }>;
  newInputs: Record<string, unknown>;
}

/** The parsed output of `pulumi preview --json`. */
export interface Preview {
  code: number;
  /** In the order Pulumi gave them; a replacement has several for one resource. */
  steps: PreviewStep[];
  /** Counts by op. */
  changes: Record<string, number>;
  /** All messages, one after the other, each with its severity in front. */
  diagnostics: string;
  /** The messages about one resource. */
  said(name: string): string;
  /** The only step of the resource with this name. Throws when there is none or several. */
  step(name: string): PreviewStep;
  /** Names of resources with any op but `same`, sorted; the stack itself is left out. */
  changed(): string[];
}

interface PreviewJson {
  steps?: {
    op: string;
    urn: string;
    diffReasons?: string[];
    detailedDiff?: PreviewStep["detailedDiff"] | null;
    newState?: { inputs?: Record<string, unknown> };
  }[];
  diagnostics?: { severity: string; message: string; prefix?: string; urn?: string }[];
  changeSummary?: Record<string, number>;
}

/** Parses `preview --json`. Throws when the text is no JSON object, with the text. */
export function parsePreview(code: number, stdout: string, stderr: string): Preview {
  let json: PreviewJson;
  try {
    json = JSON.parse(stdout) as PreviewJson;
  } catch (cause) {
    throw new Error(`pulumi preview --json exited ${code} without JSON\n${stdout}\n${stderr}`, { cause });
  }
  const steps = (json.steps ?? []).map(({ op, urn, diffReasons, detailedDiff, newState }) => ({
    op,
    urn,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    diffReasons: diffReasons ?? [],
    detailedDiff: detailedDiff ?? {},
    newInputs: newState?.inputs ?? {},
  }));
  const messages = (json.diagnostics ?? []).map(({ severity, prefix, message, urn = "" }) => ({
    text: `${prefix || `${severity}: `}${message}`,
    about: urn.slice(urn.lastIndexOf("::") + 2),
  }));
  const textOf = (some: typeof messages): string => some.map(({ text }) => text).join("\n");
  return {
    code,
    steps,
    changes: json.changeSummary ?? {},
    diagnostics: textOf(messages),
    said: (name) => textOf(messages.filter(({ about }) => about === name)),
    step(name) {
      const [first, ...more] = steps.filter((step) => step.name === name);
      if (first !== undefined && more.length === 0) return first;
      throw new Error(
        `expected one step for ${name}, got ${JSON.stringify(steps.map(({ name, op }) => `${op} ${name}`))}`,
      );
    },
    changed() {
      const others = steps.filter(({ op, urn }) => op !== "same" && !urn.includes("::pulumi:pulumi:Stack::"));
      return [...new Set(others.map(({ name }) => name))].sort();
    },
  };
}
