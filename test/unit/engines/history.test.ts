import assert from "node:assert/strict";
import { withoutTraces, type ImageConfiguration } from "../../../provider/engines/docker/history";

const OURS = { APT_CONFIG: "/dev/x/apt.conf", PIP_CERT: "/dev/ca" };
const of = (...created: (string | [string])[]): ImageConfiguration => ({
  rootfs: { type: "layers", diff_ids: ["sha256:1"] },
  history: created.map((entry) =>
    typeof entry === "string" ? { created_by: entry } : { created_by: entry[0], empty_layer: true },
  ),
});
const shown = (configuration: ImageConfiguration): (string | undefined)[] | null =>
  withoutTraces(configuration, OURS)?.history?.map((entry) => entry.created_by) ?? null;

describe("withoutTraces", () => {
  it("takes our ARGs away, and our names before each RUN; the recipe's own stay, with their number", () =>
    assert.deepEqual(
      shown(
        of(
          ["ARG APT_CONFIG=/dev/x/apt.conf"],
          ["ARG PIP_CERT=/dev/ca"],
          ["ARG VERSION=1"],
          "RUN |3 APT_CONFIG=/dev/x/apt.conf PIP_CERT=/dev/ca VERSION=1 /bin/sh -c make # buildkit",
          "|2 APT_CONFIG=/dev/x/apt.conf PIP_CERT=/dev/ca /bin/sh -c a | b",
          "COPY a /a # buildkit",
        ),
      ),
      [
        "ARG VERSION=1",
        "RUN |1 VERSION=1 /bin/sh -c make # buildkit",
        "/bin/sh -c a | b",
        "COPY a /a # buildkit",
      ],
    ));

  it("is null where there is no trace: the recipe's own value under our name, a layer, no history", () => {
    assert.equal(
      shown(of(["ARG APT_CONFIG=/etc/apt.conf"], "RUN |1 APT_CONFIG=/etc/apt.conf /bin/sh -c x")),
      null,
    );
    assert.equal(
      shown(of("ARG APT_CONFIG=/dev/x/apt.conf", "RUN /bin/sh -c echo APT_CONFIG=/dev/x/apt.conf x")),
      null,
    );
    assert.equal(shown({ rootfs: { type: "layers", diff_ids: [] } }), null);
    assert.equal(withoutTraces(of(["ARG APT_CONFIG=/dev/x/apt.conf"]), {}), null);
  });

  it("leaves layers, and what it doesn't know, as they are, and the original too", () => {
    const original = { ...of(["ARG PIP_CERT=/dev/ca"]), config: { Cmd: ["x"] }, architecture: "amd64" };
    const before = structuredClone(original);
    assert.deepEqual(withoutTraces(original, OURS), { ...before, history: [] });
    assert.deepEqual(original, before);
    const unnamed = { ...of(["ARG PIP_CERT=/dev/ca"]) };
    unnamed.history?.push({ empty_layer: true });
    assert.deepEqual(withoutTraces(unnamed, OURS)?.history, [{ empty_layer: true }]);
  });
});
