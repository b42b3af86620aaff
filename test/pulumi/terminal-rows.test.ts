import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { buildTiny } from "../support/docker";
import { findPrograms } from "../support/find-program";
import { inOrder } from "../support/in-order";
import { COPY_RECIPE, REVISION_A, startStory, type Story } from "../support/pulumi-story";
import type { TerminalResult } from "../support/terminal";

/** The width at which a row has to say its outcome. Pulumi's own columns take some 90 of it. */
const COLUMNS = 140;

const describeOnTerminal = findPrograms("script").length > 0 ? describe : describe.skip;

describeOnTerminal(`the rows of a terminal with ${COLUMNS} columns`, function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let base: string;

  const shown = (args: readonly string[], variables?: NodeJS.ProcessEnv): Promise<TerminalResult> =>
    story.project.onTerminal(args, COLUMNS, variables);
  const preview = (variables?: NodeJS.ProcessEnv): Promise<TerminalResult> => shown(["preview"], variables);
  /** The row of a resource has had these words, as they are and not cut. */
  const assertRow = ({ lines }: TerminalResult, name: string, words: string): void => {
    const rows = lines.filter((line) => new RegExp(`─ pulumi-nodejs:\\S+ +${name} `).test(line));
    assert.ok(
      rows.some((row) => row.includes(words)),
      `${words}\n${rows.join("\n")}`,
    );
    for (const row of rows) assert.ok(row.length <= COLUMNS, row);
  };

  before(async () => {
    story = await startStory("rows", () => ({}));
    base = story.tag("base");
    await buildTiny({ name: base, labels: story.images.labels, text: "old" });
    await story.project.write("app/Dockerfile", COPY_RECIPE.replace("scratch", base));
    const { name, labels } = story.images;
    await story.declare({
      image: { name, context: "app", root: "store", revision: REVISION_A, labels },
      promotion: {
        targets: [story.tag("production"), story.tag("canary-of-the-team-that-pays")],
        expectedRevision: REVISION_A,
        root: "store",
      },
    });
  });
  after(() => story.end());

  it("say when the verdict comes, before the first update", async () =>
    assertRow(await preview(), "promotion", "the verdict comes at the update: "));

  it("say the step that runs, and at the end what came of it", async () => {
    const up = await shown(["up", "--yes", "--skip-preview"]);
    assert.equal(up.code, 0, up.raw);
    assertRow(up, "image", "locked rebuild ...");
    assertRow(up, "image", "verified, no packages, 1 file compared");
    assertRow(up, "promotion", "promoted, provenance match: ");
  });

  it("have no words where nothing has changed", async () => {
    const { lines } = await preview();
    assert.ok(!lines.some((line) => line.includes("─ pulumi-nodejs:")), lines.join("\n"));
  });

  it("say that a tag was moved, and what to do is below", async () => {
    await story.move(story.tag("production"), base);
    const moved = await preview();
    assertRow(moved, "promotion", "[diff: +live]; warning: drift: tag moved: ");
    const [at, todo] = ["warning: drift: tag moved: ", "Run `pulumi up`: it judges the image again"].map(
      (words) => moved.lines.findIndex((line) => line.trimStart().startsWith(words)),
    );
    assert.ok(at !== undefined && todo !== undefined && at > 0 && todo > at, moved.raw);
    const up = await shown(["up", "--yes", "--skip-preview"]);
    assertRow(up, "promotion", "promoted, provenance match");
  });

  it("say that a base image was moved, and that the context is another one", async () => {
    await buildTiny({ name: base, labels: story.images.labels, text: "new" });
    assertRow(await preview(), "image", "warning: drift: base image moved: ");
    await story.project.up({ skipPreview: true });
    await story.project.write("app/text", "another text\n");
    assertRow(await preview(), "image", "context changed: the i");
    await story.project.up({ skipPreview: true });
  });

  it("say that a lock is missing, and that it can't be told what is there", async () => {
    const outputs = (await story.recorded("image"))?.outputs ?? {};
    const lock = join(story.project.directory, String(outputs.lockFile));
    await rename(lock, `${lock}.away`);
    assertRow(await preview(), "image", "warning: drift: lock missing: ");
    await rename(`${lock}.away`, lock);
    const away = await preview({ DOCKER_HOST: "tcp://127.0.0.1:1" });
    assertRow(away, "image", "warning: can't tell whether the image ");
  });
});
