//go:build tools

// Package tools pins the Pulumi CLI that the set-up builds where the official download cannot be reached.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
