// Package pages fetches many pages with Go's net/http, so many at a time.
package pages

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// Page is a page that came: what its server said of it, and its body.
type Page struct {
	URL, FinalURL, Server, ContentType string
	Status                             int
	Body                               []byte
}

// Each calls what with every page that came and its number in urls, from as many goroutines as there are workers.
func Each(urls []string, workers int, what func(int, *Page)) {
	client := &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: workers, MaxConnsPerHost: workers},
	}
	numbers := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Add(1)
		go func() {
			defer all.Done()
			for number := range numbers {
				if page := one(client, urls[number]); page != nil {
					what(number, page)
				}
			}
		}()
	}
	for number := range urls {
		numbers <- number
	}
	close(numbers)
	all.Wait()
}

func one(client *http.Client, url string) *Page {
	response, err := client.Get(url)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil
	}
	return &Page{
		URL:         url,
		FinalURL:    response.Request.URL.String(),
		Server:      response.Header.Get("Server"),
		ContentType: response.Header.Get("Content-Type"),
		Status:      response.StatusCode,
		Body:        body,
	}
}
