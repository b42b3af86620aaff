import assert from "node:assert/strict";
import { leftovers, listOurs, type Inventory } from "./leftovers";

let before: Inventory;

/**
 * Mocha's root hooks for runs with a real engine (`--require ./test/support/root-hooks.ts`): the run fails when
 * a container, a helper image or a temporary folder of ours remains after the last test.
 */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    before = await listOurs();
  },
  async afterAll(): Promise<void> {
    assert.deepEqual(await leftovers(before), [], "tests left something behind");
  },
};
