import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "mocha";

/** What the tests' set-up has left: the variables that select its builder beside the engine, or why there is none. */
type SetUp = { environment: Record<string, string> } | { reason: string };

const FILE = join(__dirname, "..", "..", "..", ".state", "builder.json");

function setUp(): SetUp {
  try {
    return JSON.parse(readFileSync(FILE, "utf8")) as SetUp;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { reason: "the set-up has not run here: npm run setup" };
  }
}

/**
 * Tests with a builder beside the engine: a docker client with buildx, and a new BuildKit selected. Where the set-up
 * could not get one they are skipped, with the reason in their title; on CI they fail.
 */
export function describeBeside(title: string, body: (this: Suite) => void): void {
  const found = setUp();
  const missing = "reason" in found ? found.reason : null;
  describe(`${title} [builder beside the engine${missing === null ? "" : `: none, ${missing}`}]`, function () {
    const before_: Record<string, string | undefined> = {};
    before(function () {
      if ("reason" in found) {
        if (process.env.CI) throw new Error(found.reason);
        this.skip();
      }
      for (const [name, value] of Object.entries(found.environment)) {
        before_[name] = process.env[name];
        process.env[name] = value;
      }
    });
    body.call(this);
    after(() => {
      for (const [name, value] of Object.entries(before_)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
  });
}

/** The same tests twice: with the builder that the user has selected, and with one beside the engine. */
export function describeInLanes(title: string, body: (this: Suite) => void): void {
  describe(title, body);
  describeBeside(title, body);
}
