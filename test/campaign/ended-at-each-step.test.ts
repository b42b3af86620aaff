import { describeEnds, STEPS } from "../support/ended-at-steps";

describeEnds([
  ["first Ctrl-C", STEPS],
  ["second Ctrl-C", STEPS],
  ["SIGKILL of the CLI", STEPS],
]);
