import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { runtime } from "@pulumi/pulumi";
import ts from "typescript";
import { imageStub, promotionStub, stagingStub } from "../../../../provider/pulumi/host/stubs";

const METHODS = ["check", "create", "delete", "diff", "read", "update"];
const SHELLS = { image: imageStub, promotion: promotionStub, staging: stagingStub } as unknown as Record<
  string,
  Record<string, (...args: unknown[]) => unknown>
>;

/** Names that a function's text uses and does not define itself. */
function freeNames(text: string): string[] {
  const file = ts.createSourceFile("shell.js", `(${text})`, ts.ScriptTarget.ES2022, true);
  const parameters = new Set<string>();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isParameter(node) && ts.isIdentifier(node.name)) parameters.add(node.name.text);
    const named =
      ts.isPropertyAccessExpression(node.parent ?? node) &&
      (node.parent as ts.PropertyAccessExpression).name === node;
    if (ts.isIdentifier(node) && !named) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...used].filter((name) => !parameters.has(name)).sort();
}

for (const [kind, shell] of Object.entries(SHELLS)) {
  describe(`the ${kind} shell`, () => {
    it("has the provider's methods, and nothing else", () =>
      assert.deepEqual(Object.keys(shell).sort(), METHODS));

    for (const name of METHODS) {
      it(`${name}: captures nothing`, () => assert.deepEqual(freeNames(String(shell[name])), ["require"]));

      it(`${name}: hands everything over to the installed package, and back`, () => {
        const calls: unknown[] = [];
        const target = { [name]: (...args: unknown[]) => (calls.push(args), "answer") };
        const text = String(shell[name]);
        const fake = (module: string): unknown => {
          assert.equal(module, "pulumi-verified-images/provider");
          return { [kind]: target };
        };
        const parameters = shell[name]?.length ?? 0;
        const args = Array.from({ length: parameters }, (_, index) => index);
        const method = runInNewContext(`(${text})`, { require: fake }) as (...given: unknown[]) => unknown;
        assert.equal(method(...args), "answer");
        assert.deepEqual(calls, [args]);
      });
    }

    it("takes as many arguments as Pulumi gives", () =>
      assert.deepEqual(
        METHODS.map((name) => shell[name]?.length),
        [2, 1, 2, 3, 2, 3],
      ));

    it("serialises to one small text, without a path, a version or a variable", async () => {
      const { text } = await runtime.serializeFunction(() => shell, { allowSecrets: false });
      assert.ok(text.length < 5_000, `${text.length} characters`);
      assert.doesNotMatch(text, /\/home|\/work|\/tmp|node_modules|zod|execa/);
      const again = await runtime.serializeFunction(() => shell, { allowSecrets: false });
      assert.equal(again.text, text);
    });
  });
}

describe("the shells' source", () => {
  it("imports types only, so that there is nothing to capture", () => {
    const source = readFileSync(resolve(__dirname, "../../../../provider/pulumi/host/stubs.ts"), "utf8");
    const imports = source.split("\n").filter((line) => line.startsWith("import "));
    assert.deepEqual(imports, ['import type * as pulumi from "@pulumi/pulumi";']);
  });
});
