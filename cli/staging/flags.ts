import { Option, type Command } from "commander";
import { withComposeFlags, type ComposeFlags } from "../flags/compose";
import { withImageFlags, type ImageFlags } from "../flags/image";
import { pair } from "../flags/pairs";

/** The flags of `stage`, as commander hands them out; numbers are read with everything else. */
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

/** Gives a command these flags. */
export function withStageFlags(command: Command): Command {
  command
    .option("--container <name>", "name of the staging container")
    .option("--port <port>", "port on the engine's host where it has to answer")
    .option(
      "--container-port <port>",
      "port inside the container (default: --port; with compose, what the file says)",
    )
    .option(
      "--compose-service <service>",
      "make the container as this service of a compose file, in a profile",
    );
  return withImageFlags(withComposeFlags(command))
    .option(
      "--worktree-on-host <path>",
      "where the engine's host has this directory, if it is another path there",
    )
    .option("--health-path <path>", "path that has to answer with 200 to 399 (default: /)")
    .option("--health-timeout <seconds>", "seconds in which it has to (default: 60)")
    .option("--address <host>", "host at which staging answers (default: that of the engine)")
    .addOption(new Option("--env <name=value>", "variable of the container, repeatable").argParser(pair))
    .option(
      "--check <command>",
      "text for sh -c that decides; it sees STAGING_URL, _CONTAINER, _IMAGE_ID, _REVISION",
    )
    .option("--check-timeout <seconds>", "seconds in which it has to end (default: 600)")
    .option("--check-in-container", "run it inside the fresh container")
    .option("--check-ssh <destination>", "run it on another host, through your ssh client")
    .option("--plain", "build as docker does: no store, no lock; --tag names the image")
    .option("--tag <reference>", "name that the image gets once it is green")
    .option("--dirty <warn|refuse>", "what files mean that are changed and not committed (default: warn)")
    .option("--no-provenance", "try an image whatever revision it was built from")
    .option("--production-container <name>", "a name that staging must not have")
    .option("--production-port <port>", "a port that staging must not have")
    .option("--production-service <service>", "a service that staging must not be")
    .option("--production-tag <reference>", "a name that --tag must not be")
    .option("--log <file>", "append the output of the build and the check to this file");
}
