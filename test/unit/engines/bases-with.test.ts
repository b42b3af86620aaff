import assert from "node:assert/strict";
import { CommandError } from "../../../provider/base/process/command-error";
import { knowsBase } from "../../../provider/engines/docker/bases-with";
import { commandFailure } from "../../support/command-failure";
import { id } from "../store/scratch";
import { fakeClient, INFO } from "./fake-client";

describe("the bases of an image, on an engine on which others remove theirs", () => {
  it("are told without those that go one after the other while they are looked at", async () => {
    const going = ["b", "c", "d", "e", "f"].map((letter) => id(letter));
    const client = fakeClient((command) => {
      if (command.startsWith("info")) return INFO;
      if (command.startsWith("image ls --all")) return `${id("a")}\tweb:1\tweb@<none>\n`;
      if (command.startsWith("image ls")) return [id("a"), ...going].join("\n");
      const asked = command.split(" ").slice(2);
      const next = going.find((one) => asked.includes(one));
      if (next === undefined) return JSON.stringify(asked.map((one) => ({ Id: one })));
      const stderr = `Error response from daemon: No such image: ${next}`;
      return new CommandError(commandFailure({ command: "docker", exitCode: 1, stderr }));
    });
    assert.equal(await knowsBase(client, id("a")), false);
  });
});
