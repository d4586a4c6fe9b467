// Package boundary_gopy has the rows as gopy's users write them: plain Go, from which gopy makes a Python module.
package boundary_gopy

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// TestData is the smallest record.
type TestData struct {
	Data string
	Len  int32
}

// Counter is an object with a method.
type Counter struct{ count uint64 }

// NewCounter starts at 0.
func NewCounter() *Counter { return &Counter{} }

// Increment counts one up and returns the count.
func (counter *Counter) Increment() uint64 {
	counter.count++
	return counter.count
}

// Direction is an enum without data.
type Direction int

const (
	North Direction = iota
	East
	South
	West
)

// Noop does nothing.
func Noop() {}

// Add adds two numbers.
func Add(a, b int32) int32 { return a + b }

// Gsum adds the numbers up to n.
func Gsum(n uint64) uint64 {
	var sum uint64
	for i := uint64(0); i <= n; i++ {
		sum += i
	}
	return sum
}

// Greet greets.
func Greet(name string) string { return "Hello, " + name + "!" }

// HelloThere greets with a record.
func HelloThere(given *TestData) *TestData {
	return &TestData{Data: "Hello there, " + given.Data, Len: given.Len + 13}
}

// Turn turns right.
func Turn(direction Direction) Direction { return (direction + 1) % 4 }

// MayFail fails when told to.
func MayFail(fail bool) (int32, error) {
	if fail {
		return 0, errors.New("thing")
	}
	return 1, nil
}

// SumFloats adds numbers up.
func SumFloats(values []float64) float64 {
	var sum float64
	for _, value := range values {
		sum += value
	}
	return sum
}

// Floats gives the numbers below count.
func Floats(count int) []float64 {
	values := make([]float64, count)
	for i := range values {
		values[i] = float64(i)
	}
	return values
}

// TotalLength adds the lengths of strings up.
func TotalLength(values []string) int {
	total := 0
	for _, value := range values {
		total += len(value)
	}
	return total
}

// Strings gives strings.
func Strings(count int) []string {
	values := make([]string, count)
	for i := range values {
		values[i] = fmt.Sprintf("string number %d", i)
	}
	return values
}

// Mask XORs bytes with a key of four.
func Mask(from []byte, key uint32) []byte {
	to := make([]byte, len(from))
	wide := uint64(key) | uint64(key)<<32
	done := 0
	for ; done+8 <= len(from); done += 8 {
		binary.LittleEndian.PutUint64(to[done:], binary.LittleEndian.Uint64(from[done:])^wide)
	}
	for i := done; i < len(from); i++ {
		to[i] = from[i] ^ byte(wide>>(8*(i-done)))
	}
	return to
}

// SumCalls calls back count times, and adds the answers up.
func SumCalls(callback func(number int32) int32, count int32) int32 {
	var sum int32
	for i := int32(0); i < count; i++ {
		sum += callback(i)
	}
	return sum
}
