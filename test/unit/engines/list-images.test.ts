import assert from "node:assert/strict";
import { CommandError } from "../../../provider/base/process/command-error";
import { listImages } from "../../../provider/engines/docker/list-images";
import { commandFailure } from "../../support/command-failure";
import { fakeClient } from "./fake-client";

const failed = (stderr: string): CommandError =>
  new CommandError(commandFailure({ command: "docker image ls", exitCode: 1, stderr }));
const TAKEN = "Error response from daemon: NotFound: content digest sha256:ab: not found";

/** A client whose first answers are errors, and whose other answers are a list of two lines. */
const failing = (times: number, error: Error): ReturnType<typeof fakeClient> => {
  let turn = 0;
  return fakeClient(() => (++turn <= times ? error : "web:1\nweb:2"));
};

describe("the engine's list of images", () => {
  it("is asked for again where the engine refuses it, as one does while it removes an image", async () => {
    const client = failing(3, failed(TAKEN));
    assert.deepEqual(await listImages(client, ["--all"]), ["web:1", "web:2"]);
    assert.deepEqual(client.asked, Array(4).fill("image ls --all"));
  });

  it("is asked for four times at most", async () => {
    const client = failing(4, failed(TAKEN));
    await assert.rejects(listImages(client, []), /content digest sha256:ab: not found/);
    assert.equal(client.asked.length, 4);
  });

  it("is asked for once where docker fails for another reason", async () => {
    for (const words of ["Cannot connect to the Docker daemon at unix:///x", "unknown flag: --all"]) {
      const client = failing(1, failed(words));
      await assert.rejects(listImages(client, []), CommandError);
      assert.equal(client.asked.length, 1, words);
    }
  });
});
