import { Option, type Command } from "commander";
import { withComposeFlags, type ComposeFlags } from "../flags/compose";
import { withImageFlags, type ImageFlags } from "../flags/image";
import { pair } from "../flags/pairs";

/** The flags of `stage`, as commander reads them. Numbers are still text; they are checked with everything else. */
export interface StageFlags extends ImageFlags, ComposeFlags {
  container?: string;
  port?: string;
  containerPort?: string;
  composeService?: string;
  worktreeOnHost?: string;
  healthPath?: string;
  healthTimeout?: string;
  address?: string;
  env?: Record<string, string>;
  check?: string;
  checkTimeout?: string;
  checkInContainer?: boolean;
  checkSsh?: string;
  plain?: boolean;
  tag?: string;
  dirty?: string;
  /** `--no-provenance` makes it false. */
  provenance: boolean;
  productionContainer?: string;
  productionPort?: string;
  productionService?: string;
  productionTag?: string;
  log?: string;
}

/** Adds these flags to a command. */
export function withStageFlags(command: Command): Command {
  command
    .option("--container <name>", "name of the staging container")
    .option("--port <port>", "port on the engine's host at which it has to answer")
    .option(
      "--container-port <port>",
      "port inside the container (default: --port; with compose, what the file says)",
    )
    .option(
      "--compose-service <service>",
      "make the container in this service of a compose file; the service must be in a profile",
    );
  return withImageFlags(withComposeFlags(command))
    .option(
      "--worktree-on-host <path>",
      "path of this directory on the engine's host, if it is another one there",
    )
    .option("--health-path <path>", "path that has to answer with 200 to 399 (default: /)")
    .option("--health-timeout <seconds>", "seconds within which it has to answer so (default: 60)")
    .option("--address <host>", "host at which staging is reached (default: that of the engine)")
    .addOption(new Option("--env <name=value>", "variable of the container, repeatable").argParser(pair))
    .option(
      "--check <command>",
      "shell command that decides (exit code 0 is green); it gets STAGING_URL, _CONTAINER, _IMAGE_ID, _REVISION",
    )
    .option("--check-timeout <seconds>", "seconds within which the check has to end (default: 600)")
    .option("--check-in-container", "run the check inside the new container")
    .option("--check-ssh <destination>", "run the check on another host, through your ssh client")
    .option("--plain", "an ordinary docker build: no store, no lock; --tag names the image")
    .option("--tag <reference>", "tag that the image gets once it is green")
    .option(
      "--dirty <warn|refuse>",
      "whether uncommitted changes in the context are a refusal (default: warn)",
    )
    .option("--no-provenance", "try an image, whatever revision it was built from")
    .option("--production-container <name>", "production's container, whose name staging must not take")
    .option("--production-port <port>", "production's port, which staging must not take")
    .option("--production-service <service>", "production's compose service, which staging must not take")
    .option("--production-tag <reference>", "production's tag, which --tag must not be")
    .option("--log <file>", "append the output of the build and the check to this file");
}
