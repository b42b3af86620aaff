import assert from "node:assert/strict";
import { pagesWith } from "../../../scripts/docs/pages";
import { makeTables } from "../../../scripts/docs/tables";

describe("the tables of the reference", () => {
  it("say what the code says", async () => {
    for (const { file, before, after } of await pagesWith(makeTables())) {
      assert.equal(before, after, `${file} is stale: run npm run docs:tables`);
    }
  });

  it("are asked for by pages, each of them, and by no other name", async () => {
    const tables = makeTables();
    await assert.rejects(pagesWith(new Map([...tables, ["no-such", "| a |"]])), /have? the tables no-such/);
    tables.delete("exit-codes");
    await assert.rejects(pagesWith(tables), /command\.md asks for a table exit-codes/);
  });
});
