import assert from "node:assert/strict";
import { ancestry } from "../../../../provider/recipe/apt-records/ancestry";
import type { AptRecord, RecordedStep } from "../../../../provider/recipe/apt-records/read-records";
import { placeRecords, type StageRecords } from "../../../../provider/recipe/apt-records/stage-records";
import { withRecords, type SeenStage } from "../../../../provider/recipe/apt-records/with-records";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { inShort, packagesOf } from "../../packages/in-short";

const record = (name: string, version = "1", hash = "sha256:a"): AptRecord => ({ name, version, hash });
const records = (...found: AptRecord[]): StageRecords => ({ records: found, complete: true });

/** A stage with these packages; Debian's where no ecosystem is named. */
function stage(label: string | null, packages: string[], own?: StageRecords): SeenStage {
  const shorts = packages.map((short) => (short.includes(":") ? short : `dpkg:${short}`));
  return { label, packages: packagesOf(...shorts), own, inherited: [own] };
}

/** The packages of the image and its stages in short, Debian's without their ecosystem. */
const shown = (final: SeenStage, others: SeenStage[] = []): string[] =>
  withRecords(final, others).packages.map((item) => inShort(item).replace("dpkg:", ""));

describe("withRecords", () => {
  it("gives installed packages the hash of what apt unpacked, and calls transient what is gone", () => {
    const final = stage(null, ["base@1", "kept@1", "pip:kept@1"], records(record("kept"), record("gone")));
    assert.deepEqual(shown(final), ["base@1", "kept@1 #sha256:a", "pip:kept@1", "gone@1 #sha256:a gone"]);
    assert.deepEqual(withRecords(final, []).incomplete, []);
  });

  it("tells an older version that was replaced, and other bytes, from what is there in the end", () => {
    const versions = [record("a", "1"), record("a", "2")];
    const bytes = [record("b", "1", "sha256:x"), record("b", "1", "sha256:y")];
    assert.deepEqual(shown(stage(null, ["a@2", "b@1"], records(...versions, ...bytes))), [
      "a@2 #sha256:a",
      "b@1 #sha256:y",
      "a@1 #sha256:a gone",
      "b@1 #sha256:x gone",
    ]);
  });

  it("names a transient once however often it came, and keeps architectures apart", () => {
    const foreign = { ...record("a"), arch: "i386" };
    const final = stage(null, ["a@1"], records(foreign, foreign, record("a")));
    assert.deepEqual(shown(final), ["a@1 #sha256:a", "a:i386@1 #sha256:a gone"]);
  });

  it("takes a hash from the stages that a stage is built on, the youngest first, and from no other", () => {
    const old = records(record("a", "1", "sha256:old"), record("b", "1", "sha256:old"));
    const young = records(record("b", "1", "sha256:young"));
    const final = { ...stage(null, ["a@1", "b@1", "c@1"]), inherited: [old, young] };
    assert.deepEqual(shown(final, [stage("other", ["c@1"], records(record("c")))]), [
      "a@1 #sha256:old",
      "b@1 #sha256:young",
      "c@1",
      "c@1 #sha256:a of other",
    ]);
  });

  it("does not repeat for a stage what the image has, unless the stage had that name as a transient too", () => {
    const final = stage(null, ["a@2", "b@1"], records(record("a", "2"), record("b")));
    const own = records(record("a", "1"), record("b"), record("a", "2"));
    assert.deepEqual(shown(final, [stage("builder", ["a@2", "b@1", "own@1"], own)]), [
      "a@2 #sha256:a",
      "b@1 #sha256:a",
      "a@2 #sha256:a of builder",
      "own@1 of builder",
      "a@1 #sha256:a of builder gone",
    ]);
  });

  it("repeats a name that the stage has at another place or version as well", () => {
    const image = ["pip:urllib3@2 in /usr", "pip:idna@3 in /usr"];
    assert.deepEqual(shown(stage(null, image), [stage("builder", [...image, "pip:urllib3@1 in /venv"])]), [
      "pip:urllib3@2 in /usr",
      "pip:idna@3 in /usr",
      "pip:urllib3@2 in /usr of builder",
      "pip:urllib3@1 in /venv of builder",
    ]);
  });

  it("says of which stages records are missing", () => {
    const clipped = { records: [], complete: false };
    const stages = [stage("a", [], clipped), stage("b", [], records()), stage("2", [])];
    assert.deepEqual(withRecords(stage(null, [], clipped), stages).incomplete, ["", "a"]);
  });
});

describe("placeRecords", () => {
  const given = ({ index }: { index: number }): string => `given-${index}`;
  const TWO = "FROM a AS Builder\nFROM b\n";
  const step = (name: string | null, found = "a", complete = true): RecordedStep => ({
    stage: name,
    records: [record(found)],
    complete,
  });

  for (const [claim, text, name, expected] of [
    ["finds a stage by its name", TWO, "builder", [0]],
    ["finds a stage by its number", TWO, "stage-1", [1]],
    ["finds a stage by the name that it was given", TWO, "given-1", [1]],
    ["finds the only stage without a name", "FROM a\n", null, [0]],
    ["prefers a name to a number", "FROM a AS stage-1\nFROM b\nFROM c\n", "stage-1", [0]],
    ["takes every stage's records for incomplete where it finds none of the name", TWO, "nobody", []],
    ["takes every stage's records for incomplete where it has no name", TWO, null, []],
  ] as const) {
    it(claim, () => {
      const placed = [...placeRecords([step(name)], parseDockerfile(text), given)];
      const complete = placed.filter(([, found]) => found.complete).map(([index]) => index);
      assert.deepEqual(complete, expected);
    });
  }

  it("puts the steps of a stage together; one that is incomplete makes the stage so", () => {
    const steps = [step("builder"), step("builder", "b", false)];
    assert.deepEqual(placeRecords(steps, parseDockerfile(TWO), given).get(0), {
      records: [record("a"), record("b")],
      complete: false,
    });
  });
});

describe("ancestry", () => {
  for (const [claim, text, index, expected] of [
    [
      "is what a stage is FROM, oldest first",
      "FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z\nCOPY --from=y / /\n",
      3,
      [0, 2, 3],
    ],
    [
      "is what it copies from as well, where no base image has brought any package",
      "FROM a AS x\nFROM x AS y\nFROM scratch\nCOPY --from=y / /\nCOPY --from=x / /\n",
      2,
      [0, 1, 2],
    ],
  ] as const) {
    it(claim, () =>
      assert.deepEqual(ancestry(parseDockerfile(text), { platform: "linux/amd64" }, index), expected),
    );
  }
});
