import assert from "node:assert/strict";
import { ancestry } from "../../../../provider/recipe/apt-records/ancestry";
import type { RecordedStep } from "../../../../provider/recipe/apt-records/read-records";
import { pastHook } from "../../../../provider/recipe/apt-records/past-hook";
import { placeRecords, type PlacedRecord } from "../../../../provider/recipe/apt-records/stage-records";
import type { StageRecords } from "../../../../provider/recipe/apt-records/stage-records";
import { withRecords, type SeenStage } from "../../../../provider/recipe/apt-records/with-records";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import { inShort, packageOf } from "../../packages/in-short";

/** Packages from a text, of Debian where no ecosystem is named. */
const debian = (text: string): ReturnType<typeof packageOf>[] =>
  text
    .split(", ")
    .filter(Boolean)
    .map((short) => packageOf(/^(pip|npm):/.test(short) ? short : `dpkg:${short}`));
/** Records: `a@1 gone until 2` is what RUN 2 unpacked. The hash is #a where no other one is given. */
const records = (text: string, ...preferences: string[]): StageRecords => ({
  records: debian(text).map(({ name, version, arch, hash = "a", run }): PlacedRecord => {
    return { name, version, hash, ...(arch && { arch }), ...(run && { run }) };
  }),
  preferences,
  complete: true,
});
const stage = (label: string | null, packages: string, own?: StageRecords): SeenStage => ({
  label,
  packages: debian(packages),
  own,
  inherited: [own],
});

describe("withRecords", () => {
  /** The packages of the image and its stages in short, Debian's without their ecosystem. */
  const shown = (final: SeenStage, ...others: SeenStage[]): string =>
    withRecords(final, others)
      .packages.map((item) => inShort(item).replace("dpkg:", ""))
      .join(", ");

  // Packages of the image; what apt unpacked; what the lock has.
  table()`
    gives installed packages the hash of what apt unpacked, and calls transient what is gone
      ¦ base@1, kept@1, pip:kept@1 ¦ kept@1, gone@1 ¦ base@1, kept@1 #a, pip:kept@1, gone@1 #a gone
    tells an older version that was replaced, and other bytes, from what is there in the end
      ¦ a@2, b@1 ¦ a@1, a@2, b@1 #x, b@1 #y ¦ a@2 #a, b@1 #y, a@1 #a gone, b@1 #x gone
    names a transient once however often it came, and keeps architectures apart
      ¦ a@1 ¦ a:i386@1, a:i386@1, a@1 ¦ a@1 #a, a:i386@1 #a gone
    numbers the last RUN after which a transient was there, also of what comes back later
      ¦ a@2 ¦ a@2 gone until 1, a@1 gone until 3, a@2 gone until 5
      ¦ a@2 #a, a@2 #a gone until 2, a@1 #a gone until 4
  `((_, packages, unpacked, expected) =>
    assert.equal(shown(stage(null, packages, records(unpacked))), expected),
  );

  it("has what pip and npm tell of the stage among the transients", () => {
    const superseded = [packageOf("pip:x@1 in /v gone until 1")];
    const lock = "pip:x@2 in /v, pip:x@1 in /v of b gone until 1";
    assert.equal(shown({ ...stage("b", "pip:x@2 in /v"), superseded }), lock);
  });

  it("takes a hash from the stages that a stage is built on, the youngest first, and from no other", () => {
    const inherited = [records("a@1 #old, b@1 #old"), records("b@1 #young")];
    const young = { ...stage(null, "a@1, b@1, c@1"), inherited };
    const lock = "a@1 #old, b@1 #young, c@1, c@1 #a of other";
    assert.equal(shown(young, stage("other", "c@1", records("c@1"))), lock);
  });

  it("does not repeat for a stage what the image has, unless the stage had that name as a transient too", () => {
    const twice = stage(null, "a@2, b@1", records("a@2, b@1"));
    const builder = stage("builder", "a@2, b@1, own@1", records("a@1, b@1, a@2"));
    const lock = "a@2 #a, b@1 #a, a@2 #a of builder, own@1 of builder, a@1 #a of builder gone";
    assert.equal(shown(twice, builder), lock);
  });

  it("repeats a name that the stage has at another place or version as well", () => {
    const pip = "pip:urllib3@2 in /usr, pip:idna@3 in /usr";
    const lock = `${pip}, pip:urllib3@2 in /usr of builder, pip:urllib3@1 in /venv of builder`;
    assert.equal(shown(stage(null, pip), stage("builder", `${pip}, pip:urllib3@1 in /venv`)), lock);
  });

  it("says of which stages records are missing", () => {
    const clipped = { records: [], preferences: [], complete: false };
    const stages = [stage("a", "", clipped), stage("b", "", records("")), stage("2", "")];
    assert.deepEqual(withRecords(stage(null, "", clipped), stages).incomplete, ["", "a"]);
    assert.deepEqual(withRecords(stage(null, "", records("")), []).incomplete, []);
  });
});

