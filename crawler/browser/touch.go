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

// frameTime bounds the wait for a frame.
const frameTime = time.Second

// frame waits for the beginning of a frame: at its end, which the answer does not overtake,
// it is found out what is in view.
const frame = `new Promise(done => requestAnimationFrame(() => done(true)))`

// firstView gives the page the frame and the moment in which it is told first what is in
// view. Without them that would be told together with what a visitor scrolls to, and a
// page that looks at the first word alone ("not in view") would show nothing there.
func (d *drawing) firstView(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, frameTime)
	d.run(bounded, frame)
	cancel()
	d.budget(waiting, viewBudget)
	return d.spend(ctx)
}

// world makes a world of our own in the document, in which the page's script cannot
// change what runs.
func (d *drawing) world(ctx context.Context) (runtime.ExecutionContextID, error) {
	made, err := call(ctx, d.tab.s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: d.frame})
	return made.ExecutionContextID, err
}

// evaluate runs an expression in a world and waits for what it promises.
func (t *tab) evaluate(ctx context.Context, world runtime.ExecutionContextID, expression string) (runtime.EvaluateResult, error) {
	return call(ctx, t.s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: world, AwaitPromise: new(true), ReturnByValue: new(true), Silent: new(true),
	})
}

// run runs an expression in a world of our own. That it fails is no failure of the page.
func (d *drawing) run(ctx context.Context, expression string) {
	if world, err := d.world(ctx); err == nil {
		d.tab.evaluate(ctx, world, expression)
	}
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
