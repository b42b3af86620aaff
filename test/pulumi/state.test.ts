import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IMAGE_PROVIDER, PROMOTION_PROVIDER } from "./serialised-providers";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

const SECRETS = { file: "the-secret-of-the-file", env: "the-secret-of-the-environment" };
const VARIABLES = { VERIFIED_IMAGES_TEST_SECRET: SECRETS.env };

const RECIPE = [
  "FROM debian:bookworm-slim",
  "RUN --mount=type=secret,id=file --mount=type=secret,id=env cat /run/secrets/file /run/secrets/env > /dev/null",
  "",
].join("\n");

/** All paths are absolute here, as programs often have them. */
function program(name: string, labels: object): string {
  return `
const { join } = require("node:path");
const { ReproducibleImage, PromotedImage } = require("pulumi-verified-images");
const at = (path) => join(__dirname, path);
const image = new ReproducibleImage("image", {
  name: ${JSON.stringify(name)},
  recipe: at("app/Dockerfile"),
  context: at("app"),
  root: at("store"),
  revision: "${REVISION_A}",
  labels: ${JSON.stringify(labels)},
  secrets: { file: { file: at("token.txt") }, env: { env: "VERIFIED_IMAGES_TEST_SECRET" } },
});
new PromotedImage("promotion", {
  source: image.imageId,
  targets: ["${name}:production"],
  expectedRevision: "${REVISION_A}",
  root: at("store"),
});
`;
}

/** Every string in a value, keys included. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...strings(inner)]);
}

describe("the state", function () {
  this.timeout(1_800_000);
  let story: Story;
  let state: string;

  before(async () => {
    story = await startStory("state", () => ({}), { "token.txt": SECRETS.file });
    await story.project.write("index.js", program(story.images.name, story.images.labels));
    await story.project.write("app/Dockerfile", RECIPE);
    const { code, stdout } = await story.project.run(["up", "--yes", "--skip-preview"], VARIABLES);
    assert.equal(code, 0, stdout);
    state = (await story.project.run(["stack", "export", "--show-secrets"])).stdout;
  });
  after(() => story.end());

  it("has no absolute path, although the program gives nothing else", () => {
    const found = strings(JSON.parse(state));
    assert.ok(found.length > 50);
    assert.deepEqual(
      found.filter((text) => text.startsWith("/") || text.includes(story.project.directory)),
      [],
    );
  });

  it("has no secret's value and no certificate, and the store has none either", () => {
    const folder = join(story.project.directory, "store", story.images.name);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name, parentPath }) => readFileSync(join(parentPath, name), "utf8"));
    assert.ok(files.length >= 7);
    for (const text of [state, ...files]) {
      for (const secret of Object.values(SECRETS)) assert.ok(!text.includes(secret));
      assert.ok(!text.includes("-----BEGIN"));
    }
    assert.ok(state.includes("VERIFIED_IMAGES_TEST_SECRET"), "where secrets come from is recorded");
  });

  it("holds each provider as one constant text of less than 3,000 bytes", async () => {
    for (const [name, text] of [
      ["image", IMAGE_PROVIDER],
      ["promotion", PROMOTION_PROVIDER],
    ] as const) {
      const recorded = await story.recorded(name);
      assert.equal(recorded?.outputs?.__provider, text);
      assert.equal(recorded?.inputs?.__provider, text);
      assert.ok(Buffer.byteLength(text) < 3_000);
    }
  });

  it("says of a promotion with a store to look in that its image is verified", async () =>
    assert.equal((await story.recorded("promotion"))?.outputs?.verified, "verified"));

  it("shows no change to a second clone in another folder", async () => {
    const clone = await story.project.clone();
    try {
      const preview = await clone.preview(VARIABLES);
      assert.equal(preview.code, 0, preview.diagnostics);
      assert.deepEqual(preview.changed(), [], preview.diagnostics);
      assert.doesNotMatch(preview.diagnostics, /drift|can't tell/);
    } finally {
      clone.remove();
    }
  });
});
