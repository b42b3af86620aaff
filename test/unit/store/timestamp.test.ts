import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPaths, SUFFIXES } from "../../../provider/store/paths";
import {
  claimTimestamp,
  compareTimestamps,
  formatTimestamp,
  TIMESTAMP,
} from "../../../provider/store/timestamp";
import { removeScratch, scratch } from "./scratch";

const MOMENT = new Date("2026-03-04T05:06:07.089Z");
const STAMP = "20260304T050607089Z";

describe("store: timestamps", () => {
  after(removeScratch);

  it("are UTC, down to the millisecond", () => {
    assert.equal(formatTimestamp(MOMENT), STAMP);
    assert.equal(formatTimestamp(new Date("2026-03-04T05:06:07.089+02:00")), "20260304T030607089Z");
  });

  it("have one form only", () => {
    for (const good of [STAMP, `${STAMP}-1`, `${STAMP}-10`]) assert.match(good, TIMESTAMP);
    for (const bad of ["", "latest", `${STAMP}-0`, `${STAMP}-01`, `${STAMP}-`, `x${STAMP}`, `${STAMP}/..`]) {
      assert.doesNotMatch(bad, TIMESTAMP);
    }
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
    assert.equal(new Set(claimed).size, 12);
    assert.deepEqual([...claimed].sort(compareTimestamps), [
      STAMP,
      ...Array.from({ length: 11 }, (_, count) => `${STAMP}-${count + 1}`),
    ]);
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
    assert.equal(directory, "/root/web");
    assert.equal(stem, `web-${STAMP}`);
    assert.equal(latest, "/root/web/latest");
    assert.deepEqual(
      Object.values(files).sort(),
      SUFFIXES.map((suffix) => `/root/web/web-${STAMP}${suffix}`).sort(),
    );
    assert.equal(files.lock, `/root/web/web-${STAMP}.lock`);
    assert.equal(files.record, `/root/web/web-${STAMP}.build.json`);
  });
});
