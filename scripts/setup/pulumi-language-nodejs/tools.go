//go:build tools

// Package tools pins the Node.js language host that the set-up builds beside the Pulumi CLI. The host is a nested
// module at newer versions; v3.60.0 of the SDK still contains it, and it drives newer CLIs.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
