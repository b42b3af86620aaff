import assert from "node:assert/strict";
import { checkStagingInputs } from "../../../provider/inputs/staging-inputs";

const GOOD = {
  name: "web-staging",
  port: 8501,
  containerPort: 8000,
  healthPath: "/health",
  healthTimeout: 60,
  checkCommand: "true",
  checkTimeout: 600,
  production: { name: "web-production", port: 8500 },
};
const LATER = Symbol("later");

/** As unknown values are: at any leaf. */
function isLater(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === LATER;
  return Object.values(value).some(isLater);
}

function said(changes: Record<string, unknown>): string[] {
  const failures = checkStagingInputs({ ...GOOD, ...changes }, isLater);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("the inputs of a staged release", () => {
  it("are fine when they are", () => {
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({ production: {}, host: "unix:///run/docker.sock", healthPath: "/" }), []);
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ["production's name", { name: "web-production" }, /^staging\.name: web-production is production's name/],
    ["production's port", { port: 8500 }, /^staging\.port: 8500 is production's port/],
    [
      "a name that a release would give to what ran before",
      { name: "web", production: { name: "web-before" } },
      /^staging\.name: .* too near to production's web-before/,
    ],
    [
      "the other way round",
      { name: "web-before", production: { name: "web" } },
      /^staging\.name: .* too near/,
    ],
    ["no name", { name: undefined }, /^staging\.name: is missing/],
    ["a name that Docker refuses", { name: "web staging" }, /^staging\.name: expected a container's name/],
    ["no port", { port: null }, /^staging\.port: is missing/],
    ["a port that there is not", { port: 65_536 }, /^staging\.port: expected a port between 1 and 65535/],
    ["half a port", { containerPort: 80.5 }, /^staging\.containerPort: expected a port number/],
    [
      "a health path without its slash",
      { healthPath: "health" },
      /^staging\.healthPath: expected a path that begins with/,
    ],
    ["no time at all", { healthTimeout: 0 }, /^staging\.healthTimeout: expected more than 0 seconds/],
    ["an empty check", { checkCommand: " \n" }, /^check\.command: is empty/],
    [
      "a check that is a whole script",
      { checkCommand: "x".repeat(100_001) },
      /^check\.command: is longer than/,
    ],
    ["no check", { checkCommand: undefined }, /^check\.command: is missing/],
    ["an endless check", { checkTimeout: Number.POSITIVE_INFINITY }, /^check\.timeout: /],
    ["a host that is none", { host: "somewhere else" }, /^image\.host: expected unix/],
  ];
  for (const [claim, changes, words] of wrong) {
    it(`are refused with ${claim}`, () => {
      const failures = said(changes);
      assert.equal(failures.length, 1, failures.join("\n"));
      assert.match(failures[0] ?? "", words);
    });
  }

  it("are refused for everything that is wrong, at once", () => {
    const failures = said({ name: "web-production", port: 8500, checkCommand: "" });
    assert.deepEqual(failures.map((text) => text.split(":")[0]).sort(), [
      "check.command",
      "staging.name",
      "staging.port",
    ]);
  });

  it("are judged as far as they are known", () => {
    assert.deepEqual(said({ name: LATER, port: LATER, production: LATER }), []);
    assert.deepEqual(said({ name: LATER, production: { name: LATER, port: LATER } }), []);
    assert.equal(said({ name: LATER, port: 8500 }).length, 1);
  });
});
