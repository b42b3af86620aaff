import assert from "node:assert/strict";
import { inspect } from "node:util";
import { VerifiedImagesError } from "../../../../provider/base/errors/base";

class ExampleError extends VerifiedImagesError {
  constructor(cause?: unknown) {
    super("EXAMPLE", "the tag is gone", { cause });
  }
}

/** A frame that lies directly in a scope's folder, as those of Pulumi's SDK do. */
const FRAME = "    at Stack.initialize (/srv/node_modules/@pulumi/resource.ts:1598:22)";

describe("an error of this package, inspected", () => {
  // In colours several releases of Node.js take more than half a minute for such a frame.
  it("is shown without colours, whatever is asked for", () => {
    const error = new ExampleError();
    error.stack = `ExampleError: the tag is gone\n${FRAME}`;
    const shown = inspect(error, { colors: true });
    assert.ok(shown.startsWith(`ExampleError: the tag is gone\n${FRAME}`), shown);
    assert.match(shown, /code: 'EXAMPLE'/);
    assert.ok(!shown.includes("\u001b["));
  });

  it("shows its cause, and an error of ours in that one's place", () => {
    const shown = inspect(new ExampleError(new ExampleError(new Error("socket closed"))), { colors: true });
    assert.equal(shown.match(/ExampleError: the tag is gone/g)?.length, 2);
    assert.match(shown, /\[cause\]: Error: socket closed/);
    assert.ok(!shown.includes("\u001b["));
  });
});
