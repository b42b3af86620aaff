import assert from "node:assert/strict";
import { pagesWith, typePages } from "../../../scripts/docs/pages";
import { makeTables } from "../../../scripts/docs/tables";

describe("the types that are made from schemas", () => {
  it("say what the schemas say", async () => {
    for (const { file, before, after } of await typePages()) {
      assert.equal(before, after, `${file} is stale: run npm run docs:tables`);
    }
  });
});

describe("the tables of the reference", () => {
  let tables: Map<string, string>;
  before(() => (tables = makeTables()));

  it("say what the code says", async () => {
    for (const { file, before, after } of await pagesWith(tables)) {
      assert.equal(before, after, `${file} is stale: run npm run docs:tables`);
    }
  });

  it("each stand in a page, and no page asks for another one", async () => {
    await assert.rejects(pagesWith(new Map([...tables, ["no-such", "| a |"]])), /has the tables no-such/);
    const fewer = new Map(tables);
    fewer.delete("exit-codes");
    await assert.rejects(pagesWith(fewer), /command\.md asks for a table exit-codes/);
  });
});
