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
	settleMost = 8 * time.Second        // a page that changes longer than this is read as it is, and is not whole
	restQuiet  = 500 * time.Millisecond // the text rests that long while nothing is under way …
	restBusy   = 3 * time.Second        // … or that long beside a request that never ends (long polling)
	emptyMost  = 2 * time.Second        // a page without a word is waited for that long after its last request
	maxDOM     = 8 << 20                // characters of serialised DOM, as the static limit
)

// blocked are the kinds of request that never bring text.
var blocked = []network.ResourceType{network.ResourceTypeImage, network.ResourceTypeMedia, network.ResourceTypeFont}

// serialise gives the DOM as a visitor has it: what a style sheet hides is
// marked hidden; text of open shadow roots and of frames of the same origin
// stands where it is shown. Opacity is no sign: what fades in has none yet.
const serialise = `(() => {
	for (const e of document.querySelectorAll('body *')) {
		if (!e.checkVisibility({checkVisibilityCSS: true})) { e.setAttribute('hidden', ''); continue; }
		if (e.shadowRoot) { const s = document.createElement('div'); s.innerHTML = e.shadowRoot.innerHTML; e.append(s); }
		if (e.tagName === 'IFRAME') {
			let text = null;
			try { text = e.contentDocument && e.contentDocument.body && e.contentDocument.body.innerHTML } catch (_) {}
			if (text !== null && e.clientHeight > 1 && e.clientWidth > 1) { const s = document.createElement('div'); s.innerHTML = text; e.replaceWith(s); }
		}
	}
	return '<!doctype html>' + document.documentElement.outerHTML.slice(0, %d);
})()`

// drawTab navigates, waits until the text rests, and reads DOM and picture.
func drawTab(ctx context.Context, url string) (*crawler.Page, []byte, error) {
	began := time.Now()
	if err := chromedp.Do(ctx, blockMedia()); err != nil {
		return nil, nil, fmt.Errorf("starting the browser: %w", err)
	}
	requests := newWatch(url)
	if err := chromedp.Listen(ctx, requests.see); err != nil {
		return nil, nil, fmt.Errorf("starting the browser: %w", err)
	}
	res, err := chromedp.Run(ctx, chromedp.NavigateResponse(url))
	if err != nil {
		return nil, nil, fmt.Errorf("drawing %s: %w", url, err)
	}
	rests, err := settle(ctx, requests)
	if err != nil {
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
		URL: at, Via: crawler.ViaRendered, At: began, Took: time.Since(began), Body: []byte(dom),
		Cut:    len(dom) >= maxDOM || !rests || requests.missed(),         // not what a visitor sees in the end
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

// tail scrolls to the foot (some footers are drawn only then) and gives the
// end of the text: "" while the page is still loading. The rest of the text may
// change for ever (a ticker, a carousel), the foot does not.
const tail = `(() => {
	if (document.readyState !== 'complete' || !document.body) return '';
	window.scrollTo(0, document.documentElement.scrollHeight);
	return document.body.innerText.trim().slice(-500);
})()`

// settle waits until the end of the text rests and nothing is under way. It
// tells false for a page that does not come to rest.
func settle(ctx context.Context, requests *watch) (rests bool, err error) {
	began := time.Now()
	last, since := "", began
	for time.Since(began) < settleMost {
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](tail))
		if err != nil {
			return false, err
		}
		now := time.Now()
		if text != last {
			last, since = text, now
		}
		still, idle := now.Sub(since), requests.idle()
		switch {
		case text == "" && idle > emptyMost:
			return false, nil
		case text != "" && (still >= restQuiet && idle >= restQuiet || still >= restBusy):
			return true, nil
		}
		select {
		case <-time.After(settleStep):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	return false, nil
}
