import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPaths } from "../../../provider/store/paths";
import { claimed, FAILED_LOGS, oldFailedLogs, removeUnfinished } from "../../../provider/store/unfinished";
import { at, removeScratch, scratch } from "./scratch";

const log = (second: number): string => `web-${at(second)}.build.log`;

describe("store: logs of failed builds", () => {
  const logs = [1, 2, 3, 4, 5, 6, 7].map(log);

  it("are kept, the newest few", () => {
    assert.equal(FAILED_LOGS, 5);
    assert.deepEqual(oldFailedLogs([...logs].reverse(), "web"), [log(1), log(2)]);
    assert.deepEqual(oldFailedLogs(logs.slice(0, 5), "web"), []);
    assert.deepEqual(oldFailedLogs(logs, "web", 0), logs);
    assert.deepEqual(oldFailedLogs([], "web"), []);
  });

  it("are told from those of builds that have anything else, and of other artifacts", () => {
    const others = [".lock", ".build.json", ".building", ".rough.Dockerfile", ".verified"].map(
      (suffix, index) => `web-${at(index + 1)}${suffix}`,
    );
    assert.deepEqual(oldFailedLogs([...logs, ...others, "latest", "web-x.build.log"], "web", 0), [
      log(6),
      log(7),
    ]);
    assert.deepEqual(oldFailedLogs(logs, "we", 0), []);
    assert.deepEqual(oldFailedLogs([`web-app-${at(1)}.build.log`], "web", 0), []);
  });
});

describe("store: a build that has begun and not ended", () => {
  after(removeScratch);

  it("is known by its claim", () =>
    assert.deepEqual(
      claimed(
        [`web-${at(1)}.building`, `web-${at(2, 1)}.building`, `web-app-${at(3)}.building`, log(4)],
        "web",
      ),
      [at(1), at(2, 1)],
    ));

  it("goes with its half-written files, but for its log; all other builds stay", async () => {
    const paths = buildPaths(scratch(), "web", at(1));
    mkdirSync(paths.directory);
    const stay = [log(1), `web-${at(1, 1)}.lock`, `web-${at(2)}.lock`, "latest"];
    const go = [".building", ".rough.Dockerfile", ".lock", ".lock.1234567", ".Dockerfile", ".build.json"];
    for (const name of [...stay, ...go.map((suffix) => `web-${at(1)}${suffix}`)])
      writeFileSync(join(paths.directory, name), "");
    await removeUnfinished(paths, readdirSync(paths.directory));
    assert.deepEqual(readdirSync(paths.directory).sort(), stay.sort());
  });
});
