import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { docker } from "../support/docker";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

describe("a loose recipe that does not build", function () {
  this.timeout(1_800_000);
  let story: Story;
  let said: string;
  const store = (): string => join(story.project.directory, "store", story.images.name);

  before(async () => {
    story = await startStory("failing", ({ name, labels }) => ({
      image: { name: name, context: "app", root: "store", revision: REVISION_A, labels },
    }));
    const recipe = "FROM debian:bookworm-slim\nRUN echo the last words of the build && exit 7\n";
    await story.project.write("app/Dockerfile", recipe);
    const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
    said = stdout;
  });
  after(() => story.end());

  it("fails the update with the step, the seconds, the log's path and the log's last lines", () => {
    assert.match(said, /\bbuild FAILED after \d+\.\d s/);
    assert.match(said, new RegExp(`its log is \\S*store/${story.images.name}/\\S+\\.build\\.log, and ends:`));
    assert.match(said, /the last words of the build/);
    assert.match(said, /ended with exit code 7/);
  });

  it("leaves its log, and no build", () => {
    const files = readdirSync(store());
    assert.deepEqual(
      files.filter((file) => !file.endsWith(".build.log")),
      [],
    );
    assert.equal(files.length, 1);
    const log = readFileSync(join(store(), String(files[0])), "utf8");
    assert.match(log, /the last words of the build/);
  });

  it("leaves no image, no container and nothing in the state", async () => {
    assert.deepEqual(await story.images.ids(), []);
    assert.equal(await docker(["image", "ls", "--quiet", story.images.name]), "");
    assert.deepEqual(await story.images.containers(), []);
    assert.equal(await story.recorded("image"), undefined);
  });

  it("does not spoil the artifact: the next update of a mended recipe succeeds", async () => {
    await story.project.write("app/Dockerfile", "FROM scratch\nCOPY text /text\n");
    const { outputs } = await story.project.up({ skipPreview: true });
    assert.equal((outputs.image as { verified: string }).verified, "verified");
  });
});
