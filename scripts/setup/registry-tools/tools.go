//go:build tools

// Package tools pins the programs with which the tests talk to registries, and a registry that lists referrers.
package tools

import _ "oras.land/oras/cmd/oras"
