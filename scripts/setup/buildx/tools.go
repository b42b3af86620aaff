//go:build tools

// Package tools pins the buildx plugin that the set-up builds where the official download cannot be reached.
package tools

import _ "github.com/docker/buildx/cmd/buildx"
