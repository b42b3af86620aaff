import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAptArchive, type AptSpec } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { imageId } from "../support/docker";
import { driftingRecipe, driftOnce } from "../support/drifting-recipe";
import { commitAll } from "../support/git";
import { inOrder } from "../support/in-order";
import { ownImages } from "../support/own-images";
import { initProject, UNCHECKED, type PulumiProject } from "../support/pulumi";
import { REPOSITORY, writeProject } from "../support/pulumi-project";
import { COPY_RECIPE } from "../support/pulumi-story";

const EXAMPLE = join(REPOSITORY, "examples/two-stacks");
/** A stack reference is read each time. */
const NOTHING = ["build"];

const BUILD_STACK = "organization/verified-images-build/test";

const short = (text: unknown): string =>
  String(text)
    .replace(/^sha256:/, "")
    .slice(0, 12);

describe("the example of two stacks", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  const images = ownImages("shop");
  const production = `${images.name}:production`;
  let shared: string;
  let build: PulumiProject | undefined;
  let deploy: PulumiProject;
  let archive: Archive<AptSpec> | undefined;
  /** What was built, and the revision that it was built from. */
  let first: Record<string, unknown>;
  let second: Record<string, unknown>;

  /** One of the two programs as it stands, but for names and places, with the state of both in one folder. */
  async function openStack(name: "build" | "deploy"): Promise<PulumiProject> {
    const changes = {
      "../../../.state/quickstart/service": join(shared, "service"),
      "../../../.state/two-stacks/store": join(shared, "store"),
      shop: images.name,
      ...(name === "build" && {
        "context: worktree,": `context: worktree, labels: ${JSON.stringify(images.labels)},`,
      }),
    };
    let program = await readFile(join(EXAMPLE, name, "index.ts"), "utf8");
    for (const [from, to] of Object.entries(changes)) {
      assert.ok(program.includes(from), `the program ${name} has no ${from}`);
      program = program.replaceAll(from, to);
    }
    const [, project] =
      /^name: (\S+)$/m.exec(await readFile(join(EXAMPLE, name, "Pulumi.yaml"), "utf8")) ?? [];
    const directory = await writeProject({ name: String(project), language: "typescript", program });
    return await initProject(directory, { ...UNCHECKED, PULUMI_BACKEND_URL: `file://${shared}` });
  }

  /** Writes the service's recipe and text, commits them, and returns the revision. */
  async function release(text: string, recipe = COPY_RECIPE): Promise<string> {
    await writeFile(join(shared, "service/Dockerfile"), recipe);
    await writeFile(join(shared, "service/text"), `${images.name} ${text}\n`);
    return await commitAll(join(shared, "service"), text);
  }

  async function assertRefused(words: RegExp, variables?: NodeJS.ProcessEnv): Promise<void> {
    const preview = await deploy.preview(variables);
    assert.notEqual(preview.code, 0);
    assert.match(preview.diagnostics, words);
  }

  before(async () => {
    shared = await mkdtemp(join(tmpdir(), "verified-images-two-stacks-"));
    await mkdir(join(shared, "service"));
    deploy = await openStack("deploy");
  });
  after(async () => {
    await images.clean();
    await archive?.close();
    build?.remove();
    deploy?.remove();
    await rm(shared, { recursive: true, force: true });
  });

  it("has nothing to deploy before there is a build stack, and says which", async () => {
    await assertRefused(new RegExp(`unknown stack "${BUILD_STACK}"`));
    build = await openStack("build");
    await assertRefused(
      new RegExp(`error: ${BUILD_STACK} has no image yet: run \`pulumi up\` in the build stack first`),
    );
  });

  it("promotes what the build stack has built, which hands on hashes and IDs, and no path", async () => {
    const revision = await release("first");
    first = (await build!.up({ skipPreview: true })).outputs;
    assert.deepEqual([first.revision, first.verified], [revision, "verified"]);
    assert.match(String(first.lockHash), /^sha256:[0-9a-f]{64}$/);
    assert.doesNotMatch(JSON.stringify(first), /[/\\]/);
    const { outputs } = await deploy.up({ skipPreview: true });
    assert.equal(outputs.verdict, `provenance match: ${short(revision)}`);
    assert.equal(outputs.verified, "verified");
    assert.deepEqual(outputs.targets, [production]);
    assert.equal(await imageId(production), first.imageId);
    assert.deepEqual((await deploy.preview()).changed(), NOTHING);
  });

  it("refuses a stale image in the deploy stack's preview, whatever the build stack says of it", async () => {
    const revision = await release("second");
    await assertRefused(
      new RegExp(
        `provenance mismatch: image ${short(first.revision)} != expected ${short(revision)}; no tag was moved`,
      ),
    );
    await assertRefused(/provenance fail-closed: empty expected revision/, {
      VALIDATED_REVISION: "",
    });
    assert.equal(await imageId(production), first.imageId);
    const named = await deploy.preview({ VALIDATED_REVISION: String(first.revision) });
    assert.equal(named.code, 0, "the revision that a pipeline has validated comes before the work tree's");
    assert.deepEqual(named.changed(), NOTHING);
  });

  it("shows the build stack's new image in the deploy stack's preview, and promotes it", async () => {
    second = (await build!.up({ skipPreview: true })).outputs;
    assert.notEqual(second.imageId, first.imageId);
    const preview = await deploy.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.equal(preview.step("production").op, "update");
    const { stdout } = await deploy.previewText();
    const change = `~ source *: "sha256:${short(first.imageId)}\\w+" => "sha256:${short(second.imageId)}\\w+"`;
    assert.match(stdout, new RegExp(change));
    assert.equal(await imageId(production), first.imageId, "a preview moves nothing");
    const { outputs } = await deploy.up({ skipPreview: true });
    assert.deepEqual(outputs.previous, { [production]: first.imageId });
    assert.equal(await imageId(production), second.imageId);
  });

  it("refuses an image that drifted in the deploy stack's preview, although the build stack has it", async () => {
    archive = await startAptArchive();
    await driftOnce(archive);
    await release("third", driftingRecipe(archive));
    const third = (await build!.up({ skipPreview: true })).outputs;
    assert.equal(third.verified, "unverified");
    assert.match(String(third.reason), /\S/);
    await assertRefused(/is not verified \(unverified\).*; no tag was moved/);
    assert.equal(await imageId(production), second.imageId);
  });

  it("takes its tag away when it is destroyed, and leaves the images of the build stack", async () => {
    await deploy.destroy();
    await assert.rejects(imageId(production));
    assert.ok((await images.ids()).includes(String(second.imageId)));
  });
});
