// Goroutines that sleep: sleep COUNT MILLISECONDS. Prints the bytes that they take together, and the
// nanoseconds to start and to end all of them.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The bytes of this process that are resident and belong to no file.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/status")
	check(err)
	for _, line := range strings.Split(string(text), "\n") {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "RssAnon:" {
			kibibytes, err := strconv.ParseInt(fields[1], 10, 64)
			check(err)
			return kibibytes << 10
		}
	}
	check(fmt.Errorf("/proc/self/status has another form"))
	return 0
}

func main() {
	count, err := strconv.ParseInt(os.Args[1], 10, 64)
	check(err)
	milliseconds, err := strconv.ParseInt(os.Args[2], 10, 64)
	check(err)
	var started, ended int64
	before, begin := resident(), time.Now()
	deadline := begin.Add(time.Duration(milliseconds) * time.Millisecond)
	for i := int64(0); i < count; i++ {
		go func() {
			atomic.AddInt64(&started, 1)
			time.Sleep(time.Until(deadline))
			atomic.AddInt64(&ended, 1)
		}()
	}
	for atomic.LoadInt64(&started) != count {
		time.Sleep(time.Millisecond)
	}
	start := time.Since(begin)
	bytes := resident() - before
	if time.Now().After(deadline) {
		check(fmt.Errorf("the tasks did not start before the first one ended"))
	}
	for atomic.LoadInt64(&ended) != count {
		time.Sleep(time.Millisecond)
	}
	fmt.Println(bytes, start.Nanoseconds(), time.Since(deadline).Nanoseconds())
}
