import { describeEnds } from "../support/ended-at-steps";

// Each way to end, and what is left to clean up: a build, a capture's container, a build that is read. The campaign
// `ended-at-each-step` has every way at every step.
describeEnds([
  ["first Ctrl-C", ["build", "locked rebuild"]],
  ["second Ctrl-C", ["locked rebuild"]],
  ["SIGKILL of the CLI", ["capture"]],
]);
