import pins from "./pins.json" with { type: "json" };

/** This platform, as Node.js names it: `linux-x64`. */
export const PLATFORM = `${process.platform}-${process.arch}`;

/** @type {PinnedTool} */
export const PULUMI = { name: "pulumi", ...pins.pulumi };
/** @type {PinnedTool} */
export const DOCKER = { name: "docker", ...pins.docker };
/** Raise it together with what the tests pin (test/set-up/pins.json), to what Docker released together. @type {PinnedTool} */
export const BUILDX = { name: "buildx", ...pins.buildx };

/** The image that the quickstart and the tests build from, and the Debian release behind it. */
export const BASE_IMAGE = "debian:bookworm-slim";
export const BASE_RELEASE = "bookworm";

/** Raise when the way in which the base image is made changes, so that cached copies are made again. */
export const BASE_RECIPE = 2;
