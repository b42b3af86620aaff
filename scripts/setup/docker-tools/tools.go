//go:build tools

// Package tools pins the programs that the set-up builds for the tests where the official ones cannot be had: the
// BuildKit daemon, and the docker CLI's plugins buildx and compose. Of releases that belong together: they share most
// of their packages, which are compiled once.
package tools

import (
	_ "github.com/docker/buildx/cmd/buildx"
	_ "github.com/docker/compose/v5/cmd"
	_ "github.com/moby/buildkit/cmd/buildkitd"
)
