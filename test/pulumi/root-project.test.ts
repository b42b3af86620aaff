import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runChild, type ChildResult } from "../support/child";
import { findPrograms } from "../support/find-program";
import { cliEnvironment } from "../support/pulumi";
import { parsePreview, type Preview } from "../support/pulumi-preview";
import { REPOSITORY } from "../support/pulumi-project";
import { IMAGE_PROVIDER, PROMOTION_PROVIDER } from "./serialised-providers";

const STACK = `root-${process.pid}`;
const PROJECT = "verified-images-quickstart";
const TYPE = "pulumi-nodejs:dynamic/verified-images";

interface WorkTreeModule {
  workTree: (context: { project: string; signal: AbortSignal }) => Promise<unknown>;
}

/** Makes the quickstart's work tree, as the set-up does, where there was no set-up. */
async function ensureWorkTree(): Promise<void> {
  if (existsSync(join(REPOSITORY, ".state/quickstart/service/.git"))) return;
  const file = pathToFileURL(join(REPOSITORY, "scripts/setup/work-tree.mjs")).href;
  const { workTree } = (await import(file)) as WorkTreeModule;
  await workTree({ project: REPOSITORY, signal: new AbortController().signal });
}

/** A stack that has been deployed before, as far as a preview of it can tell. */
function deployment(): object {
  const urn = (type: string, name: string): string => `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;
  const stack = urn("pulumi:pulumi:Stack", `${PROJECT}-${STACK}`);
  const provider = urn("pulumi:providers:pulumi-nodejs", "default");
  const providerId = "00000000-0000-4000-8000-000000000000";
  const dynamic = (type: string, name: string, properties: object): object => ({
    urn: urn(`${TYPE}:${type}`, name),
    custom: true,
    id: name,
    type: `${TYPE}:${type}`,
    inputs: properties,
    outputs: properties,
    parent: stack,
    provider: `${provider}::${providerId}`,
  });
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
      resources: [
        { urn: stack, custom: false, type: "pulumi:pulumi:Stack" },
        { urn: provider, custom: true, id: providerId, type: "pulumi:providers:pulumi-nodejs" },
        dynamic("ReproducibleImage", "quickstart", {
          __provider: IMAGE_PROVIDER,
          name: "quickstart",
          verified: "verified",
          drift: { changed: [], added: [], removed: [] },
        }),
        dynamic("PromotedImage", "production", {
          __provider: PROMOTION_PROVIDER,
          imageId: `sha256:${"0".repeat(64)}`,
          targets: ["quickstart:production"],
        }),
      ],
    },
  };
}

describe("a preview of the root project", function () {
  this.timeout(1_800_000);
  let folder: string;
  const settings = join(REPOSITORY, `Pulumi.${STACK}.yaml`);

  const pulumi = (args: readonly string[], cwd = REPOSITORY): Promise<ChildResult> => {
    const [program] = findPrograms("pulumi");
    assert.ok(program, "no pulumi on PATH");
    return runChild(program, [...args, "--stack", STACK, "--non-interactive", "--color", "never"], {
      cwd,
      env: cliEnvironment(program, folder),
    });
  };
  const preview = async (cwd: string): Promise<Preview> => {
    const { code, stdout, stderr } = await pulumi(["preview", "--json"], cwd);
    return parsePreview(code, stdout, stderr);
  };

  before(async () => {
    await ensureWorkTree();
    folder = await mkdtemp(join(tmpdir(), "verified-images-root-"));
    await mkdir(join(folder, "state"));
    const init = await pulumi(["stack", "init"]);
    assert.equal(init.code, 0, init.stderr);
  });
  after(async () => {
    await rm(settings, { force: true });
    await rm(folder, { recursive: true, force: true });
  });

  it("of a new stack creates both resources of the quickstart", async () => {
    const first = await preview(REPOSITORY);
    assert.equal(first.code, 0, first.diagnostics);
    assert.deepEqual(first.changed(), ["production", "quickstart"]);
    assert.deepEqual([...new Set(first.steps.map(({ op }) => op))], ["create"]);
  });

  for (const [claim, below] of [
    ["the repository's root", "."],
    ["the quickstart's own folder", "examples/quickstart"],
  ] as const) {
    it(`of a deployed stack never proposes a deletion, from ${claim}`, async () => {
      const file = join(folder, "deployment.json");
      await writeFile(file, JSON.stringify(deployment()));
      const imported = await pulumi(["stack", "import", "--file", file]);
      assert.equal(imported.code, 0, imported.stderr);
      const later = await preview(join(REPOSITORY, below));
      assert.equal(later.code, 0, later.diagnostics);
      assert.deepEqual(later.changed(), ["production", "quickstart"]);
      assert.deepEqual(
        later.steps.filter(({ op }) => /delete|replace|discard/.test(op)),
        [],
      );
    });
  }
});
