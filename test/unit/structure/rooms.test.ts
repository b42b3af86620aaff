import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { arrows, circles, PROJECT, roomOf, roomsOnDisk, type Arrow } from "./imports";

/** The rooms of `provider/`, from the ground up: a room imports only from the rooms before it. */
const ROOMS = [
  ...["base", "packages", "recipe", "engines", "inputs"],
  ...["store", "promote", "build", "stage", "pulumi"],
];

/** Arrows that lead to a later room, in words: which file must not import which. */
function upward(all: readonly Arrow[]): string[] {
  return all
    .filter(({ from, to }) => ROOMS.indexOf(roomOf(from)) >= 0 && roomOf(to) !== roomOf(from))
    .filter(({ from, to }) => {
      const above = ROOMS.indexOf(roomOf(to));
      return above < 0 || above > ROOMS.indexOf(roomOf(from));
    })
    .map(({ from, to }) => `${from} imports ${to}: ${roomOf(from)} stands below ${roomOf(to)}`);
}

describe("the rooms of provider/", () => {
  const all = arrows();

  it("are these ten, and each says in a README what it is for", () => {
    assert.deepEqual(roomsOnDisk().toSorted(), ROOMS.toSorted());
    for (const room of ROOMS) {
      const text = readFileSync(join(PROJECT, "provider", room, "README.md"), "utf8");
      for (const word of ["Ways in", "May import"])
        assert.ok(text.includes(word), `${room}/README.md: ${word}`);
    }
  });

  it("import only from rooms before them", () => {
    assert.ok(all.length > 1000, "this reads the imports of the wrong place");
    assert.deepEqual(upward(all), []);
  });

  it("hold no files that import each other in a circle", () => {
    assert.deepEqual(circles(all), []);
  });

  it("have no way between the command and the dynamic resources", () => {
    const between = all.filter(({ from, to }) => {
      const rooms = [roomOf(from), roomOf(to)];
      return rooms.includes("cli") && rooms.includes("pulumi");
    });
    assert.deepEqual(between, []);
  });

  it("print what they show through one function, which spells out what steers a terminal", () => {
    const prints = /console\.(?:log|warn|error|info)\(|pulumi\.log\.|process\.std(?:out|err)\.write\(/;
    // The command's exit is given to runCommand, which makes it visible; the rest is fixed text, or is made visible before.
    const others = [
      "cli/main.ts",
      "provider/pulumi/host/row-log.ts",
      "provider/pulumi/host/within-reach.ts",
      "provider/build/background/main.ts",
    ];
    const inProgramText = "provider/stage/check-run.ts";
    const files = [...new Set(all.map(({ from }) => from))].filter(
      (file) => ![...others, inProgramText].includes(file),
    );
    const bare = files.flatMap((file) =>
      readFileSync(join(PROJECT, file), "utf8")
        .split("\n")
        .filter((line) => prints.test(line) && !/visible(?:Lines|Json)?\(/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    assert.deepEqual(bare, []);
  });

  it("name both files of an arrow that leads the wrong way, and all files of a circle", () => {
    const wrong = { from: "provider/store/a.ts", to: "provider/build/b.ts" };
    assert.deepEqual(upward([wrong]), [
      "provider/store/a.ts imports provider/build/b.ts: store stands below build",
    ]);
    assert.deepEqual(upward([{ from: wrong.to, to: wrong.from }]), []);
    assert.deepEqual(circles([wrong, { from: wrong.to, to: wrong.from }]), [[wrong.to, wrong.from]]);
  });
});
