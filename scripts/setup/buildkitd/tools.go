//go:build tools

// Package tools pins the BuildKit daemon that the set-up builds where the official image cannot be pulled.
package tools

import _ "github.com/moby/buildkit/cmd/buildkitd"
