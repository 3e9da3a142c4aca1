package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Programs of others that read the description of the API.
const (
	apiValidator = "@seriousme/openapi-schema-validator@2.11.0"
	apiGenerator = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"
	apiRuntime   = "github.com/oapi-codegen/runtime@v1.9.0"
)

// foreign runs a program of somebody else in a folder and gives its output.
func foreign(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestOpenAPIForOthers: a validator of somebody else finds both descriptions well formed, and the
// client that a generator makes of one begins a run and reads its results.
func TestOpenAPIForOthers(t *testing.T) {
	if os.Getenv("BEIANWATCH_NPM") != "1" {
		t.Skip("it takes programs from npm and from the module proxy: set BEIANWATCH_NPM=1")
	}
	_, at, inventory := serveDemo(t, 1, nil)
	dir := t.TempDir()
	for name, path := range map[string]string{"3.1.json": "/openapi.json", "3.0.json": "/openapi-3.0.json"} {
		a, err := http.Get(at + path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if out := foreign(t, dir, "npx", "--yes", "--package", apiValidator, "validate-api", name); !strings.Contains(out, `"valid": true`) {
			t.Errorf("%s: %s", path, out)
		}
	}
	main, err := os.ReadFile("testdata/client/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "api"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": "module client\n", "main.go": string(main)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	foreign(t, dir, "go", "run", apiGenerator, "-generate", "types,client", "-response-type-suffix", "Reply", "-package", "api", "-o", "api/api.go", "3.0.json")
	foreign(t, dir, "go", "get", apiRuntime)
	if out := foreign(t, dir, "go", "run", ".", at, inventory); strings.Count(out, "\n") < 10 || !strings.Contains(out, "footer-number-missing") {
		t.Errorf("the client reads: %s", out)
	}
}
