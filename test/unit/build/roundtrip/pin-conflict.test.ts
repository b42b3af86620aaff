import assert from "node:assert/strict";
import { pinConflict } from "../../../../provider/build/roundtrip/pin-conflict";
import { makeLock } from "../../../../provider/packages/lock/make";
import { each } from "../../../support/each";

const lock = makeLock({
  bases: [],
  packages: [
    { ecosystem: "npm", name: "left", version: "1.0.0" },
    { ecosystem: "pip", name: "rich", version: "13.0.0" },
    { ecosystem: "pip", name: "own-foo", version: "1.0" },
  ],
  sources: [],
  unpinned: [],
});
const conflict = (...sides: string[]): string[] => [
  "ERROR: Cannot install own-foo==1.0 because these package versions have conflicting dependencies.",
  "",
  "The conflict is caused by:",
  ...sides.map((side) => `    ${side}`),
  "",
  "To fix this you could try to:",
  "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/",
];
const PIN = "The user requested (constraint) rich==13.0.0";

describe("what a step asked for and the pins do not allow", () => {
  each("%s", [
    [
      "is a version of npm's that the lock does not have",
      ["npm error code EOUTSIDELOCK", "npm error outside the lock: left >=1.0.1 <2"],
      {
        words: "npm is to install left >=1.0.1 <2, and the lock has left 1.0.0",
        names: ["npm:left"],
        outside: [],
      },
    ],
    [
      "is a package of npm's that the lock does not have",
      ["npm ERR! outside the lock: @own/right ^2"],
      {
        words: "npm is to install @own/right ^2, which the lock does not have",
        names: ["npm:@own/right"],
        outside: ["@own/right"],
      },
    ],
    [
      "is what a package of pip's depends on",
      conflict("own-foo 1.0 depends on Rich>=13.0.1", PIN),
      {
        words: "own-foo 1.0 depends on Rich>=13.0.1, and the lock has rich 13.0.0",
        names: ["pip:rich"],
        outside: [],
      },
    ],
    [
      "is what the command itself names",
      conflict("The user requested rich>=14", PIN),
      { words: "pip is to install rich>=14, and the lock has rich 13.0.0", names: ["pip:rich"], outside: [] },
    ],
    [
      "is any package where pip is quiet",
      ["ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/"],
      {
        words:
          "pip says that the locked versions do not go together: ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/",
        names: ["pip:"],
        outside: [],
      },
    ],
  ])((_, lines, expected) => {
    assert.deepEqual(pinConflict(lines, lock), { ...expected, lockFile: false });
  });

  it("is the lock file that npm refuses", () => {
    const lines = [
      "npm error code EUSAGE",
      "npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.",
      "npm error Invalid: lock file's left@1.0.0 does not satisfy left@1.0.1",
      "npm error Missing: @own/right@2.0.0 from lock file",
    ];
    const found = pinConflict(lines, lock);
    assert.deepEqual([found?.names, found?.lockFile], [["npm:left", "npm:@own/right"], true]);
    assert.match(
      found?.words ?? "",
      /^npm's project does not go with its locked lock file: npm error Invalid: /,
    );
  });

  each("is none where %s", [
    ["nothing excludes the locked version", conflict("The user requested rich", PIN)],
    ["the locked version itself is asked for", conflict("The user requested rich==13.0.0", PIN)],
    [
      "the constraint is the recipe's own",
      conflict("The user requested rich>=14", "The user requested (constraint) rich==12.0.0"),
    ],
    [
      "something else failed",
      ["npm error code E503", "ERROR: No matching distribution found for rich==13.0.0"],
    ],
  ])((_, lines) => {
    assert.equal(pinConflict(lines, lock), null);
  });
});
