import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILD_BEGINS } from "../../../../provider/engines/engine";
import { cachedSteps, cacheWords } from "../../../../provider/build/lock/cached-steps";
import { compareLocked } from "../../../../provider/build/lock/compare-locked";
import { lockMeaning } from "../../../../provider/build/lock/meaning";
import { readCommittedLock } from "../../../../provider/build/lock/read-lock";
import { forced, released } from "../../../../provider/build/lock/release";
import { renewed } from "../../../../provider/build/lock/renewal";
import { writeCommittedLock } from "../../../../provider/build/lock/write-lock";
import { canonicalLock, lockHash } from "../../../../provider/packages/lock/canonical";
import { makeLock } from "../../../../provider/packages/lock/make";
import type { Lock, LockedBuild } from "../../../../provider/packages/lock/types";
import { hashInstructions } from "../../../../provider/recipe/dockerfile/instruction-hashes";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { each } from "../../../support/each";
import { packagesOf } from "../../packages/in-short";

const RECIPE = "FROM debian\nRUN apt-get install -y curl\nCOPY . .\n";
const recipe = parseDockerfile(RECIPE);
const asked = { recipe, target: null, platform: "linux/amd64", references: ["debian"] };
const build: LockedBuild = {
  ...{ recipe: hashInstructions(recipe), platform: "linux/amd64", npmProjects: [], replaced: [] },
  ...{ incomplete: [], unordered: [] },
};
const lockWith = (...packages: string[]): Lock =>
  makeLock({
    ...{ sources: [], unpinned: [], ...build },
    bases: [{ reference: "debian", digest: `sha256:${"a".repeat(64)}` }],
    packages: packagesOf(...packages),
  });
const LOCK = lockWith("dpkg:curl@1", "dpkg:libc6@2", "pip:flask@3 in /opt");

describe("what a committed lock means", () => {
  each("%s", [
    ["none where there is no file", null, RECIPE, "none", /^$/],
    ["it fits its recipe", LOCK, RECIPE, "fits", /^$/],
    [
      "a comment, empty lines and the line ends of Windows change nothing",
      LOCK,
      `# a\n\n${RECIPE.replaceAll("\n", "\r\n")}`,
      "fits",
      /^$/,
    ],
    ["a new line is named", LOCK, `${RECIPE}RUN make\n`, "changed", /^line 4 is new or changed: RUN make$/],
    [
      "a changed line is named once",
      LOCK,
      RECIPE.replace("curl", "wget"),
      "changed",
      /^line 2 is new or changed: RUN apt-get install -y wget$/,
    ],
    [
      "a line that is gone is named",
      LOCK,
      RECIPE.replace("COPY . .\n", ""),
      "changed",
      /^an instruction COPY is gone$/,
    ],
    [
      "another order is said",
      LOCK,
      "FROM debian\nCOPY . .\nRUN apt-get install -y curl\n",
      "changed",
      /^its instructions stand in another order$/,
    ],
    [
      "it is of another recipe",
      LOCK,
      "FROM other\nRUN x\n",
      "unusable",
      /none of its instructions is in this one; give the lock of this image/,
    ],
    [
      "it is of an earlier schema",
      { ...LOCK, schema: 2, recipe: undefined },
      RECIPE,
      "unusable",
      /schema 2, of an earlier version.*remove it and build again/,
    ],
  ] as const)((_, lock, text, kind, words) => {
    const meaning = lockMeaning(lock, { ...asked, recipe: parseDockerfile(text) });
    assert.equal(meaning.kind, kind);
    const said =
      meaning.kind === "changed"
        ? meaning.changes.join("; ")
        : meaning.kind === "unusable"
          ? meaning.reason
          : "";
    assert.match(said, words);
  });

  it("another platform is refused, another target or base is a change, and what is not known is left out", () => {
    assert.match(
      JSON.stringify(lockMeaning(LOCK, { ...asked, platform: "linux/arm64/v8" })),
      /written for linux\/amd64, and this build is for linux\/arm64\/v8/,
    );
    assert.match(
      JSON.stringify(lockMeaning(LOCK, { ...asked, target: "test" })),
      /the target is test, and was the last stage/,
    );
    assert.match(
      JSON.stringify(lockMeaning(LOCK, { ...asked, references: ["alpine"] })),
      /the base image alpine is new/,
    );
    assert.equal(lockMeaning(LOCK, { recipe, target: null }).kind, "fits");
  });

  it("a renewal makes of it what is asked for", () => {
    const fits = { kind: "fits", lock: LOCK } as const;
    assert.equal(renewed(fits, null).kind, "fits");
    assert.equal(renewed(fits, "all").kind, "none");
    assert.equal(renewed(fits, ["dpkg:curl"]).kind, "changed");
    assert.equal(renewed({ kind: "none" }, []).kind, "none");
  });
});

