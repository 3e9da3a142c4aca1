package browser

import (
	"context"

	"github.com/chromedp/cdproto/page"
)

// pictureQuality is that of the JPEG: enough to read a footer.
const pictureQuality = 60

// picture takes one of what is in view: the end of the page, where the touch
// has scrolled to. A picture that cannot be taken is none: it proves nothing
// that the DOM does not.
func (d *drawing) picture(ctx context.Context) []byte {
	shot, err := call(ctx, d.tab.s, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatJpeg, Quality: new(int64(pictureQuality))})
	if err != nil {
		return nil
	}
	return shot.Data
}
