// Package browser draws pages in a real Chromium: what a visitor's browser
// shows is the witness against which everything that was read of a page's
// source is held. Every connection of the browser passes the guard; pages,
// requests, time and memory are bounded.
//
// A page is drawn to the end of its work: under virtual time its timers and
// the requests that they start run at once, then a visitor's first touch is
// made, then time runs on. What keeps it from being whole is told, with its
// reason. docs/rendering.md says how, and what pages share.
package browser