describe("a committed lock on disk", () => {
  let folder: string;
  let file: string;
  const TEXT = canonicalLock(LOCK);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-tests-"));
    file = join(folder, "web-app.lock");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  each("%s is refused with what to do", [
    ["a cut file", TEXT.slice(0, 200), /it is not JSON.*Restore the lock file/],
    [
      "a hand-edited file",
      TEXT.replace('  "platform"', '   "platform"'),
      /line \d+ is not as this package writes it.*restore the file from git/,
    ],
    ["a newer schema", TEXT.replace('"schema": 3', '"schema": 4'), /schema version 4 is not known/],
    ["a file with conflict marks", `<<<<<<< HEAD\n${TEXT}`, /git's conflict marks, the first in line 1/],
    [
      "a line that is there twice",
      TEXT.replace(/^( {4}\{.*"curl".*\n)/m, "$1$1"),
      /lines \d+ and \d+ are the same package; keep one/,
    ],
    [
      "a package at two versions",
      canonicalLock(lockWith("dpkg:curl@1", "dpkg:curl@2")),
      /it has dpkg:curl twice \(1 and 2\); keep one/,
    ],
    ["a file with the line ends of Windows", TEXT.replaceAll("\n", "\r\n"), /\.gitattributes/],
  ])(async (_, text, message) => {
    await writeFile(file, text);
    await assert.rejects(readCommittedLock(file), { code: "lock-file", message });
  });

  it("is read as it was written, and null where there is none", async () => {
    assert.equal(await readCommittedLock(file), null);
    assert.equal(await writeCommittedLock(file, LOCK, null), true);
    assert.deepEqual(await readCommittedLock(file), { lock: LOCK, hash: lockHash(TEXT) });
    assert.equal(await writeCommittedLock(file, LOCK, null), false);
  });

  it("is not written over what somebody else has written meanwhile", async () => {
    await writeFile(file, "other");
    await assert.rejects(writeCommittedLock(file, LOCK, null), {
      message: /changed by somebody else meanwhile.*try again/,
    });
  });
});

describe("what has to move", () => {
  const held = new Set(["dpkg:lib", "dpkg:tool", "pip:own-lib", "npm:@a/b"]);
  each("%s", [
    ["a library that holds back a tool", " tool : Depends: lib (= 2) but 1 is to be installed", ["dpkg:lib"]],
    [
      "a tool, where its library is free",
      " tool : Depends: libc6 (= 2) but 1 is to be installed",
      ["dpkg:tool"],
    ],
    [
      "a library, where apt-get -qq leaves out all but its debugging output",
      "Broken tool:amd64 Depends on lib:amd64 < none | 1.0 @un uH > (= 1.1)",
      ["dpkg:lib"],
    ],
    [
      "a package that it breaks, likewise",
      "Broken x:amd64 Breaks on lib:amd64 < 1.0 @ii mK > (< 2)",
      ["dpkg:lib"],
    ],
    ["what pip can't find", "ERROR: No matching distribution found for own_lib==1.0", ["pip:own-lib"]],
    ["what npm can't find", "npm error notarget No matching version found for @a/b@^1.0.0.", ["npm:@a/b"]],
    ["nothing", "make: *** [all] Error 2", []],
  ])((_, line, names) => assert.deepEqual(forced([line], held), names));

  it("is taken out of the pins, and what was bound to a RUN of another recipe too", () => {
    const { packages } = released(
      {
        ...LOCK,
        packages: [...LOCK.packages, { ecosystem: "pip", name: "x", version: "1", transient: true, run: 1 }],
      },
      new Set(["dpkg:curl"]),
    );
    assert.deepEqual(
      packages.map(({ name }) => name),
      ["libc6", "flask"],
    );
  });
});

describe("a build from a committed lock", () => {
  const LOG = `${BUILD_BEGINS}
#1 [internal] load build definition
#4 [1/4] FROM docker.io/library/debian
#4 CACHED
#5 [2/4] RUN apt-get install -y curl
#5 CACHED
#6 [3/4] WORKDIR /app
#6 CACHED
#7 [4/4] COPY . .
#7 DONE 0.1s
`;
  it("counts the steps that came from the cache, in the last build of the log", () => {
    const found = cachedSteps(`${BUILD_BEGINS}\n#2 [1/1] RUN x\n${LOG}`);
    assert.deepEqual(found, { steps: 3, cached: 2, runs: true });
    assert.equal(cacheWords(found), "2 of 3 steps from cache");
  });

  const HASH = `sha256:${"b".repeat(64)}`;
  const whole = { ...lockWith(`dpkg:curl@1 #${HASH}`, "dpkg:gone@1 gone", "pip:flask@3 in /opt"), ...build };
  const answer = (fromCache: boolean, incomplete: string[], ...packages: string[]) =>
    compareLocked(
      whole,
      {
        ...{ packages: packagesOf(...packages), incomplete, unordered: [], sources: [], npmProjects: [] },
        ...{ stages: [], notCaptured: [], byFiles: false },
      },
      fromCache,
      ["build.log"],
    );
  const compared = (fromCache: boolean, ...packages: string[]) => {
    const found = answer(fromCache, [], ...packages);
    if (typeof found === "string") assert.fail(found);
    return found;
  };

  it("is the lock's where the cache has the lock's packages, although apt then reports nothing", () => {
    assert.equal(compared(true, "dpkg:curl@1", "pip:flask@3 in /opt").reason, null);
    assert.notEqual(compared(false, "dpkg:curl@1", "pip:flask@3 in /opt").reason, null);
  });

  it("says why it can't be told, where the log of a RUN was clipped", () => {
    const words = answer(false, [""], `dpkg:curl@1 #${HASH}`, "pip:flask@3 in /opt");
    assert.ok(typeof words === "string");
    assert.match(words, /^the log of a RUN was clipped, so it is not known .*gone.*\(logs: build\.log\)$/);
  });

  each("is not the lock's where the cache has %s", [
    ["another version", "dpkg:curl@2", "pip:flask@3 in /opt"],
    ["another file, by its hash", `dpkg:curl@1 #sha256:${"c".repeat(64)}`, "pip:flask@3 in /opt"],
    ["one package less", "dpkg:curl@1"],
    ["one package more", "dpkg:curl@1", "pip:flask@3 in /opt", "pip:evil@1 in /opt"],
  ])((_, ...packages) => {
    const there = packages.filter((one) => one !== undefined);
    assert.notEqual(compared(true, ...there).reason, null);
  });
});
