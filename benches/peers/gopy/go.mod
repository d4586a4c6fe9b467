module sitelift/boundary_gopy

go 1.24.0

require github.com/go-python/gopy v0.4.10

require (
	github.com/gonuts/commander v0.1.0 // indirect
	github.com/gonuts/flag v0.1.0 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	golang.org/x/mod v0.29.0 // indirect
	golang.org/x/sync v0.17.0 // indirect
	golang.org/x/telemetry v0.0.0-20251008203120-078029d740a8 // indirect
)

// gopy itself asks for a version that today's Go cannot compile.
require golang.org/x/tools v0.38.0

tool (
	github.com/go-python/gopy
	golang.org/x/tools/cmd/goimports
)