describe("placeRecords", () => {
  const given = ({ index }: { index: number }): string => `given-${index}`;
  const TWO = "FROM a AS Builder\nFROM b\n";
  const step = (name: string | null, found = "a@1", complete = true): RecordedStep => ({
    ...records(found),
    stage: name,
    runsAfter: null,
    complete,
  });

  each("%s", [
    ["finds a stage by its name", TWO, "builder", [0]],
    ["finds a stage by its number", TWO, "stage-1", [1]],
    ["finds a stage by the name that it was given", TWO, "given-1", [1]],
    ["finds the only stage without a name", "FROM a\n", null, [0]],
    ["prefers a name to a number", "FROM a AS stage-1\nFROM b\nFROM c\n", "stage-1", [0]],
    ["takes every stage's records for incomplete where it finds none of the name", TWO, "nobody", []],
    ["takes every stage's records for incomplete where it has no name", TWO, null, []],
  ])((_, text, name, expected) => {
    const placed = [...placeRecords([step(name)], parseDockerfile(text), given)];
    const complete = placed.flatMap(([index, found]) => (found.complete ? [index] : []));
    assert.deepEqual(complete, expected);
  });

  it("counts the RUNs of the recipe from the end, as a base image's own come before them", () => {
    const text = "FROM a\nRUN x\nCOPY a a\nRUN y\n";
    const steps = [2, 1, 0].map((runsAfter) => ({ ...step(null), runsAfter }));
    const placed = placeRecords(steps, parseDockerfile(text), given).get(0);
    const runs = placed?.records.map(({ run }) => run);
    assert.deepEqual(runs, [undefined, 1, 2]);
  });

  it("puts the steps of a stage together; one that is incomplete makes the stage so", () => {
    const steps = [step("builder"), step("builder", "b@1", false)];
    const placed = placeRecords(steps, parseDockerfile(TWO), given).get(0);
    assert.deepEqual(placed, { ...records("a@1, b@1"), complete: false });
  });
});

describe("ancestry", () => {
  const FROM = "FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM z\nCOPY --from=y / /\n";
  const COPIES = "FROM a AS x\nFROM x AS y\nFROM scratch\nCOPY --from=y / /\nCOPY --from=x / /\n";
  each("is what %s", [
    ["a stage is FROM, oldest first", FROM, 3, [0, 2, 3]],
    ["it copies from as well, where no base image has brought any package", COPIES, 2, [0, 1, 2]],
  ])((_, text, index, expected) =>
    assert.deepEqual(ancestry(parseDockerfile(text), { platform: "linux/amd64" }, index), expected),
  );
});

describe("pastHook", () => {
  // Packages that are there; those of the base image; those of the records; what is said.
  table()`
    finds nothing where base and hook know all ¦ a@1, b@2 ¦ a@1 ¦ b@2 ¦
    leaves out what is no Debian package's ¦ a@1 ¦ a@1 ¦ ¦
    names what neither knows, also at another version or architecture, five at the most
      ¦ a@2, b:i386@1, c@1, d@1, e@1, f@1 ¦ a@1, b@1 ¦ no records
      ¦ apt-unseen: a 2, b 1, c 1, d 1, e 1 and 1 more
  `((_, present, base, known, expected) => {
    const own = known === "no records" ? undefined : records(known);
    assert.equal(said(present, base, own), expected);
  });

  it("names preferences of the image's own, each once", () =>
    assert.equal(said("a@1", "a@1", records("", "/x\u001b", "/x\u001b")), 'apt-config: ("/x\\u001b")'));

  function said(present: string, base: string, own?: StageRecords): string {
    const there = [...debian(present), packageOf("pip:x@1")];
    const found = pastHook(there, debian(base), own === undefined ? [] : [own], own);
    const about = (reason: string) => /(?<=about ).*(?=, so)|\(.*?\)/.exec(reason)?.[0];
    return found.map(({ kind, reason }) => `${kind}: ${about(reason)}`).join("; ");
  }
});
