import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../provider/base/errors/store-error";
import { readRecord, writeRecord } from "../../../provider/store/record";
import { each } from "../../support/each";
import { at, recordOf, scratch } from "./scratch";
import { pointAtomic, writeAtomic } from "../../../provider/store/write";
import { buildPaths, SUFFIXES } from "../../../provider/store/paths";
import { claimTimestamp, compareTimestamps } from "../../../provider/store/timestamp";
import { formatTimestamp, TIMESTAMP } from "../../../provider/store/timestamp";

describe("store: build records", () => {
  const fresh = (): string => join(scratch(), `web-${at(1)}.build.json`);

  it("are read as they were written", async () => {
    const file = fresh();
    for (const force of [null, 1, "again", { nested: [true] }]) {
      await writeRecord(file, recordOf({ force, revision: null, target: "final" }));
      assert.deepEqual(await readRecord(file), recordOf({ force, revision: null, target: "final" }));
    }
    assert.ok(readFileSync(file, "utf8").endsWith("}\n"));
  });

  it("of another build are errors", async () => {
    const file = fresh();
    for (const changes of [{ name: "api" }, { timestamp: at(2) }, { reference: `api:${at(1)}` }]) {
      await writeRecord(file, recordOf(changes));
      await assert.rejects(readRecord(file), /is that of another build/);
    }
  });

  it("that are missing are null, not an error", async () => assert.equal(await readRecord(fresh()), null));

  const changed = (changes: object): string => JSON.stringify({ ...recordOf(), ...changes });
  each("with %s are an error that says what to do", [
    ["no JSON", "{"],
    ["another schema", changed({ schema: 1 })],
    ["a missing field", changed({ imageId: undefined })],
    ["a secret's value", changed({ secrets: { token: { value: "hunter2" } } })],
    ["a list", "[]"],
  ])(async (_, text) => {
    const file = fresh();
    writeFileSync(file, text);
    const message = /^the build record .* can't be understood \(.*\); remove the build's files/s;
    await assert.rejects(readRecord(file), { name: "StoreError", file, message });
  });

  it("that can't be read are an error, not a missing build", async () => {
    const file = fresh();
    mkdirSync(file);
    await assert.rejects(readRecord(file), StoreError);
  });
});

describe("store: writing", () => {
  it("replaces a whole file, and leaves nothing beside it", async () => {
    const directory = scratch();
    const file = join(directory, "a.lock");
    await writeAtomic(file, "ä\n".repeat(100_000));
    await writeAtomic(file, "second");
    assert.equal(readFileSync(file, "utf8"), "second");
    assert.equal(statSync(file).mode & 0o777, 0o644);
    assert.deepEqual(readdirSync(directory), ["a.lock"]);
  });

  it("fails where the file can't be written", async () => {
    const directory = scratch();
    mkdirSync(join(directory, "a.lock"));
    await assert.rejects(writeAtomic(join(directory, "a.lock"), "x"));
    await assert.rejects(writeAtomic(join(directory, "none", "a.lock"), "x"), { code: "ENOENT" });
    assert.deepEqual(readdirSync(directory), ["a.lock"]);
  });

  it("points a relative link, over an old one and over a file", async () => {
    const directory = scratch();
    const link = join(directory, "latest");
    writeFileSync(link, "a file where links are not known");
    await pointAtomic(link, join(directory, "one.lock"));
    assert.equal(readlinkSync(link), "one.lock");
    await pointAtomic(link, join(directory, "two.lock"));
    assert.equal(readlinkSync(link), "two.lock");
    assert.deepEqual(readdirSync(directory), ["latest"]);
  });

  it("takes its temporary link away when the place is a directory", async () => {
    const directory = scratch();
    mkdirSync(join(directory, "latest"));
    await assert.rejects(pointAtomic(join(directory, "latest"), "one.lock"));
    assert.deepEqual(readdirSync(directory), ["latest"]);
  });
});

const MOMENT = new Date("2026-03-04T05:06:07.089Z");
const STAMP = "20260304T050607089Z";

describe("store: timestamps", () => {
  it("are UTC, down to the millisecond", () => {
    assert.equal(formatTimestamp(MOMENT), STAMP);
    assert.equal(formatTimestamp(new Date("2026-03-04T05:06:07.089+02:00")), "20260304T030607089Z");
  });

  it("have one form only", () => {
    for (const good of [STAMP, `${STAMP}-1`, `${STAMP}-10`]) assert.match(good, TIMESTAMP);
    for (const bad of ["", "latest", `${STAMP}-0`, `${STAMP}-01`, `${STAMP}-`, `x${STAMP}`, `${STAMP}/..`])
      assert.doesNotMatch(bad, TIMESTAMP);
  });

  it("are ordered by time, and then by collision number, not by its text", () => {
    const later = "20260304T050607090Z";
    const wanted = [STAMP, `${STAMP}-1`, `${STAMP}-2`, `${STAMP}-10`, later];
    assert.deepEqual([...wanted].reverse().sort(compareTimestamps), wanted);
    assert.equal(compareTimestamps(STAMP, STAMP), 0);
  });

  it("are never claimed twice, however many builds begin in one millisecond", async () => {
    const root = scratch();
    const claimed = await Promise.all(Array.from({ length: 12 }, () => claimTimestamp(root, "web", MOMENT)));
    const twelve = [STAMP, ...Array.from({ length: 11 }, (_, count) => `${STAMP}-${count + 1}`)];
    assert.deepEqual([...claimed].sort(compareTimestamps), twelve);
    assert.equal(readdirSync(join(root, "web")).length, 12);
  });

  it("step over anything that stands at the log's place, also a link that leads nowhere", async () => {
    const root = scratch();
    mkdirSync(join(root, "web"));
    symlinkSync("/nonexistent/elsewhere", buildPaths(root, "web", STAMP).buildLog);
    mkdirSync(buildPaths(root, "web", `${STAMP}-1`).buildLog);
    assert.equal(await claimTimestamp(root, "web", MOMENT), `${STAMP}-2`);
  });

  it("fail where the artifact's folder can't be made", async () => {
    const root = scratch();
    writeFileSync(join(root, "web"), "");
    await assert.rejects(claimTimestamp(root, "web", MOMENT), { code: "EEXIST" });
  });
});

describe("store: paths", () => {
  it("all stand in the artifact's folder, and all but latest begin with artifact and timestamp", () => {
    const { directory, stem, latest, ...files } = buildPaths("/root", "web", STAMP);
    assert.deepEqual([directory, stem, latest], ["/root/web", `web-${STAMP}`, "/root/web/latest"]);
    const all = SUFFIXES.map((suffix) => `/root/web/web-${STAMP}${suffix}`);
    assert.deepEqual(Object.values(files).sort(), all.sort());
    assert.equal(files.lock, `/root/web/web-${STAMP}.lock`);
    assert.equal(files.record, `/root/web/web-${STAMP}.build.json`);
  });
});
