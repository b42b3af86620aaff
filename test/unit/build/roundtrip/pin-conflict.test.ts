import assert from "node:assert/strict";
import { pinConflict } from "../../../../provider/build/roundtrip/pin-conflict";
import { each } from "../../../support/each";
import { lockOf } from "../../packages/in-short";

const lock = lockOf("npm:left@1.0.0", "pip:rich@13.0.0", "pip:own-foo@1.0");
const HELP = "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/";
const conflict = (...sides: string[]): string[] => [
  "ERROR: Cannot install own-foo==1.0 because these package versions have conflicting dependencies.",
  ...["", "The conflict is caused by:", ...sides.map((side) => `    ${side}`), ""],
  ...["To fix this you could try to:", HELP],
];
const PIN = "The user requested (constraint) rich==13.0.0";
const OWN_PIN = "The user requested (constraint) rich==12.0.0";
const EUSAGE =
  "npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.";

describe("what a step asked for and the pins do not allow", () => {
  const OUTSIDE = ["npm error code EOUTSIDELOCK", "npm error outside the lock: left >=1.0.1 <2"];
  const OLD_NPM = ["npm ERR! outside the lock: @own/right ^2"];
  const NEWER = "npm is to install left >=1.0.1 <2, and the lock has left 1.0.0";
  const UNKNOWN = "npm is to install @own/right ^2, which the lock does not have";
  const DEPENDS = "own-foo 1.0 depends on Rich>=13.0.1";
  const EXCLUDED = `${DEPENDS}, and the lock has rich 13.0.0`;
  const NAMED = "pip is to install rich>=14, and the lock has rich 13.0.0";
  const QUIET = `pip says that the locked versions do not go together: ${HELP}`;
  each("%s", [
    ["is a version of npm's that the lock does not have", OUTSIDE, NEWER, "npm:left"],
    ["is a package of npm's that the lock does not have", OLD_NPM, UNKNOWN, "npm:@own/right"],
    ["is what a package of pip's depends on", conflict(DEPENDS, PIN), EXCLUDED, "pip:rich"],
    ["is what the command itself names", conflict("The user requested rich>=14", PIN), NAMED, "pip:rich"],
    ["is any package where pip is quiet", [HELP], QUIET, "pip:"],
  ])((_, lines, words, name) => {
    const outside = name === "npm:@own/right" ? ["@own/right"] : [];
    assert.deepEqual(pinConflict(lines, lock), { words, names: [name], outside, lockFile: false });
  });

  it("is the lock file that npm refuses", () => {
    const invalid = "npm error Invalid: lock file's left@1.0.0 does not satisfy left@1.0.1";
    const missing = "npm error Missing: @own/right@2.0.0 from lock file";
    const found = pinConflict(["npm error code EUSAGE", EUSAGE, invalid, missing], lock);
    assert.deepEqual([found?.names, found?.lockFile], [["npm:left", "npm:@own/right"], true]);
    const words = /^npm's project does not go with its locked lock file: npm error Invalid: /;
    assert.match(found?.words ?? "", words);
  });

  const UNAVAILABLE = ["npm error code E503", "ERROR: No matching distribution found for rich==13.0.0"];
  each("is none where %s", [
    ["nothing excludes the locked version", conflict("The user requested rich", PIN)],
    ["the locked version itself is asked for", conflict("The user requested rich==13.0.0", PIN)],
    ["the constraint is the recipe's own", conflict("The user requested rich>=14", OWN_PIN)],
    ["something else failed", UNAVAILABLE],
  ])((_, lines) => assert.equal(pinConflict(lines, lock), null));
});
