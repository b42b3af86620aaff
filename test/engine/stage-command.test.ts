import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildResult } from "../support/child";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { docker } from "../support/docker";
import { freePort } from "../support/free-port";
import { ownImages } from "../support/own-images";
import { buildWebService, untilSays } from "../support/web-service";
import { command } from "./support/command";

const REVISION = "a".repeat(40);

describe("verified-images stage of an image that is there", function () {
  this.timeout(120_000);
  const images = ownImages("stage-command");
  const { name } = images;
  let directory: string;
  let port: number;
  const ids: Record<string, string> = {};

  const stage = (key: string, ...words: string[]): Promise<ChildResult> => {
    const where = ["--container", name, "--port", String(port), "--container-port", "8000"];
    const judged = ["--health-timeout", "8", "--check", "true", "--revision", REVISION];
    return command(directory, ["stage", `${name}:${key}`, ...where, ...judged, ...words]);
  };
  const running = (): Promise<string> =>
    docker(["container", "inspect", "--format", "{{.State.Running}} {{.Image}}", name]);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "stage-command-"));
    port = await freePort();
    const labels = { ...images.labels, [REVISION_LABEL]: REVISION };
    for (const [key, answer] of Object.entries({
      first: "200 first",
      second: "200 second",
      ill: "503 ill",
    })) {
      ids[key] = await buildWebService(`${name}:${key}`, answer, labels);
    }
    ids.foreign = await buildWebService(`${name}:foreign`, "200 foreign", images.labels);
  });
  after(async () => {
    await images.clean();
    await rm(directory, { recursive: true, force: true });
  });

  async function assertRed(result: ChildResult, words: RegExp): Promise<void> {
    assert.deepEqual([result.code, result.stdout], [1, ""], result.stderr);
    assert.match(result.stderr, words);
    assert.match(result.stderr, new RegExp(`nothing was promoted; ${name} runs what it ran before`));
    assert.equal(await running(), `true ${ids.first}`);
    await untilSays(`http://127.0.0.1:${port}/`, "200 first");
  }

  it("runs that very image, and tells programs", async () => {
    const { code, stdout, stderr } = await stage(
      "first",
      "--tag",
      `${name}:staging`,
      "--env",
      "A=b",
      "--json",
    );
    assert.equal(code, 0, stderr);
    const { healthyAfter, ...document } = JSON.parse(stdout) as Record<string, unknown>;
    assert.ok(Number(healthyAfter) < 60);
    assert.deepEqual(document, {
      container: name,
      revision: REVISION,
      tag: `${name}:staging`,
      imageId: ids.first,
      verdict: "provenance match: aaaaaaaaaaaa",
    });
    assert.equal(await running(), `true ${ids.first}`);
    const said = await docker(["container", "inspect", "--format", "{{json .Config.Env}}", name]);
    assert.ok(said.includes('"A=b"'), said);
  });

  it("puts back what ran before when it is not healthy, its check is red, or it is of another revision", async () => {
    await assertRed(
      await stage("ill"),
      /staging is red \(health\): .* within 8 s: its last answer was HTTP 503/,
    );
    await assertRed(await stage("second", "--check", "exit 3"), /red \(check\): the check exited with 3/);
    await assertRed(
      await stage("foreign"),
      /red \(gate\): provenance fail-closed: image has no revision label/,
    );
  });

  it("ends with 2 where it is not said what, and with 3 where it can't be told, and touches nothing", async () => {
    const wrong = await stage(
      "second",
      "--port",
      "many",
      "--health-path",
      "x",
      "--production-container",
      name,
    );
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.stderr,
      /--port: expected.*--health-path: expected.*--container: .* is production's name/,
    );
    const unset = await command(directory, [
      "stage",
      `${name}:second`,
      "--container",
      name,
      "--port",
      String(port),
    ]);
    assert.equal(unset.code, 2);
    assert.match(unset.stderr, /--revision: is missing.*--check: is missing|check\.command/);
    const absent = await stage("absent");
    assert.equal(absent.code, 3);
    assert.match(absent.stderr, /there is no image/);
    assert.equal(await running(), `true ${ids.first}`);
  });

  it("tries one whatever its revision where that is asked for", async () => {
    const where = ["--container", name, "--port", String(port), "--container-port", "8000"];
    const words = ["stage", `${name}:foreign`, ...where, "--check", "true", "--no-provenance"];
    const { code, stdout, stderr } = await command(directory, words);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /warning: the image is tried whatever revision it was built from/);
    assert.equal(stdout, `${name} runs ${ids.foreign} and is well\n`);
  });
});
