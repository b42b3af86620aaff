/**
 * A failure with words meant for the user: one sentence that says what is wrong and what to do next, and, for a
 * command that failed, where its log is and how it ended.
 */
export class SetupError extends Error {
  /**
   * @param {string} sentence
   * @param {{log?: string, lastLines?: string[]}} [evidence]
   */
  constructor(sentence, evidence = {}) {
    super(sentence);
    this.name = "SetupError";
    this.log = evidence.log;
    this.lastLines = evidence.lastLines ?? [];
  }
}

/** Thrown inside a step when another step has failed, or the user has stopped the set-up. */
export class StoppedError extends Error {
  constructor() {
    super("The set-up was stopped.");
    this.name = "StoppedError";
  }
}

/**
 * What to print for a failure: the sentence, then the last lines of the log and its path, indented. An error that
 * isn't one of ours keeps its stack, because it is a defect.
 * @param {unknown} error
 * @returns {{sentence: string, evidence: string[]}}
 */
export function failureWords(error) {
  if (!(error instanceof SetupError)) {
    return {
      sentence: error instanceof Error ? (error.stack ?? error.message) : String(error),
      evidence: [],
    };
  }
  const evidence = error.lastLines.map((line) => `    ${line}`);
  return {
    sentence: error.message,
    evidence: error.log ? [...evidence, `    full log: ${error.log}`] : evidence,
  };
}
