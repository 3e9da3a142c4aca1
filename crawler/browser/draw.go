package browser

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/beianwatch/beianwatch/crawler"
)

const (
	settleStep = 250 * time.Millisecond // between two looks at whether the page still changes
	settleMost = 6 * time.Second        // a page that changes longer than this is read as it is
	maxDOM     = 8 << 20                // bytes of serialised DOM, as the static limit
)

// blocked are the kinds of request that never bring text.
var blocked = []network.ResourceType{network.ResourceTypeImage, network.ResourceTypeMedia, network.ResourceTypeFont}

// serialise gives the DOM as a visitor has it: what a style sheet hides is
// marked hidden, text of open shadow roots stands where it is shown.
const serialise = `(() => {
	for (const e of document.querySelectorAll('body *')) {
		if (!e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) e.setAttribute('hidden', '');
		if (e.shadowRoot) { const s = document.createElement('div'); s.innerHTML = e.shadowRoot.innerHTML; e.append(s); }
	}
	return '<!doctype html>' + document.documentElement.outerHTML.slice(0, %d);
})()`

// drawTab navigates, waits until the text rests, and reads DOM and picture.
func drawTab(ctx context.Context, url string) (*crawler.Page, []byte, error) {
	began := time.Now()
	if err := chromedp.Do(ctx, blockMedia()); err != nil {
		return nil, nil, fmt.Errorf("starting the browser: %w", err)
	}
	res, err := chromedp.Run(ctx, chromedp.NavigateResponse(url))
	if err != nil {
		return nil, nil, fmt.Errorf("drawing %s: %w", url, err)
	}
	if err := settle(ctx); err != nil {
		return nil, nil, fmt.Errorf("drawing %s: %w", url, err)
	}
	shot, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatJpeg, Quality: new(int64(60))})
	if err != nil {
		return nil, nil, fmt.Errorf("taking a picture of %s: %w", url, err)
	}
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return nil, nil, fmt.Errorf("drawing %s: %w", url, err)
	}
	dom, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(serialise, maxDOM)))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the DOM of %s: %w", url, err)
	}
	drawn := &crawler.Page{
		URL: at, Via: crawler.ViaRendered, At: began, Took: time.Since(began), Body: []byte(dom), Cut: len(dom) >= maxDOM,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, // the DOM is given as UTF-8 whatever the site sent
	}
	if res != nil {
		drawn.Status = int(res.Status)
	}
	return drawn, shot.Data, nil
}

// blockMedia makes requests for pictures, media and fonts fail.
func blockMedia() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		var patterns []*fetch.RequestPattern
		for _, kind := range blocked {
			patterns = append(patterns, &fetch.RequestPattern{URLPattern: "*", ResourceType: kind})
		}
		paused := chromedp.Events(ctx, fetch.RequestPaused)
		go func() {
			for event, err := range paused {
				if err != nil {
					return // the tab is gone
				}
				chromedp.Call(ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: event.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
			}
		}()
		_, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: patterns})
		return err
	})
}

// settle scrolls to the foot (some footers are drawn only then) and waits
// until the length of the text has not changed for two steps.
func settle(ctx context.Context) error {
	deadline := time.Now().Add(settleMost)
	last, still := -1, 0
	for time.Now().Before(deadline) && still < 2 {
		n, err := chromedp.Run(ctx, chromedp.Evaluate[int](`(window.scrollTo(0, document.documentElement.scrollHeight), document.readyState === 'complete' ? (document.body ? document.body.innerText.length : 0) : -2)`))
		if err != nil {
			return err
		}
		if n == last && n > 0 {
			still++
		} else {
			still = 0
		}
		last = n
		select {
		case <-time.After(settleStep):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
