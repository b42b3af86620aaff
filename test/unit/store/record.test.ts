import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../provider/base/errors/store-error";
import { readRecord, writeRecord } from "../../../provider/store/record";
import { recordOf, removeScratch, scratch } from "./scratch";

describe("store: build records", () => {
  after(removeScratch);
  const fresh = (): string => join(scratch(), "web.build.json");

  it("are read as they were written", async () => {
    const file = fresh();
    for (const force of [null, 1, "again", { nested: [true] }]) {
      await writeRecord(file, recordOf({ force, revision: null, target: "final" }));
      assert.deepEqual(await readRecord(file), recordOf({ force, revision: null, target: "final" }));
    }
    assert.ok(readFileSync(file, "utf8").endsWith("}\n"));
  });

  it("that are missing are null, not an error", async () => assert.equal(await readRecord(fresh()), null));

  const broken: Record<string, string> = {
    "no JSON": "{",
    "another schema": JSON.stringify({ ...recordOf(), schema: 1 }),
    "a missing field": JSON.stringify({ ...recordOf(), imageId: undefined }),
    "a secret's value": JSON.stringify({ ...recordOf(), secrets: { token: { value: "hunter2" } } }),
    "a list": "[]",
  };
  for (const [claim, text] of Object.entries(broken)) {
    it(`with ${claim} are an error that says what to do`, async () => {
      const file = fresh();
      writeFileSync(file, text);
      await assert.rejects(readRecord(file), (error: unknown) => {
        assert.ok(error instanceof StoreError);
        assert.equal(error.file, file);
        assert.match(
          error.message,
          /^the build record .* can't be understood \(.*\); remove the build's files/s,
        );
        return true;
      });
    });
  }

  it("that can't be read are an error, not a missing build", async () => {
    const file = fresh();
    mkdirSync(file);
    await assert.rejects(readRecord(file), StoreError);
  });
});
