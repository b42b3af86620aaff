//go:build tools

// Package tools pins the programs of Docker 29, for the campaign docker-29: its engine, the containerd that keeps its
// images and runs its containers, and its client. runc and the plugin buildx are those that the other engines have.
package tools

import (
	_ "github.com/containerd/containerd/v2/cmd/containerd"
	_ "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2"
	_ "github.com/docker/cli/cmd/docker"
	_ "github.com/moby/moby/v2/cmd/docker-proxy"
	_ "github.com/moby/moby/v2/cmd/dockerd"
)
