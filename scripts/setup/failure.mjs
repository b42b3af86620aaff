/** A failure in words meant for the user: what is wrong and what to do. Of a command also its log and last lines. */
export class SetupError extends Error {
  /** @param {string} sentence @param {{log?: string, lastLines?: string[]}} [evidence] */
  constructor(sentence, { log, lastLines = [] } = {}) {
    super(sentence);
    this.name = "SetupError";
    this.log = log;
    this.lastLines = lastLines;
  }
}
