import assert from "node:assert/strict";
import { isSuspect, refusedEngine } from "../../../provider/engines/docker/refused-engine";
import { each } from "../../support/each";

const said = (version: string, server = "{}"): string | null =>
  isSuspect(version) ? refusedEngine("unix:///run/docker.sock", version, server) : null;

describe("an engine", () => {
  each("of version %s is used", [
    ["20.10.0"],
    ["20.10.24+dfsg1"],
    ["23.0.1"],
    ["28.5.2"],
    ["2.0.0-beta.24"],
    ["dev"],
    ["library-import"],
  ])((version) => assert.equal(said(version), null));

  each("of version %s is refused by its version", [["1.13.1"], ["17.09.0-ce"], ["19.03.15"], ["20.9.9"]])(
    (version) =>
      assert.equal(
        said(version, "no JSON"),
        `Docker at unix:///run/docker.sock is ${version}, and 20.10 or newer is needed; update it, or name another ` +
          "engine with `host` or DOCKER_HOST",
      ),
  );

  // As Debian's podman 4.3.1 answers.
  const components = [
    { Name: "Podman Engine", Version: "4.3.1" },
    { Name: "Conmon", Version: "conmon version 2.1.6" },
  ];
  it("that is Podman is refused by its name", () =>
    assert.match(
      said("4.3.1", JSON.stringify({ Platform: { Name: "linux" }, Components: components })) ?? "",
      /^Podman 4\.3\.1 answers at unix:\/\/\/run\/docker\.sock, and not Docker\. /,
    ));
});
