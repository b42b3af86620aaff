import assert from "node:assert/strict";
import { labelsOf, sourceOfLabel } from "../../../../provider/recipe/definition/labels";
import { parseDefinition } from "../../../../provider/recipe/definition/parse";

const NAME = "org.opencontainers.image.revision";
const VALUE = "a1".repeat(20);
const from = (text: string) => sourceOfLabel(parseDefinition(text), NAME, VALUE);
const HEADER = "Bootstrap: docker-archive\nFrom: base.tar\n";

describe("the labels of a definition", () => {
  it("are read as the engine reads them", () => {
    const text = `${HEADER}%labels\n  # none\n  With\ttab x\n  Empty\n  Two words here\n  A  "quoted" \n%labels\n  Two last\n`;
    assert.deepEqual(
      [...labelsOf(parseDefinition(text))],
      [
        ["With\ttab", "x"],
        ["Empty", ""],
        ["Two", "last"],
        ["A", '"quoted"'],
      ],
    );
  });

  it("are those of the last stage", () => {
    const stages = `Bootstrap: scratch\nStage: one\n%labels\n  ${NAME} ${VALUE}\n\n${HEADER}Stage: two\n`;
    assert.deepEqual(from(stages), { base: "docker-archive base.tar" });
    assert.equal(from(`${stages}%labels\n${NAME} ${VALUE}\n`), "own");
  });

  it("are the image's own where %labels sets this very value, whatever the base has", () => {
    assert.equal(from(`${HEADER}%labels\n  ${NAME} ${VALUE}\n`), "own");
    assert.deepEqual(from(`${HEADER}%labels\n  ${NAME} ${"b2".repeat(20)}\n`), {
      base: "docker-archive base.tar",
    });
  });

  it("may come from a script that writes them, and then nothing tells", () => {
    for (const script of [
      "echo x >> $APPTAINER_LABELS",
      "echo x >> $SINGULARITY_LABELS",
      "cp l /.singularity.d/labels.json",
    ])
      assert.equal(from(`${HEADER}%post\n  ${script}\n`), "unknown");
  });

  it("can't come from a base that has no labels", () => {
    assert.equal(from("Bootstrap: scratch\n"), "unknown");
    assert.equal(from("Bootstrap: debootstrap\nOSVersion: bookworm\n"), "unknown");
  });
});
