import assert from "node:assert/strict";
import { hookConfiguration, hookScript, MARKER } from "../../../../provider/recipe/apt-records/hook";
import { readAptRecords, type RecordedStep } from "../../../../provider/recipe/apt-records/read-records";
import { each } from "../../../support/each";

const NONCE = "0123456789abcdef";
const SUM = "ab".repeat(32);
const said = (words: string, nonce = NONCE): string => `${MARKER} ${nonce} ${words}`;
const deb = (name: string, version = "1.0", arch = "-"): string => said(`${name} ${version} ${arch} ${SUM}`);

/** A log as Docker 20.10 writes it, with two steps that take turns. */
const LOG = `#1 [internal] load build definition from Dockerfile
#1 sha256:2272930a54a283551d6a50ef3e84efeaeeeeaa36d24efad7be491f4e5d851321
#1 DONE 0.0s

#5 [builder 2/3] RUN --mount=type=secret,id=a apt-get install -y make
#5 sha256:986c8cfc9599d574249d333f8c9d26f42e8ef10988fdc982d464bcae14bc7c35
#5 1.204 Reading package lists...
#5 11.41${" "}
#5 11.41 ${deb("libc6", "2.36-9+deb12u10", "i386")}
#5 ...

#7 [stage-1 2/2] RUN apt-get install -y g++
#7 2.100 (Reading database ... 5%\r${deb("g++", "4:12.2.0-3")}
#7 2.101 ${said("end 1")}
#7 DONE 3.0s

#5 [builder 2/3] RUN --mount=type=secret,id=a apt-get install -y make
#5 sha256:986c8cfc9599d574249d333f8c9d26f42e8ef10988fdc982d464bcae14bc7c35
#5 11.42 ${deb("make", "4.3-4.1")}\r
#5 11.42 ${said("end 2")}
#5 DONE 12.2s
`;

const one = (lines: readonly string[], header = "[builder 2/3] RUN x"): RecordedStep[] =>
  readAptRecords([`#5 ${header}`, ...lines.map((line) => `#5 1.5 ${line}`)].join("\n"), NONCE);

describe("readAptRecords", () => {
  it("reads what the hook said of each step, and the step's stage", () => {
    const hash = `sha256:${SUM}`;
    const libc = { name: "libc6", version: "2.36-9+deb12u10", arch: "i386", hash };
    const make = { name: "make", version: "4.3-4.1", hash };
    const gpp = { name: "g++", version: "4:12.2.0-3", hash };
    const said = { runsAfter: 0, preferences: [], complete: true };
    assert.deepEqual(readAptRecords(LOG, NONCE), [
      { stage: "builder", records: [libc, make], ...said },
      { stage: "stage-1", records: [gpp], ...said },
    ]);
  });

  each("reads the stage of %s", [
    ["a recipe of one stage", "[2/5] RUN x", null],
    ["many steps", "[ 2/12] RUN x", null],
    ["a stage of many steps", "[builder  2/12] RUN x", "builder"],
    ["a platform", "[linux/arm64 builder 2/5] RUN x", "builder"],
    ["a foreign platform", "[linux/amd64->arm64 stage-1 2/5] RUN x", "stage-1"],
  ])((_, header, expected) => assert.equal(one([deb("a"), said("end 1")], header)[0]?.stage, expected));

  it("takes neither another build's lines nor the recipe's own text", () => {
    assert.deepEqual(one([said(`a 1 - ${SUM}`, "fedcba9876543210"), `${MARKER} a 1 - ${SUM}`]), []);
    assert.deepEqual(readAptRecords(`#5 [builder 2/3] RUN echo ${deb("a")}\n${deb("a")}`, NONCE), []);
  });

  it("keeps later builds in the same log apart, and takes what they ran again", () => {
    const head =
      "#1 [internal] load build definition from Dockerfile\n#5 [other 2/3] RUN apt-get install make\n";
    const later = `${head}#5 1.42 ${deb("late")}\n#5 1.42 ${said("end 1")}`;
    const steps = readAptRecords(`${LOG}\n${later}`, NONCE);
    const counts = steps.map(({ stage, records }) => `${stage} ${records.length}`);
    assert.deepEqual(counts, ["builder 2", "stage-1 1", "other 1"]);
  });

  it("knows no sum where the image has no tool for it", () =>
    assert.deepEqual(one([said("a 1.0 - -"), said("end 1")])[0]?.records, [{ name: "a", version: "1.0" }]));

  it("leaves out steps that say nothing, and says so of those that had nothing to unpack", () =>
    assert.deepEqual(one(["Reading package lists...", said("end 0")]), []));
});

describe("the records of a step are incomplete when", () => {
  const END = said("end 1");
  const limits = ["log limit 1MiB", "log limit 2MiB", "log speed 100KiB/s", "log speed 200KiB/s"];
  const clipped = limits.map((why) => `[output clipped, ${why} reached]`);
  const broken = ["a 1.0 - abc", "a 1.0 -", "a", "end", "end x", `a 1.0 - ${SUM}ab`];
  each<readonly [string, readonly string[]]>("%s", [
    ...clipped.map((words) => [`BuildKit has left output out: ${words}`, [deb("a"), END, words]] as const),
    ...clipped.map((words) => [`BuildKit has left all output out: ${words}`, [words]] as const),
    ["the hook did not come to its end", [deb("a")]],
    ["its lines are fewer than it says", [deb("a"), said("end 2")]],
    ["its lines are more than it says", [deb("a"), deb("b"), END]],
    ["lines follow the end", [deb("a"), END, deb("b")]],
    ...broken.map((line) => [`a line is not whole: ${line}`, [said(line), said("end 0")]] as const),
  ])((_, lines) => assert.equal(one(lines)[0]?.complete, false));

  it("and not where the hook ran twice and came to its end each time", () =>
    assert.equal(one([deb("a"), END, deb("b"), END])[0]?.complete, true));
});

describe("the hook", () => {
  it("ends well whatever becomes of it, and has options that no other hook reads", () => {
    const [command = "", options = ""] = hookConfiguration("/dev/x/record");
    const [, first = ""] = /"(\S+) \/dev\/x\/record \|\| cat > \/dev\/null \|\| true"/.exec(command) ?? [];
    assert.equal(options, `DPkg::Tools::Options::${first}::Version "3";`);
    assert.ok(first !== "/bin/sh" && first !== "", command);
  });

  it("prints what the reader reads, for 2,000 packages less than a third of what a step may print", () => {
    assert.ok(hookScript(NONCE).includes(`'${MARKER} ${NONCE}'`));
    const line = deb("a-package-with-a-longish-name", "1:12.2.0-14+deb12u1");
    assert.ok(2_000 * `${line}\n`.length < (1024 * 1024) / 3);
    const many = Array.from({ length: 2_000 }, (_, index) => deb(`own-${index}`));
    assert.equal(one([...many, said("end 2000")])[0]?.records.length, 2_000);
  });
});
