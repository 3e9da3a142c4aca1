package browser

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// touchTime bounds the whole of a touch: a page whose script never rests does
// not take input.
const touchTime = 2 * time.Second

// frameTime bounds the wait for frames.
const frameTime = time.Second

// frames waits for two frames: in the first of them it is found out what is in view.
const frames = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`

// firstView gives the page the frames and the moment in which it is told first what is in
// view. Without them that would be told together with what a visitor scrolls to, and a
// page that looks at the first word alone ("not in view") would show nothing there.
func (d *drawing) firstView(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, frameTime)
	d.run(bounded, frames)
	cancel()
	d.budget(waiting, viewBudget)
	return d.spend(ctx)
}

// run runs an expression in a world of its own, where the page's script cannot change
// it, and waits for what it promises.
func (d *drawing) run(ctx context.Context, expression string) {
	world, err := call(ctx, d.tab.s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: d.frame})
	if err != nil {
		return
	}
	call(ctx, d.tab.s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: world.ExecutionContextID, AwaitPromise: new(true), ReturnByValue: new(true), Silent: new(true),
	})
}

// scroll goes to the end of the page and waits for two frames, in which what
// is in view is told to the page. A page that gives no frames is not waited for
// long.
const scroll = `new Promise(done => {
	const end = () => {
		const all = [document.scrollingElement, ...document.querySelectorAll('body, body > *, body > * > *')];
		for (const e of all) if (e && e.scrollHeight > e.clientHeight + 1 && e.clientHeight > 200) e.scrollTop = e.scrollHeight;
	};
	end();
	requestAnimationFrame(() => { end(); requestAnimationFrame(() => done(true)); });
})`

// A wheel is input.DispatchMouseEventParams with the zero in it that the
// browser asks for.
type wheel struct {
	Type   input.DispatchMouseEventType `json:"type"`
	X      float64                      `json:"x"`
	Y      float64                      `json:"y"`
	DeltaX float64                      `json:"deltaX"`
	DeltaY float64                      `json:"deltaY"`
}

var turnWheel = cdp.Command[wheel, cdp.Empty]{Method: input.DispatchMouseEvent.Method}

// touch does what a visitor does first: moves the pointer, turns the wheel,
// presses a key that does nothing, and scrolls to the end. Much is put into
// pages only then. That it fails is no failure of the page.
func (d *drawing) touch(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, touchTime)
	defer cancel()
	x, y := float64(width/2), float64(height/3)
	tell(d.tab.s, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y})
	tell(d.tab.s, turnWheel, wheel{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaY: height})
	for _, kind := range []input.DispatchTouchEventType{input.DispatchTouchEventTypeTouchStart, input.DispatchTouchEventTypeTouchCancel} {
		params := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{}}
		if kind == input.DispatchTouchEventTypeTouchStart {
			params.TouchPoints = append(params.TouchPoints, &input.TouchPoint{X: x, Y: y})
		}
		tell(d.tab.s, input.DispatchTouchEvent, params)
	}
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		tell(d.tab.s, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Shift", Code: "ShiftLeft", WindowsVirtualKeyCode: 16})
	}
	d.run(ctx, scroll)
}
