// Command registry is a registry that lists referrers (OCI distribution spec 1.1), for the tests. Its argument is the
// address to listen on. What it is given it keeps in memory.
package main

import (
	"io"
	"log"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	quiet := registry.Logger(log.New(io.Discard, "", 0))
	log.Fatal(http.ListenAndServe(os.Args[1], registry.New(quiet, registry.WithReferrersSupport(true))))
}
